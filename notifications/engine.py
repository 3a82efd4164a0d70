"""Whatever does the work of delivering: the leader gives it batches, and it keeps the pace."""

import threading
from collections import Counter
from collections.abc import Sequence
from concurrent.futures import Executor, Future
from typing import Protocol

import structlog
from flask import Flask, current_app

from config.database import db
from config.queueing import broker
from notifications.broker_engine import BrokerEngine
from notifications.services.delivering import deliver
from notifications.states import Queue

_EXTENSION = "delivery_engine"
_PATIENCE = 1.0  # seconds after which the leader looks around again

log = structlog.get_logger(__name__)


class Engine(Protocol):
    """Takes batches of deliveries; another one hands them to a broker instead."""

    batch: int
    """How many deliveries it takes at once."""

    def room(self, queue: Queue) -> bool:
        """Whether it takes another batch of ``queue`` now."""
        ...

    def submit(self, queue: Queue, ids: Sequence[int]) -> None:
        """Have the service ``deliver`` called with these ids, now or soon."""
        ...

    def busy(self) -> bool:
        """Whether a batch is still being worked at."""
        ...

    def wait(self) -> None:
        """Wait until a batch has ended, a second at most."""
        ...


class InlineEngine:
    """Works at once in the thread that asks: for commands and tests."""

    batch = 200

    def room(self, queue: Queue) -> bool:
        """Always."""
        return True

    def submit(self, queue: Queue, ids: Sequence[int]) -> None:
        """Deliver before returning."""
        deliver(queue.channel, ids)

    def busy(self) -> bool:
        """Never."""
        return False

    def wait(self) -> None:
        """There is nothing to wait for."""


class PoolEngine:
    """The pool of the worker process. Each queue has its share of it.

    A provider that hangs thus holds up its own queue alone, and mass mail no urgent message.
    """

    batch = 200

    def __init__(self, app: Flask, pool: Executor, threads: int) -> None:
        self._app = app
        self._pool = pool
        self._shares = dict.fromkeys(Queue, 1)
        spare = max(0, threads - len(Queue))
        # With a second batch of SMS the gateway has work while the first is written down.
        self._shares[Queue.SMS] += min(1, spare)
        self._shares[Queue.MAIL] += max(0, spare - 1)
        self._running: Counter[Queue] = Counter()
        self._ended = threading.Condition()

    def room(self, queue: Queue) -> bool:
        """Whether the queue's share is not used up."""
        with self._ended:
            return self._running[queue] < self._shares[queue]

    def submit(self, queue: Queue, ids: Sequence[int]) -> None:
        """Let a thread of the pool deliver."""
        with self._ended:
            self._running[queue] += 1
        self._pool.submit(self._task, queue, ids).add_done_callback(
            lambda future: self._end(queue, future)
        )

    def busy(self) -> bool:
        """Whether a thread is at work."""
        with self._ended:
            return self._running.total() > 0

    def wait(self) -> None:
        """Wait for a batch to end."""
        with self._ended:
            self._ended.wait(_PATIENCE)

    def _task(self, queue: Queue, ids: Sequence[int]) -> None:
        with self._app.app_context():
            try:
                deliver(queue.channel, ids)
            finally:
                db.session.remove()

    def _end(self, queue: Queue, future: Future[None]) -> None:
        error = None if future.cancelled() else future.exception()
        if error is not None:
            log.error("batch_failed", queue=queue, exc_info=error)
        with self._ended:
            self._running[queue] -= 1
            self._ended.notify_all()


def engine() -> Engine:
    """The engine of this process: a broker where one is set, else the worker's own pool."""
    made: Engine | None = current_app.extensions.get(_EXTENSION)
    if made is None:
        pool: Executor | None = current_app.extensions.get("pool")
        app: Flask = current_app._get_current_object()  # type: ignore[attr-defined]
        threads = app.extensions["settings"].worker_threads
        made = PoolEngine(app, pool, threads) if pool else InlineEngine()
        if sender := broker():
            made = BrokerEngine(sender)
        current_app.extensions[_EXTENSION] = made
    return made
