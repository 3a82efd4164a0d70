"""A broker that keeps what it is sent, does it when told to, forgets it, or is away."""

from collections.abc import Sequence
from typing import Any

from flask import current_app

from config.queueing import UnreachableError


class Obliging:
    """What is sent waits in ``waiting`` as (queue, task, given) until ``work`` does it."""

    def __init__(self) -> None:
        self.waiting: list[tuple[str, str, Sequence[Any]]] = []
        self.is_away = False

    def send(self, queue: str, task: str, given: Sequence[Any], seconds: float) -> None:
        """Keep a task."""
        if self.is_away:
            raise UnreachableError("away")
        assert seconds > 0
        self.waiting.append((queue, task, given))

    def work(self) -> None:
        """Do everything that waits, as the workers would."""
        waiting, self.waiting = self.waiting, []
        for _queue, task, given in waiting:
            current_app.extensions["tasks"][task].run(*given)

    def queues(self) -> list[str]:
        """In which queues something waits, as it came."""
        return [queue for queue, _task, _given in self.waiting]
