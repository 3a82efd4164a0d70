"""RabbitMQ through Celery: how tasks are sent, and how they are done."""

from collections.abc import Callable, Sequence
from functools import wraps
from typing import Any

from amqp.exceptions import AMQPError
from celery import Celery
from flask import Flask
from kombu.entity import Exchange, Queue
from kombu.exceptions import KombuError

from config.database import db
from config.queueing import Line, Task, UnreachableError
from config.settings import Settings

_PATIENCE = 5  # seconds for a connection, and for the broker's word that it has a task
_GRACE = 15  # seconds between being asked to end and being killed
_ONCE_MORE = {"max_retries": 1, "interval_start": 0, "interval_step": 0, "interval_max": 0}
EXCHANGE = "changtong"


class Broker:
    """Sends tasks; several threads may do so at once."""

    def __init__(self, app: Flask) -> None:
        self._celery = celery_of(app)

    def send(self, queue: str, task: str, given: Sequence[Any], seconds: float) -> None:
        """Have ``task`` done with what is ``given``; forgotten if not begun after ``seconds``.

        Returns once the broker has said that it has it. Raises UnreachableError.
        """
        try:
            self._celery.send_task(
                task,
                args=list(given),
                queue=queue,
                expiration=seconds,
                confirm_timeout=_PATIENCE,
                retry_policy=_ONCE_MORE,
            )
        except (OSError, AMQPError, KombuError) as error:
            raise UnreachableError(type(error).__name__) from error


def celery_of(app: Flask) -> Celery:
    """Celery with the tasks and queues of ``app``.

    A task is taken from the broker once it is done, so one whose worker dies is done by another.
    There are no results: what became of a task is in the rows it is about.
    """
    settings: Settings = app.extensions["settings"]
    lines: Sequence[Line] = app.extensions["lines"]
    made = Celery("changtong", set_as_current=False)
    exchange = Exchange(EXCHANGE, type="direct")  # type: ignore[no-untyped-call]
    made.conf.update(
        broker_url=settings.broker_url.get_secret_value(),
        broker_connection_timeout=_PATIENCE,
        broker_connection_max_retries=None,
        broker_connection_retry_on_startup=True,
        broker_heartbeat=10,
        broker_transport_options={"confirm_publish": True},
        result_backend=None,
        task_ignore_result=True,
        task_acks_late=True,
        task_reject_on_worker_lost=True,
        task_create_missing_queues=False,
        task_default_exchange=EXCHANGE,
        # Rows stay the truth, so that nothing has to be kept on the broker's disk.
        task_default_delivery_mode="transient",
        task_queues=[
            Queue(name, exchange, routing_key=name)  # type: ignore[no-untyped-call]
            for line in lines
            for name in line.queues
        ],
        worker_prefetch_multiplier=1,
        worker_enable_remote_control=False,
        worker_hijack_root_logger=False,
        worker_cancel_long_running_tasks_on_connection_loss=False,
    )
    for name, task in app.extensions["tasks"].items():
        seconds = task.seconds or 2 * settings.lease_seconds
        made.task(_done(app, task), name=name, soft_time_limit=seconds, time_limit=seconds + _GRACE)
    return made


def _done(app: Flask, task: Task) -> Callable[..., None]:
    """What a worker's process does for a task."""

    @wraps(task.run)
    def run(*given: Any) -> None:
        with app.app_context():
            try:
                task.run(*given)
            finally:
                db.session.remove()

    return run
