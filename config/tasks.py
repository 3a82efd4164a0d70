"""What the workers of a broker do for any folder: heavy handlers and heavy jobs."""

from collections.abc import Sequence
from typing import Any

from flask import current_app

from config.handling import handle_these
from config.queueing import HEAVY, SLOW, Line, Task, Tasks
from config.scheduling import Job

_LONGEST = 25 * 60  # RabbitMQ takes back what it hears nothing of for half an hour


def handle(pairs: Sequence[Sequence[Any]]) -> None:
    """Put entries (by id) through handlers (by name)."""
    handle_these((entry_id, name) for entry_id, name in pairs)


def run_job(name: str) -> None:
    """Do one turn of a job of the schedule."""
    jobs: Sequence[Job] = current_app.extensions["jobs"]
    for job in jobs:
        if job.name == name:
            job.run()


TASKS: Tasks = {"handle": Task(handle), "job": Task(run_job, seconds=_LONGEST)}
LINES = (
    Line(HEAVY, (HEAVY,), processes=1),
    # A process of its own, so that no file and no silent page outside ever holds up a PDF.
    Line(SLOW, (SLOW,), processes=1),
)
