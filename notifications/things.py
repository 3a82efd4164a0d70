"""What a row tells of: a paper received, a part of a task, a paper that was asked about."""

from typing import Any

from sqlalchemy import ColumnElement, Select, case, func
from sqlalchemy.orm import InstrumentedAttribute, aliased

from agencies.models import Agency
from bulletins.models import Bulletin, BulletinVersion, Receipt
from bulletins.queries.inbox import of_version
from bulletins.queries.issuers import issued_by
from coordination.models import Assignment, Task
from notifications.hooks.models import EndpointCall
from notifications.hooks.states import Event
from notifications.models import Alert
from notifications.states import AlertKind


def _is_of_many(row: type[Alert] | type[EndpointCall]) -> ColumnElement[bool]:
    """Whether it tells of several agencies at once, so that it comes from none of them."""
    if row is Alert:
        return Alert.kind == AlertKind.OVERDUE_BELOW.value
    return EndpointCall.event == Event.OVERDUE_BELOW.value


def with_thing(
    query: Select[*tuple[Any, ...]],
    row: type[Alert] | type[EndpointCall],
    agency_id: ColumnElement[int] | InstrumentedAttribute[int] | int | None,
    *titles: InstrumentedAttribute[str],
) -> Select[*tuple[Any, ...]]:
    """The rows with ``title`` and ``source`` of their thing, as the agency may read them.

    ``titles`` are those of further things that they may be about.
    """
    about, latest = aliased(Bulletin), aliased(BulletinVersion)
    giver, doer, asked = aliased(Agency), aliased(Agency), aliased(Agency)
    source = case(
        (_is_of_many(row), ""),
        (row.receipt_id.is_not(None), issued_by()),
        (Assignment.agency_id == agency_id, giver.name),
        (row.assignment_id.is_not(None), doer.name),
        else_=func.coalesce(asked.name, ""),
    )
    title = func.coalesce(BulletinVersion.title, Task.title, latest.title, *titles, "")
    return (
        query.add_columns(title.label("title"), source.label("source"))
        .outerjoin(Receipt, Receipt.id == row.receipt_id)
        .outerjoin(BulletinVersion, of_version())
        .outerjoin(Bulletin, Bulletin.id == Receipt.bulletin_id)
        .outerjoin(Agency, Agency.id == Bulletin.issuer_id)
        .outerjoin(Assignment, Assignment.id == row.assignment_id)
        .outerjoin(Task, Task.id == Assignment.task_id)
        .outerjoin(giver, giver.id == Task.issuer_id)
        .outerjoin(doer, doer.id == Assignment.agency_id)
        .outerjoin(about, about.id == row.bulletin_id)
        .outerjoin(latest, (latest.bulletin_id == about.id) & (latest.version == about.version))
        .outerjoin(asked, asked.id == about.issuer_id)
    )
