"""What agencies have given: their tasks by key, progress in one statement, by city."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from sqlalchemy import ColumnElement, and_, case, exists, func, or_, select
from sqlalchemy.orm import aliased, contains_eager

from agencies.models import Agency, Lineage, Person
from bulletins.models import Bulletin, Receipt
from config import clock
from config.database import db, found
from config.pages import Page, keyset
from coordination.models import Assignment, Task
from coordination.queries.answering import in_states
from coordination.states import TODO, State, TaskState

ON_A_BULLETIN = 5


class Issued(StrEnum):
    """The lists of what an agency has given to others."""

    OPEN = "open"
    SUBMITTED = "submitted"
    OVERDUE = "overdue"
    CLOSED = "closed"
    CANCELLED = "cancelled"


class Standing(StrEnum):
    """Where the assignments of a task are looked for."""

    ASSIGNED = "assigned"
    DOING = "doing"
    SUBMITTED = "submitted"
    CLOSED = "closed"
    CANCELLED = "cancelled"
    OVERDUE = "overdue"


@dataclass(frozen=True)
class Progress:
    """How many assignments stand where."""

    total: int = 0
    assigned: int = 0
    doing: int = 0
    submitted: int = 0
    closed: int = 0
    overdue: int = 0


def task(task_id: int, *, lock: bool = False) -> Task:
    """One task; raises NotFound."""
    return found(select(Task).where(Task.id == task_id), lock=lock)


def task_of(assignment_id: int, *, lock: bool = False) -> Task:
    """The task that an assignment is part of; raises NotFound."""
    task_id = select(Assignment.task_id).where(Assignment.id == assignment_id)
    return found(select(Task).where(Task.id == task_id.scalar_subquery()), lock=lock)


def given_before(person_id: int, once: str | None) -> Task | None:
    """The task that this person gave when they sent the very same; None for the first time.

    Waits for whatever the person is giving at the same moment. Call inside ``writing()``.
    """
    if once is None:
        return None
    lock = select(Person.id).where(Person.id == person_id).with_for_update(key_share=True)
    db.session.execute(lock)
    return db.session.scalar(select(Task).where(Task.created_by == person_id, Task.once == once))


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


def names(agency_ids: Collection[int]) -> dict[int, str]:
    """Names of living agencies by id, in the tree's order."""
    rows = db.session.execute(
        select(Agency.id, Agency.name)
        .where(Agency.id.in_(agency_ids), Agency.ended_on.is_(None))
        .order_by(Agency.code)
    )
    return {row.id: row.name for row in rows}


def has_below(agency_id: int) -> bool:
    """Whether anybody stands under an agency, so that it can give tasks."""
    child = exists().where(Agency.parent_id == agency_id, Agency.ended_on.is_(None))
    return bool(db.session.scalar(select(child)))


def issued(agency_id: int, which: Issued, *, size: int = 25) -> Page[Task]:
    """A page of the tasks an agency has given, newest first."""
    query = select(Task).where(Task.issuer_id == agency_id)
    if which in (Issued.OPEN, Issued.SUBMITTED, Issued.OVERDUE):
        query = query.where(Task.state == TaskState.OPEN)
    else:
        query = query.where(Task.state == which.value)
    if which is Issued.SUBMITTED:
        query = query.where(
            exists().where(Assignment.task_id == Task.id, Assignment.state == State.SUBMITTED)
        )
    if which is Issued.OVERDUE:
        late = _standing(Standing.OVERDUE, clock.now())
        query = query.where(exists().where(Assignment.task_id == Task.id, late))
    return keyset(query, (Task.id,), lambda row: (row.id,), size=size)


def _sums(now: datetime) -> list[ColumnElement[int]]:
    def count(condition: ColumnElement[bool]) -> ColumnElement[int]:
        return func.sum(case((condition, 1), else_=0))

    return [
        func.count(Assignment.id),
        count(_standing(Standing.ASSIGNED, now)),
        count(_standing(Standing.DOING, now)),
        count(_standing(Standing.SUBMITTED, now)),
        count(_standing(Standing.CLOSED, now)),
        count(_standing(Standing.OVERDUE, now)),
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


def _standing(where: Standing, now: datetime) -> ColumnElement[bool]:
    if where is Standing.OVERDUE:
        return and_(in_states(TODO), Assignment.due_at < now)
    if where is Standing.DOING:
        return Assignment.state.in_([State.ACCEPTED, State.SENT_BACK])
    return Assignment.state == where.value


def assignments(
    task_id: int,
    now: datetime,
    *,
    where: Standing | None = None,
    branch_id: int | None = None,
    size: int = 25,
) -> Page[Assignment]:
    """A page of a task's assignments in the order in which they were given."""
    query = (
        select(Assignment)
        .join(Assignment.agency)
        .options(contains_eager(Assignment.agency).joinedload(Agency.parent))
        .where(Assignment.task_id == task_id)
    )
    if where:
        query = query.where(_standing(where, now))
    if branch_id:
        query = query.where(
            exists().where(
                Lineage.ancestor_id == branch_id, Lineage.descendant_id == Assignment.agency_id
            )
        )
    return keyset(query, (Assignment.id,), lambda row: (row.id,), size=size, descending=False)


def given_on(bulletin_id: int, issuer_id: int) -> Sequence[Task]:
    """The tasks an agency has given on the ground of a bulletin, newest first (at most 5)."""
    return db.session.scalars(
        select(Task)
        .where(Task.bulletin_id == bulletin_id, Task.issuer_id == issuer_id)
        .order_by(Task.id.desc())
        .limit(ON_A_BULLETIN)
    ).all()
