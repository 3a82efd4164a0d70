"""Questions about tasks: lists by key, counts in one statement, progress by city."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from sqlalchemy import ColumnElement, and_, bindparam, case, exists, func, or_, select
from sqlalchemy.orm import aliased, contains_eager, joinedload

from agencies.models import Agency, Lineage
from bulletins.models import Bulletin, Receipt
from config.database import db, found
from config.pages import Page, keyset
from coordination.models import Assignment, Report, Task
from coordination.states import OVER, TODO, State, TaskState

BADGE_LIMIT = 100
REPORTS_A_PAGE = 50


class Mine(StrEnum):
    """The lists of what an agency has to do or has done."""

    TODO = "todo"
    NEAR = "near"
    OVERDUE = "overdue"
    SUBMITTED = "submitted"
    DONE = "done"


class Issued(StrEnum):
    """The lists of what an agency has given to others."""

    OPEN = "open"
    SUBMITTED = "submitted"
    CLOSED = "closed"
    CANCELLED = "cancelled"


@dataclass(frozen=True)
class Progress:
    """How many assignments stand where."""

    total: int = 0
    assigned: int = 0
    doing: int = 0
    submitted: int = 0
    closed: int = 0
    overdue: int = 0


def in_states(states: Iterable[State]) -> ColumnElement[bool]:
    """The assignment is in one of these states.

    Written with literals: SQLite uses a partial index only where it sees its very condition.
    """
    values = sorted(state.value for state in states)
    return Assignment.state.in_(bindparam(None, values, expanding=True, literal_execute=True))


def task(task_id: int, *, lock: bool = False) -> Task:
    """One task; raises NotFound."""
    return found(select(Task).where(Task.id == task_id), lock=lock)


def assignment(assignment_id: int, *, lock: bool = False) -> Assignment:
    """One assignment; raises NotFound."""
    return found(select(Assignment).where(Assignment.id == assignment_id), lock=lock)


def task_of(assignment_id: int, *, lock: bool = False) -> Task:
    """The task that an assignment is part of; raises NotFound."""
    task_id = select(Assignment.task_id).where(Assignment.id == assignment_id)
    return found(select(Task).where(Task.id == task_id.scalar_subquery()), lock=lock)


def ground(agency_id: int, bulletin_id: int) -> Bulletin:
    """A published bulletin that an agency issued or received; raises NotFound."""
    received = exists().where(Receipt.bulletin_id == Bulletin.id, Receipt.agency_id == agency_id)
    return found(
        select(Bulletin).where(
            Bulletin.id == bulletin_id,
            Bulletin.version > 0,
            or_(Bulletin.issuer_id == agency_id, received),
        )
    )


def shown(assignment_id: int) -> Assignment:
    """One assignment with all that its page names; raises NotFound."""
    return found(
        select(Assignment)
        .where(Assignment.id == assignment_id)
        .options(joinedload(Assignment.task).joinedload(Task.issuer), joinedload(Assignment.agency))
    )


def mine(agency_id: int, which: Mine, now: datetime, near_until: datetime) -> Page[Assignment]:
    """A page of what an agency has to do (nearest deadline first) or has done (latest first)."""
    query = (
        select(Assignment)
        .join(Assignment.task)
        .options(contains_eager(Assignment.task).joinedload(Task.issuer))
        .where(Assignment.agency_id == agency_id)
    )
    if which is Mine.SUBMITTED:
        query = query.where(in_states([State.SUBMITTED]))
        key = (Assignment.submitted_at, Assignment.id)
        return keyset(query, key, lambda row: (row.submitted_at, row.id))
    if which is Mine.DONE:
        query = query.where(in_states(OVER))
        key = (Assignment.ended_at, Assignment.id)
        return keyset(query, key, lambda row: (row.ended_at, row.id))
    query = query.where(in_states(TODO))
    if which is Mine.OVERDUE:
        query = query.where(Assignment.due_at < now)
    if which is Mine.NEAR:
        query = query.where(Assignment.due_at >= now, Assignment.due_at <= near_until)
    return keyset(
        query,
        (Assignment.due_at, Assignment.id),
        lambda row: (row.due_at, row.id),
        descending=False,
    )


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


def todo_badge(agency_id: int) -> int:
    """How much an agency has to do, counted no further than a badge shows."""
    open_ones = (
        select(Assignment.id)
        .where(Assignment.agency_id == agency_id, in_states(TODO))
        .limit(BADGE_LIMIT)
        .subquery()
    )
    return db.session.scalar(select(func.count()).select_from(open_ones)) or 0


def issued(agency_id: int, which: Issued) -> Page[Task]:
    """A page of the tasks an agency has given, newest first."""
    query = select(Task).where(Task.issuer_id == agency_id)
    if which in (Issued.OPEN, Issued.SUBMITTED):
        query = query.where(Task.state == TaskState.OPEN)
    else:
        query = query.where(Task.state == which.value)
    if which is Issued.SUBMITTED:
        query = query.where(
            exists().where(Assignment.task_id == Task.id, Assignment.state == State.SUBMITTED)
        )
    return keyset(query, (Task.id,), lambda row: (row.id,))


def _sums(now: datetime) -> list[ColumnElement[int]]:
    def count(condition: ColumnElement[bool]) -> ColumnElement[int]:
        return func.sum(case((condition, 1), else_=0))

    return [
        func.count(Assignment.id),
        count(Assignment.state == State.ASSIGNED),
        count(Assignment.state.in_([State.ACCEPTED, State.SENT_BACK])),
        count(Assignment.state == State.SUBMITTED),
        count(Assignment.state == State.CLOSED),
        count(and_(in_states(TODO), Assignment.due_at < now)),
    ]


def progress(task_ids: Collection[int], now: datetime) -> Mapping[int, Progress]:
    """How far tasks are: counts by task in one statement."""
    rows = db.session.execute(
        select(Assignment.task_id, *_sums(now))
        .where(Assignment.task_id.in_(task_ids))
        .group_by(Assignment.task_id)
    )
    return {row[0]: Progress(*tuple(row)[1:]) for row in rows}


def by_branch(task: Task, now: datetime) -> Sequence[tuple[Agency, Progress]]:
    """How far a task is in each branch right under its issuer (for a province: by city)."""
    branch = aliased(Agency)
    rows = db.session.execute(
        select(branch, *_sums(now))
        .select_from(Assignment)
        .join(Lineage, Lineage.descendant_id == Assignment.agency_id)
        .join(branch, and_(branch.id == Lineage.ancestor_id, branch.parent_id == task.issuer_id))
        .where(Assignment.task_id == task.id)
        .group_by(branch.id)
        .order_by(branch.code)
    )
    return [(row[0], Progress(*tuple(row)[1:])) for row in rows]


def assignments(task_id: int, *, state: str = "", branch_id: int = 0) -> Page[Assignment]:
    """A page of a task's assignments in the order in which they were given."""
    query = (
        select(Assignment)
        .join(Assignment.agency)
        .options(contains_eager(Assignment.agency))
        .where(Assignment.task_id == task_id)
    )
    if state:
        query = query.where(Assignment.state == state)
    if branch_id:
        query = query.where(
            exists().where(
                Lineage.ancestor_id == branch_id, Lineage.descendant_id == Assignment.agency_id
            )
        )
    return keyset(query, (Assignment.id,), lambda row: (row.id,), descending=False)


def reports(assignment_id: int) -> Page[Report]:
    """A page of an assignment's steps, newest first."""
    query = (
        select(Report)
        .options(joinedload(Report.person))
        .where(Report.assignment_id == assignment_id)
    )
    return keyset(query, (Report.id,), lambda row: (row.id,), size=REPORTS_A_PAGE)
