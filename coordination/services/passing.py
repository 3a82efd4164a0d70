"""Deadlines that come near or pass are nobody's step: the schedule puts them into the journal."""

from collections.abc import Callable
from itertools import groupby

from sqlalchemy import ColumnElement, update

from config import clock, journal
from config.database import db, end_reading, writing
from coordination.models import Assignment
from coordination.queries import passing
from coordination.states import Told

BATCH = 500
_BATCHES = 40

Condition = Callable[[], ColumnElement[bool]]


def tell_deadlines() -> int:
    """Journal that deadlines have passed or are near, each once; how many assignments those are.

    One entry for those of a task. What is left after 20,000 waits for the next run. A new deadline
    is told of anew.
    """
    late = _tell("task.overdue", Told.LATE, lambda: passing.late_untold(clock.now()))
    return late + _tell("task.due_soon", Told.NEAR, lambda: passing.near_untold(clock.now()))


def _tell(kind: str, told: Told, which: Condition) -> int:
    count = 0
    for _number in range(_BATCHES):
        waiting = passing.first_of(which(), 1, lock=False)
        end_reading()  # most runs find nothing, and need no write transaction for that
        if not waiting:
            break
        count += _tell_some(kind, told, which())
    return count


def _tell_some(kind: str, told: Told, condition: ColumnElement[bool]) -> int:
    with writing():
        rows = passing.first_of(condition, BATCH, lock=True)
        by_task = sorted((row.task_id, row.issuer_id, row.id) for row in rows)
        for (task_id, issuer_id), some in groupby(by_task, lambda row: row[:2]):
            ids = [row[2] for row in some]
            entry = journal.record(
                kind, subject=("task", task_id), agency_id=issuer_id, assignments=ids
            )
            db.session.execute(
                update(Assignment)
                .where(Assignment.id.in_(ids))
                .values(told=told, told_entry_id=entry.id)
                .execution_options(synchronize_session=False)
            )
    return len(rows)
