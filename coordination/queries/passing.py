"""Deadlines that are near or have passed, as each agency counts its days."""

from collections.abc import Sequence
from datetime import datetime
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, Row, and_, case, select

from agencies.models import Agency
from config.database import among, db
from coordination import deadlines
from coordination.models import Assignment, Task
from coordination.queries.answering import in_states
from coordination.states import TODO, Told


def is_near(agency_ids: Sequence[int] | None = None) -> ColumnElement[bool]:
    """Whether an assignment is due within three working days, as its agency counts the days.

    With ``agency_ids`` for assignments of these agencies alone.
    """
    named = select(Agency.timezone).where(Agency.timezone.is_not(None)).distinct()
    if agency_ids is not None:
        named = named.where(among(Agency.id, agency_ids))
    usual = deadlines.near_until(deadlines.zone_of())
    zones = [name for name in db.session.scalars(named) if name]
    until = {name: deadlines.near_until(ZoneInfo(name)) for name in zones}
    if not until:
        return Assignment.due_at <= usual
    own = select(Agency.timezone).where(Agency.id == Assignment.agency_id).scalar_subquery()
    return and_(
        Assignment.due_at <= max(usual, *until.values()),
        case(
            *((own == name, Assignment.due_at <= moment) for name, moment in until.items()),
            else_=Assignment.due_at <= usual,
        ),
    )


def late_untold(now: datetime) -> ColumnElement[bool]:
    """The time is up, it is the assignee's turn, and the journal has not told so."""
    untold = Assignment.told.in_([Told.NOTHING.value, Told.NEAR.value])
    return and_(in_states(TODO), untold, Assignment.due_at < now)


def near_untold(now: datetime) -> ColumnElement[bool]:
    """The time is nearly up, it is the assignee's turn, and the journal has not told so."""
    untold = Assignment.told == Told.NOTHING.value
    return and_(in_states(TODO), untold, Assignment.due_at >= now, is_near())


def first_of(
    condition: ColumnElement[bool], most: int, *, lock: bool
) -> Sequence[Row[int, int, int]]:
    """The first few assignments of which that holds: id, task and who gave it.

    With ``lock`` those that somebody takes a step on at this moment are left out.
    """
    query = (
        select(Assignment.id, Assignment.task_id, Task.issuer_id)
        .join(Task, Task.id == Assignment.task_id)
        .where(condition)
        .order_by(Assignment.due_at, Assignment.id)
        .limit(most)
    )
    if lock:
        query = query.with_for_update(of=Assignment, key_share=True, skip_locked=True)
    return db.session.execute(query).all()
