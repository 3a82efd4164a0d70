"""What agencies have to do: their assignments, by key and counted within bounds."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from enum import StrEnum

from sqlalchemy import ColumnElement, Select, and_, bindparam, case, exists, func, select
from sqlalchemy.orm import contains_eager, joinedload

from bulletins.models import Receipt
from config.database import db, found
from config.pages import Page, keyset
from coordination.models import Assignment, Report, Task
from coordination.states import OVER, TODO, State

REPORTS_A_PAGE = 50
ON_A_BULLETIN = 5


class Mine(StrEnum):
    """The lists of what an agency has to do or has done."""

    TODO = "todo"
    NEAR = "near"
    OVERDUE = "overdue"
    SUBMITTED = "submitted"
    DONE = "done"


def in_states(states: Iterable[State]) -> ColumnElement[bool]:
    """The assignment is in one of these states.

    Written with literals: SQLite uses a partial index only where it sees its very condition.
    """
    values = sorted(state.value for state in states)
    return Assignment.state.in_(bindparam(None, values, expanding=True, literal_execute=True))


def assignment(assignment_id: int, *, lock: bool = False) -> Assignment:
    """One assignment; raises NotFound."""
    return found(select(Assignment).where(Assignment.id == assignment_id), lock=lock)


def shown(assignment_id: int) -> Assignment:
    """One assignment with all that its page names; raises NotFound."""
    return found(
        select(Assignment)
        .where(Assignment.id == assignment_id)
        .options(joinedload(Assignment.task).joinedload(Task.issuer), joinedload(Assignment.agency))
    )


def _of_agency(agency_id: int) -> Select[Assignment]:
    return (
        select(Assignment)
        .join(Assignment.task)
        .options(contains_eager(Assignment.task).joinedload(Task.issuer))
        .where(Assignment.agency_id == agency_id)
    )


def mine(
    agency_id: int, which: Mine, now: datetime, near_until: datetime, *, size: int = 25
) -> Page[Assignment]:
    """A page of what an agency has to do (nearest deadline first) or has done (latest first)."""
    query = _of_agency(agency_id)
    if which is Mine.SUBMITTED:
        query = query.where(in_states([State.SUBMITTED]))
        key = (Assignment.submitted_at, Assignment.id)
        return keyset(query, key, lambda row: (row.submitted_at, row.id), size=size)
    if which is Mine.DONE:
        query = query.where(in_states(OVER))
        key = (Assignment.ended_at, Assignment.id)
        return keyset(query, key, lambda row: (row.ended_at, row.id), size=size)
    query = query.where(in_states(TODO))
    if which is Mine.OVERDUE:
        query = query.where(Assignment.due_at < now)
    if which is Mine.NEAR:
        query = query.where(Assignment.due_at >= now, Assignment.due_at <= near_until)
    return keyset(
        query,
        (Assignment.due_at, Assignment.id),
        lambda row: (row.due_at, row.id),
        size=size,
        descending=False,
    )


def first_todo(agency_id: int, most: int) -> Sequence[Assignment]:
    """The first few things an agency has to do, the nearest deadline first."""
    return db.session.scalars(
        _of_agency(agency_id)
        .where(in_states(TODO))
        .order_by(Assignment.due_at, Assignment.id)
        .limit(most)
    ).all()


def my_counts(agency_id: int, now: datetime, near_until: datetime) -> dict[Mine, int]:
    """How much an agency has to do, near, overdue: one walk over its open assignments."""
    row = db.session.execute(
        select(
            func.count(),
            func.sum(case((Assignment.due_at < now, 1), else_=0)),
            func.sum(
                case((and_(Assignment.due_at >= now, Assignment.due_at <= near_until), 1), else_=0)
            ),
        ).where(Assignment.agency_id == agency_id, in_states(TODO))
    ).one()
    return {Mine.TODO: row[0], Mine.OVERDUE: row[1] or 0, Mine.NEAR: row[2] or 0}


def to_do(agency_id: int) -> Select[int]:
    """What an agency has to do."""
    return select(Assignment.id).where(Assignment.agency_id == agency_id, in_states(TODO))


def reports(assignment_id: int, *, size: int = REPORTS_A_PAGE) -> Page[Report]:
    """A page of an assignment's steps, newest first."""
    query = (
        select(Report)
        .options(joinedload(Report.person))
        .where(Report.assignment_id == assignment_id)
    )
    return keyset(query, (Report.id,), lambda row: (row.id,), size=size)


def was_taken(person_id: int, once: str | None) -> bool:
    """Whether this person has sent the very same step. Call with the assignment locked."""
    if once is None:
        return False
    return bool(
        db.session.scalar(
            select(exists().where(Report.person_id == person_id, Report.once == once))
        )
    )


def receipt_of(task: Task, agency_id: int) -> int | None:
    """An agency's own receipt of the bulletin a task rests on, the latest version's."""
    if task.bulletin_id is None:
        return None
    return db.session.scalar(
        select(Receipt.id)
        .where(Receipt.bulletin_id == task.bulletin_id, Receipt.agency_id == agency_id)
        .order_by(Receipt.version.desc())
        .limit(1)
    )


def got_on(bulletin_id: int, agency_id: int) -> Sequence[Assignment]:
    """What an agency was given to do on the ground of a bulletin, newest first (at most 5)."""
    return db.session.scalars(
        select(Assignment)
        .join(Assignment.task)
        .options(contains_eager(Assignment.task))
        .where(Task.bulletin_id == bulletin_id, Assignment.agency_id == agency_id)
        .order_by(Assignment.id.desc())
        .limit(ON_A_BULLETIN)
    ).all()
