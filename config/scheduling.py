"""The schedule: jobs of all folders, run by one leader at a time in the worker process."""

import fcntl
import signal
import threading
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import IO, Protocol

import structlog
from apscheduler.schedulers.background import BackgroundScheduler
from flask import Flask
from sqlalchemy import Connection, create_engine, text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.pool import NullPool

from config import clock
from config.database import db, engine_options
from config.settings import Settings

LEADER_LOCK = 7_246_002
_EPOCH = datetime.fromtimestamp(0, UTC)

log = structlog.get_logger(__name__)


@dataclass(frozen=True)
class Job:
    """Something the schedule does again and again; never two runs of it at once.

    Its turns lie on the clock, so that what is due at a full hour is done at that hour.
    """

    name: str
    run: Callable[[], object]
    every: timedelta


class Leadership(Protocol):
    """The right to run the schedule, held by one process at a time."""

    def take(self) -> bool: ...
    def holds(self) -> bool: ...
    def release(self) -> None: ...


class FileLeadership:
    """Leadership on one host: a lock on a file, which dies with its process."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._file: IO[str] | None = None

    def take(self) -> bool:
        file = self._path.open("w", encoding="ascii")
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            file.close()
            return False
        self._file = file
        return True

    def holds(self) -> bool:
        return self._file is not None

    def release(self) -> None:
        if self._file is not None:
            self._file.close()
            self._file = None


class SessionLeadership:
    """Leadership over hosts: an advisory lock of one database session, which dies with it."""

    def __init__(self, settings: Settings) -> None:
        options = {k: v for k, v in engine_options(settings).items() if k == "connect_args"}
        self._engine = create_engine(
            settings.database_direct_url,
            poolclass=NullPool,
            isolation_level="AUTOCOMMIT",
            **options,
        )
        self._connection: Connection | None = None

    def take(self) -> bool:
        query = text("SELECT pg_try_advisory_lock(:number)")
        try:
            connection = self._engine.connect()
            if not connection.scalar(query, {"number": LEADER_LOCK}):
                connection.close()
                return False
        except DBAPIError:
            return False
        self._connection = connection
        return True

    def holds(self) -> bool:
        if self._connection is None:
            return False
        try:
            self._connection.execute(text("SELECT 1"))
        except DBAPIError:
            self._connection = None
            return False
        return True

    def release(self) -> None:
        if self._connection is not None:
            self._connection.close()
            self._connection = None


def _latest_turn(every: timedelta) -> datetime:
    """The last moment, now at the latest, that is a multiple of ``every``: late, so run at once."""
    now = clock.now()
    return now - (now - _EPOCH) % every


def leadership(settings: Settings) -> Leadership:
    """The kind of leadership that fits the engine."""
    if settings.is_sqlite:
        return FileLeadership(settings.data_dir / "leader.lock")
    return SessionLeadership(settings)


class Worker:
    """The worker process: waits for leadership, runs the schedule, stops when either ends.

    ``first`` is done by each new leader before any job runs; it also stops once it is not
    ``wanted`` any more.
    """

    def __init__(
        self,
        app: Flask,
        jobs: Sequence[Job],
        first: Callable[[], object] = lambda: None,
        wanted: Callable[[], bool] = lambda: True,
    ) -> None:
        settings: Settings = app.extensions["settings"]
        self._app = app
        self._jobs = jobs
        self._first = first
        self._wanted = wanted
        self._leadership = leadership(settings)
        self._stopping = threading.Event()
        self.pool = ThreadPoolExecutor(settings.worker_threads, thread_name_prefix="delivery")

    def run(self) -> None:
        """Work until a signal to stop; returns after what is in hand is done."""
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, lambda *_: self._stopping.set())
        while not self._stopping.is_set() and self._wanted():
            if self._leadership.take():
                self._lead()
            self._stopping.wait(1)
        self.pool.shutdown(wait=True, cancel_futures=True)

    def _lead(self) -> None:
        log.info("leader_began")
        if not self._made_ready():
            self._leadership.release()
            return
        scheduler = BackgroundScheduler(timezone="UTC")
        for job in self._jobs:
            scheduler.add_job(
                self._guarded,
                "interval",
                args=(job,),
                seconds=job.every.total_seconds(),
                id=job.name,
                max_instances=1,
                coalesce=True,
                misfire_grace_time=None,
                next_run_time=_latest_turn(job.every),
            )
        scheduler.start()
        while not self._stopping.wait(1) and self._wanted() and self._leadership.holds():
            self.beat()
        scheduler.shutdown(wait=self._leadership.holds())
        self._leadership.release()
        log.info("leader_ended")

    def _made_ready(self) -> bool:
        """Whether what comes before the jobs succeeded; else it is tried again."""
        with self._app.app_context():
            try:
                self._first()
            except Exception:
                log.exception("leader_not_ready")
                return False
            finally:
                db.session.remove()
        return True

    def beat(self) -> None:
        """Show that the worker lives, for readiness and metrics."""
        path = Path(self._app.config["DATA_DIR"]) / "worker-beat"
        path.write_text(clock.now().isoformat(), encoding="ascii")

    def _guarded(self, job: Job) -> None:
        with self._app.app_context():
            try:
                job.run()
            except Exception:  # a failing run must not end the schedule
                log.exception("job_failed", job=job.name)
            finally:
                db.session.remove()
