"""Questions about endpoints: an agency's own, their calls, and what is due."""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Row, Select, func, or_, select
from sqlalchemy.orm import aliased

from agencies.models import Agency
from bulletins.models import BulletinVersion, Receipt
from config.database import db, found
from config.journal import Entry
from config.pages import Page, keyset
from coordination.models import Assignment
from notifications.hooks.models import Endpoint, EndpointCall, EndpointEvent, EndpointSecret
from notifications.hooks.states import CallState, Event
from notifications.things import with_thing

EACH = 20
"""How many calls of one endpoint are made in one turn, so that no other waits long for its own."""


def of_agency(agency_id: int | None, size: int = 25) -> Page[Any]:
    """An agency's endpoints, newest first, each with the outcome of its latest call."""
    last = aliased(EndpointCall)
    latest = (
        select(func.max(EndpointCall.id))
        .where(EndpointCall.endpoint_id == Endpoint.id, EndpointCall.attempts > 0)
        .scalar_subquery()
    )
    query = (
        select(
            *(Endpoint.id, Endpoint.kind, Endpoint.name, Endpoint.shown, Endpoint.created_at),
            *(Endpoint.disabled_at, Endpoint.is_gone),
            *(last.state, last.outcome, last.tried_at),
        )
        .outerjoin(last, last.id == latest)
        .where(Endpoint.agency_id == agency_id, Endpoint.ended_at.is_(None))
    )
    return keyset(query, (Endpoint.id,), lambda row: (row.id,), size=size)


def one(endpoint_id: int) -> Endpoint:
    """An endpoint that is not ended; raises NotFound. Whose it is, ``require`` asks."""
    return found(select(Endpoint).where(Endpoint.id == endpoint_id, Endpoint.ended_at.is_(None)))


def events_of(endpoint_id: int) -> Sequence[Event]:
    """What an endpoint wants to hear of."""
    rows = db.session.scalars(
        select(EndpointEvent.event).where(EndpointEvent.endpoint_id == endpoint_id)
    ).all()
    return [event for event in Event if event in rows]


def old_secrets(endpoint_ids: Collection[int], now: datetime) -> Mapping[int, Sequence[str]]:
    """The earlier secrets, sealed, that still sign for these endpoints, the latest first."""
    found = defaultdict(list)
    rows = db.session.execute(
        select(EndpointSecret.endpoint_id, EndpointSecret.secret)
        .where(EndpointSecret.endpoint_id.in_(endpoint_ids), EndpointSecret.until > now)
        .order_by(EndpointSecret.id.desc())
    )
    for row in rows:
        found[row.endpoint_id].append(row.secret)
    return found


def old_signs_until(endpoint_id: int, now: datetime) -> datetime | None:
    """Until when an earlier secret signs for an endpoint; None where none does."""
    mine = EndpointSecret.endpoint_id == endpoint_id
    query = select(func.max(EndpointSecret.until)).where(mine, EndpointSecret.until > now)
    return db.session.scalar(query)


def calls_of(endpoint: Endpoint, size: int = 25) -> Page[Any]:
    """The calls of an endpoint, newest first, each with the title of what it is about."""
    query = _about().where(EndpointCall.endpoint_id == endpoint.id)
    return keyset(query, (EndpointCall.id,), lambda row: (row.id,), size=size)


def due(now: datetime, most: int) -> Sequence[int]:
    """Calls to be made now, of each endpoint the oldest few; none of those that rest."""
    place = func.row_number().over(partition_by=EndpointCall.endpoint_id, order_by=EndpointCall.id)
    ranked = (
        select(EndpointCall.id, place.label("place"))
        .join(Endpoint, Endpoint.id == EndpointCall.endpoint_id)
        .where(
            EndpointCall.state == CallState.WAITING.value,
            EndpointCall.next_try_at <= now,
            Endpoint.disabled_at.is_(None),
            Endpoint.ended_at.is_(None),
            or_(Endpoint.rests_until.is_(None), Endpoint.rests_until <= now),
        )
        .subquery()
    )
    query = select(ranked.c.id).where(ranked.c.place <= EACH).order_by(ranked.c.place, ranked.c.id)
    return db.session.scalars(query.limit(most)).all()


def to_send(call_ids: Collection[int]) -> Sequence[Row[Any]]:
    """These calls, each with its endpoint's address and what it tells, in one question."""
    own = aliased(Agency)
    query = _about().add_columns(
        *(Endpoint.kind, Endpoint.target, Endpoint.secret),
        *(Entry.at, Entry.body.label("record")),
        *(BulletinVersion.urgency, Receipt.version, Assignment.task_id, Assignment.due_at),
        own.timezone,
        func.coalesce(Receipt.bulletin_id, EndpointCall.bulletin_id).label("paper_id"),
    )
    query = query.join(Entry, Entry.id == EndpointCall.entry_id)
    query = query.join(own, own.id == Endpoint.agency_id)
    return db.session.execute(
        query.where(EndpointCall.id.in_(call_ids)).order_by(EndpointCall.id)
    ).all()


def _about() -> Select[*tuple[Any, ...]]:
    """Calls with title and source of the thing that each is about, as its agency may read them."""
    call = EndpointCall
    calls = select(
        *(call.id, call.endpoint_id, call.entry_id, call.event, call.state, call.attempts),
        *(call.receipt_id, call.assignment_id, call.bulletin_id, call.created_at),
        *(call.began_at, call.next_try_at, call.tried_at, call.ended_at),
        *(call.outcome, call.status, call.answer, call.body),
    ).join(Endpoint, Endpoint.id == call.endpoint_id)
    return with_thing(calls, call, Endpoint.agency_id)
