"""What the first page asks: each question bounded, however much there is."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import exists, func, select

from agencies.directory import STATES
from agencies.models import Contact, Person
from bulletins.models import Bulletin, Receipt, Relay
from bulletins.queries import inbox, joint, papers, relays
from bulletins.queries.counting import COUNTED_AT_MOST, bounded
from bulletins.states import State, Waiting
from config import clock
from config.database import db
from config.handling import Handling
from config.journal import Entry
from notifications.queries import wishes_of
from notifications.states import Rhythm

SHOWN = 5
LATEST = 3


def received(agency_id: int, which: Waiting) -> Sequence[Any]:
    """The first few receipts that wait, with the count of all (up to 100) as ``waiting``.

    The urgent ones and the nearest deadlines of the hundred oldest come first.
    """
    oldest = (
        select(Receipt.id)
        .where(Receipt.agency_id == agency_id, inbox.waiting(which))
        .order_by(Receipt.sent_at, Receipt.id)
        .limit(COUNTED_AT_MOST)
        .subquery()
    )
    return db.session.execute(
        inbox.inbox(agency_id)
        .where(Receipt.id.in_(select(oldest.c.id)))
        .add_columns(func.count().over().label("waiting"))
        .order_by(
            inbox.by_urgency(),
            inbox.deadline().is_(None),
            inbox.deadline(),
            Receipt.sent_at,
            Receipt.id,
        )
        .limit(SHOWN)
    ).all()


def unopened_count(agency_id: int) -> int:
    """How many receipts nobody has opened, up to 100."""
    return bounded(
        select(Receipt.id).where(Receipt.agency_id == agency_id, inbox.waiting(Waiting.UNOPENED))
    )


def on_desk(agency_id: int, state: State) -> Sequence[Any]:
    """The first few papers of an agency in one state, the longest waiting first, with the count."""
    some = (
        select(Bulletin.id)
        .where(Bulletin.issuer_id == agency_id, Bulletin.state == state)
        .order_by(Bulletin.updated_at, Bulletin.id)
        .limit(COUNTED_AT_MOST)
        .subquery()
    )
    return db.session.execute(
        papers.desk(agency_id, [state])
        .where(Bulletin.id.in_(select(some.c.id)))
        .add_columns(func.count().over().label("waiting"))
        .order_by(Bulletin.updated_at, Bulletin.id)
        .limit(SHOWN)
    ).all()


def relays_on_desk(agency_id: int, state: State) -> Sequence[Any]:
    """The same for the relays that an agency works on."""
    some = (
        select(Relay.id)
        .where(Relay.agency_id == agency_id, Relay.state == state)
        .order_by(Relay.updated_at, Relay.id)
        .limit(COUNTED_AT_MOST)
        .subquery()
    )
    return db.session.execute(
        relays.desk(agency_id, [state])
        .where(Relay.id.in_(select(some.c.id)))
        .add_columns(func.count().over().label("waiting"))
        .order_by(Relay.updated_at, Relay.id)
        .limit(SHOWN)
    ).all()


def joint_to_sign(agency_id: int) -> Sequence[Any]:
    """The first few papers of others that wait for the agency's signature, with the count."""
    some = joint.waiting(agency_id).order_by(*joint.KEY).limit(COUNTED_AT_MOST).subquery()
    return db.session.execute(
        joint.to_sign(agency_id)
        .where(Bulletin.id.in_(select(some.c.id)))
        .add_columns(func.count().over().label("waiting"))
        .order_by(*joint.KEY)
        .limit(SHOWN)
    ).all()


def latest_papers(agency_id: int) -> Sequence[Any]:
    """The papers an agency has published last."""
    return db.session.execute(
        papers.sent(agency_id).order_by(*(part.desc() for part in papers.SENT_KEY)).limit(LATEST)
    ).all()


def next_digest(person_id: int) -> datetime | None:
    """When a person gets their next digest, on whichever channel; None where they get none."""
    wishes = wishes_of(person_id).values()
    times = [wish.next_due_at for wish in wishes if wish.next_due_at and wish.rhythm != Rhythm.OFF]
    return min(times, default=None)


def set_aside_count() -> int:
    """How many entries a handler has given up on, up to 100."""
    return bounded(
        select(Handling.entry_id).where(
            Handling.done_at.is_(None), Handling.set_aside_at.is_not(None)
        )
    )


def unreachable_count() -> int:
    """How many people have no verified address, up to 100; administrators are sent nothing."""
    verified = exists().where(Contact.person_id == Person.id, Contact.verified_at.is_not(None))
    return bounded(select(Person.id).where(Person.active, Person.role.is_(None), ~verified))


def people_count(state: str) -> int:
    """How many people are in one of the directory's states, up to 100."""
    return bounded(select(Person.id).where(STATES[state]))


def locked_count() -> int:
    """How many accounts are locked now, up to 100."""
    return bounded(select(Person.id).where(Person.locked_until > clock.now()))


def late_entries_count(before: datetime) -> int:
    """How many entries were made before a moment and are not settled yet, up to 100."""
    return bounded(select(Entry.id).where(Entry.position.is_(None), Entry.at < before))
