"""The workers of a broker: one process for each line of queues, each with a pool of its own.

All are forked from one that has loaded everything, and share that.
"""

import ctypes
import logging
import os
import signal
import sys
import threading
import time
from collections.abc import Sequence
from typing import NoReturn

import structlog
from celery import Celery, signals
from flask import Flask

from config import schema
from config.broker import celery_of
from config.console import NOT_UP_TO_DATE, Refused
from config.database import db
from config.queueing import Line
from config.settings import Settings
from config.working import leave_connections

_DIE_WITH_PARENT = 1  # PR_SET_PDEATHSIG
_LOOK_SECONDS = 0.1
_BRIEF = 1.0  # seconds; one that lived no longer is not started again at once

log = structlog.get_logger(__name__)


def serve(app: Flask, names: Sequence[str] = ()) -> None:
    """Do what the broker has to do, on all lines or those named, until told to stop.

    Raises Refused where no broker is set or the database is not up to date.
    """
    settings: Settings = app.extensions["settings"]
    if not settings.broker_url.get_secret_value():
        raise Refused("CHANGTONG_BROKER_URL is not set: `flask --app app worker` does everything")
    with db.engine.connect() as connection:
        if schema.current(connection) != schema.head():
            raise Refused(NOT_UP_TO_DATE)
    lines = [one for one in app.extensions["lines"] if not names or one.name in names]
    Family(app, lines, settings.worker_threads).run()


class Family:
    """Keeps one process for each line running."""

    def __init__(self, app: Flask, lines: Sequence[Line], processes: int) -> None:
        self._app = app
        self._lines = lines
        self._processes = processes
        self._running: dict[int, tuple[Line, float]] = {}
        self._stopping = threading.Event()

    def run(self) -> None:
        """Start all, start again what dies, and in the end stop all."""
        celery = celery_of(self._app)
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, lambda *_: self._stopping.set())
        for line in self._lines:
            self._start(celery, line)
        log.info("broker_worker_began", lines=[line.name for line in self._lines])
        while not self._stopping.wait(_LOOK_SECONDS):
            for line in self._dead():
                self._start(celery, line)
        for pid in self._running:
            os.kill(pid, signal.SIGTERM)  # each ends what it has in hand
        while self._running:
            self._dead()
            threading.Event().wait(_LOOK_SECONDS)

    def _dead(self) -> list[Line]:
        """The lines whose processes have ended."""
        ended = []
        for pid, (line, since) in list(self._running.items()):
            if os.waitpid(pid, os.WNOHANG)[0]:
                del self._running[pid]
                ended.append(line)
                if not self._stopping.is_set():
                    log.warning("broker_worker_died", line=line.name)
                    self._stopping.wait(_BRIEF if time.monotonic() - since < _BRIEF else 0)
        return ended

    def _start(self, celery: Celery, line: Line) -> None:
        parent = os.getpid()
        pid = os.fork()
        if not pid:
            _work(self._app, celery, line, line.processes or self._processes, parent)
        self._running[pid] = line, time.monotonic()


def _work(app: Flask, celery: Celery, line: Line, processes: int, parent: int) -> NoReturn:
    """What the process of a line does until it is told to stop."""
    status = 1
    try:
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, signal.SIG_DFL)
        ctypes.CDLL(None).prctl(_DIE_WITH_PARENT, signal.SIGTERM)
        leave_connections(app)
        signals.setup_logging.connect(_as_it_is, weak=False)
        logging.captureWarnings(True)
        logging.getLogger("celery").setLevel(logging.ERROR)
        signals.worker_process_init.connect(lambda **_: leave_connections(app), weak=False)
        worker = celery.Worker(
            hostname=f"{line.name}@{os.uname().nodename}",
            queues=list(line.queues),
            concurrency=processes,
            pool="prefork",
            optimization="fair",
            without_gossip=True,
            without_mingle=True,
            without_heartbeat=True,
            loglevel="ERROR",
            quiet=True,
        )
        if os.getppid() == parent:
            worker.start()
        status = worker.exitcode or 0
    finally:
        sys.stderr.flush()
        os._exit(status)


def _as_it_is(**_given: object) -> None:
    """Logs are set up already, as JSON like all others."""
