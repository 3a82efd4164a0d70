"""The pool: each queue has threads of its own, so that none waits for another's provider."""

from collections.abc import Callable
from concurrent.futures import Executor, Future
from typing import Any

import pytest
from apiflask import APIFlask

from config.settings import Settings
from notifications.engine import PoolEngine
from notifications.states import Queue


class Stuck(Executor):
    """Never ends what it was given."""

    def submit(self, fn: Callable[..., Any], /, *args: Any, **kwargs: Any) -> Future[Any]:
        return Future()


def taken(engine: PoolEngine, queue: Queue) -> int:
    """How many batches of ``queue`` the engine takes while none of them ends."""
    count = 0
    while engine.room(queue):
        engine.submit(queue, [count])
        count += 1
    return count


@pytest.mark.parametrize(
    ("threads", "mail", "sms"), [(1, 1, 1), (4, 1, 1), (5, 1, 2), (6, 2, 2), (64, 60, 2)]
)
def test_each_queue_has_room_whatever_the_others_do(
    app: APIFlask, threads: int, mail: int, sms: int
) -> None:
    engine = PoolEngine(app, Stuck(), threads)
    assert taken(engine, Queue.MAIL) == mail
    assert taken(engine, Queue.SMS) == sms
    assert taken(engine, Queue.MAIL_URGENT) == taken(engine, Queue.SMS_URGENT) == 1


def test_threads_are_enough_for_all_queues_by_default(app: APIFlask, settings: Settings) -> None:
    engine = PoolEngine(app, Stuck(), settings.worker_threads)
    assert sum(taken(engine, queue) for queue in Queue) <= settings.worker_threads
