"""The way to a broker, where one is set: tasks that the workers of any host do.

The library behind it is loaded only where tasks are sent or done, never in web.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from flask import Flask, current_app

_EXTENSION = "broker"
HEAVY = "heavy"
"""The queue of what takes long: papers set as PDF, tables, the index."""
SLOW = "slow"
"""The queue of what may take very long, such as pages outside that do not answer."""


class UnreachableError(Exception):
    """The broker took nothing; what was to be sent is still ours."""


@dataclass(frozen=True)
class Task:
    """Something that a worker does when it is told to by name.

    Rows of the database say what is left to do: it may be told twice, or never. ``seconds`` is
    how long it may take, twice the lease where it is None.
    """

    run: Callable[..., object]
    seconds: int | None = None


Tasks = Mapping[str, Task]


@dataclass(frozen=True)
class Line:
    """Queues that share processes, and so wait for each other but for no other line.

    It has ``processes`` of them; None: as many as the setting for bulk says.
    """

    name: str
    queues: Sequence[str]
    processes: int | None


class Broker(Protocol):
    """Where tasks are sent to."""

    def send(self, queue: str, task: str, given: Sequence[Any], seconds: float) -> None:
        """Have ``task`` done with what is ``given``; forgotten if not begun after ``seconds``.

        Raises UnreachableError.
        """
        ...


def broker() -> Broker | None:
    """The broker to send to: the process that hands out has one if one is set, no other has."""
    found: Broker | None = current_app.extensions.get(_EXTENSION)
    return found


def hand_out_through(app: Flask, found: Broker) -> None:
    """Let this process send tasks to that broker."""
    app.extensions[_EXTENSION] = found


def joined(*parts: Tasks) -> dict[str, Task]:
    """The tasks of all folders by name."""
    table: dict[str, Task] = {}
    for part in parts:
        table.update(part)
    return table
