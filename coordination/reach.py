"""Whom a task goes to: strictly below its issuer, resolved in one statement."""

from collections.abc import Collection
from datetime import date, datetime

from sqlalchemy import ColumnElement, Insert, Select, case, func, insert, literal, or_, select

from agencies import queries as agencies
from agencies.models import Agency
from bulletins import audience
from config.database import UTCDateTime
from coordination.inputs import AddressInput
from coordination.models import Assignment, Task
from coordination.states import Part, State, Told


def _living(today: date) -> ColumnElement[bool]:
    return or_(Agency.ended_on.is_(None), Agency.ended_on > today)


def below(issuer_id: int, agency_ids: Collection[int], today: date) -> Select[int]:
    """How many of these agencies the issuer may give tasks to."""
    return select(func.count(Agency.id)).where(
        Agency.id.in_(agency_ids), Agency.id.in_(agencies.below(issuer_id)), _living(today)
    )


def addressed(issuer_id: int, data: AddressInput, today: date) -> Select[int, str]:
    """Pairs of agency id and part for everybody the task is given to, in the tree's order."""
    rules = data.audience().rules(issuer_id)
    reached = audience.recipients(issuer_id, rules, today).subquery()
    wanted: list[ColumnElement[bool]] = [Agency.id.in_(select(reached.c.agency_id))]
    part: ColumnElement[str] = literal(Part.LEAD.value)
    if data.lead is not None:
        wanted.append(Agency.id == data.lead)
        part = case((Agency.id == data.lead, Part.LEAD.value), else_=Part.ASSISTING.value)
    return (
        select(Agency.id.label("agency_id"), part.label("part"))
        .where(
            Agency.id.in_(agencies.below(issuer_id)),
            _living(today),
            or_(*wanted),
        )
        .order_by(Agency.code)
    )


def counting(issuer_id: int, data: AddressInput, today: date) -> Select[str, int]:
    """How many agencies the task would be given to, by part."""
    chosen = addressed(issuer_id, data, today).order_by(None).subquery()
    return select(chosen.c.part, func.count()).group_by(chosen.c.part)


def giving(task: Task, data: AddressInput, today: date, at: datetime, told: Told) -> Insert:
    """The one statement that gives everybody addressed their assignment."""
    rows = addressed(task.issuer_id, data, today).add_columns(
        literal(task.id),
        literal(State.ASSIGNED.value),
        literal(task.due_at, UTCDateTime()),
        literal(at, UTCDateTime()),
        literal(told.value),
    )
    columns = ["agency_id", "part", "task_id", "state", "due_at", "assigned_at", "told"]
    return insert(Assignment).from_select(columns, rows, include_defaults=False)
