"""Enrolment: who can be reached becomes a recipient, who has a seat gets a digest by default."""

from collections import defaultdict
from collections.abc import Collection, Iterable
from datetime import time
from functools import cache
from typing import Any

from flask import current_app
from sqlalchemy import exists, func, insert, literal, select

from agencies import working_days
from agencies.models import Agency, Contact, Person, Seat, Tenure
from agencies.states import Channel
from config import clock
from config.database import db
from notifications.inputs import DEFAULT_TIME
from notifications.models import Recipient, Subscription
from notifications.schedule import Rule, next_due
from notifications.states import Rhythm

DEFAULT_RHYTHM = Rhythm.WORKDAYS
DEFAULT_WEEKDAYS = 0b0011111


def ensure_recipients(person_ids: Collection[int]) -> None:
    """Make recipients of these people where they are none yet. Call inside ``writing()``."""
    _lock(person_ids)
    missing = select(
        Person.id, literal(""), Person.language, literal(clock.now(), Recipient.created_at.type)
    ).where(
        Person.id.in_(person_ids),
        ~exists().where(Recipient.person_id == Person.id),
    )
    columns = ["person_id", "name", "language", "created_at"]
    db.session.execute(insert(Recipient).from_select(columns, missing))


def enrol(person_ids: Collection[int], position: int) -> None:
    """Give these people a daily digest by mail, as far as they hold a seat and have an address.

    It tells what came after ``position``. Whoever has chosen for themselves keeps their choice.
    Call inside ``writing()``.
    """
    _lock(person_ids)
    by_zone: dict[str, list[int]] = defaultdict(list)
    for person_id, zone in _without_choice(person_ids):
        by_zone[zone or current_app.extensions["settings"].timezone].append(person_id)
    if not by_zone:
        return
    ensure_recipients([person_id for some in by_zone.values() for person_id in some])
    for zone, some in by_zone.items():
        db.session.execute(_subscribing(some, zone, position))


def _lock(person_ids: Collection[int]) -> None:
    """A person and the worker may do this at the same time: one after the other, then."""
    query = select(Person.id).where(Person.id.in_(person_ids)).order_by(Person.id)
    db.session.execute(query.with_for_update(key_share=True)).all()


def _without_choice(person_ids: Collection[int]) -> Iterable[tuple[int, str | None]]:
    """People with a seat and a verified mail address who have no wish for mail yet, and zones."""
    chosen = exists().where(
        Recipient.person_id == Person.id,
        Subscription.recipient_id == Recipient.id,
        Subscription.channel == Channel.MAIL,
    )
    reachable = exists().where(
        Contact.person_id == Person.id,
        Contact.channel == Channel.MAIL,
        Contact.verified_at.is_not(None),
    )
    rows = db.session.execute(
        select(Person.id, func.min(Agency.timezone))
        .join(Tenure, Tenure.person_id == Person.id)
        .join(Seat, Seat.id == Tenure.seat_id)
        .join(Agency, Agency.id == Seat.agency_id)
        .where(
            Person.id.in_(person_ids),
            Person.active,
            Tenure.ended_at.is_(None),
            Seat.ended_at.is_(None),
            reachable,
            ~chosen,
        )
        .group_by(Person.id)
    )
    return [(row[0], row[1]) for row in rows]


def _subscribing(person_ids: Collection[int], zone: str, position: int) -> Any:
    now = clock.now()
    at = time.fromisoformat(DEFAULT_TIME)
    rule = Rule(DEFAULT_RHYTHM, (at,), DEFAULT_WEEKDAYS, zone)
    values: dict[str, Any] = {
        "channel": Channel.MAIL.value,
        "rhythm": rule.rhythm.value,
        "urgent_at_once": True,
        "times": DEFAULT_TIME,
        "weekdays": rule.weekdays,
        "zone": zone,
        "next_due_at": next_due(rule, now, cache(working_days.is_working)),
        "planned_at": now,
        "cursor": position,
        "changed_at": now,
    }
    table: Any = Subscription.__table__
    chosen = select(
        Recipient.id, *(literal(value, table.c[name].type) for name, value in values.items())
    ).where(Recipient.person_id.in_(person_ids))
    return insert(Subscription).from_select(["recipient_id", *values], chosen)
