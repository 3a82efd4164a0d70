"""What a reply by SMS answers: the last message to that number, and whether 1 may sign for it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

from flask import current_app
from sqlalchemy import func, select

from agencies.actors import Actor, actor_for, seats_of
from agencies.models import Agency, Person, Seat, Tenure
from agencies.permissions import can
from agencies.states import Channel
from bulletins.models import Bulletin, Receipt
from bulletins.services import acknowledge
from config import clock
from config.database import db
from config.errors import DomainError
from notifications.models import Delivery, Notice, Recipient
from notifications.states import Kind, State

FOR = timedelta(days=7)
"""How long a message can be answered."""

_ASKING = frozenset({Kind.REMINDER, Kind.URGENT})
_GONE_OUT = (State.SENT, State.DELIVERED, State.UNKNOWN, State.CALLING)


@dataclass(frozen=True)
class Last:
    """The last message that went to a number: what it asked about, and whose agency it is."""

    delivery_id: int
    recipient_id: int
    person_id: int | None
    kind: str | None
    receipt_id: int | None
    agency_id: int | None
    is_recent: bool


@dataclass(frozen=True)
class Answer:
    """The receipt that was acknowledged, or a word for why none was."""

    receipt_id: int | None = None
    why: str = ""


def last_message(phone: str) -> Last | None:
    """The last message to ``phone``; its agency is the paper's, else the first seat's."""
    row = db.session.execute(
        select(
            *(Delivery.id, Delivery.recipient_id, Delivery.calling_at, Notice.kind),
            *(Notice.receipt_id, Receipt.agency_id, Recipient.person_id),
            Recipient.agency_id.label("outside_agency_id"),
        )
        .join(Recipient, Recipient.id == Delivery.recipient_id)
        .outerjoin(Notice, Notice.id == Delivery.notice_id)
        .outerjoin(Receipt, Receipt.id == Notice.receipt_id)
        .where(
            Delivery.address == phone,
            Delivery.channel == Channel.SMS,
            Delivery.state.in_(_GONE_OUT),
        )
        .order_by(Delivery.id.desc())
        .limit(1)
    ).first()
    if row is None:
        return None
    agency_id = row.agency_id or row.outside_agency_id
    if agency_id is None and row.person_id is not None:
        agency_id = first_agency(row.person_id)
    recent = row.calling_at is not None and row.calling_at > clock.now() - FOR
    return Last(
        *(row.id, row.recipient_id, row.person_id, row.kind, row.receipt_id, agency_id, recent)
    )


def acknowledged(people: Sequence[Person], last: Last | None) -> Answer:
    """Acknowledge what was asked about in the last message, if nothing can be mistaken.

    ``last`` went to one of ``people``; None where no message did. Call inside ``writing()``.
    """
    if len(people) != 1:
        return Answer(why="several_people" if people else "nobody")
    if last is None or not last.is_recent:
        return Answer(why="nothing_asked")
    if last.kind not in _ASKING or last.receipt_id is None:
        return Answer(why="nothing_asked")
    receipt = db.session.get_one(Receipt, last.receipt_id, populate_existing=True)
    actor = _who_may(people[0], receipt)
    if actor is None:
        return Answer(why="not_theirs")
    if why := _why_not(receipt, actor):
        return Answer(why=why)
    try:
        acknowledge(actor, receipt.id)
    except DomainError:
        return Answer(why="not_theirs")
    return Answer(receipt.id)


def _why_not(receipt: Receipt, actor: Actor) -> str:
    """A word for what speaks against signing for a paper by SMS; empty where nothing does."""
    if not receipt.needs_acknowledgement or receipt.acknowledged_at is not None:
        return "not_needed"
    version = db.session.scalar(select(Bulletin.version).where(Bulletin.id == receipt.bulletin_id))
    if receipt.closed_at is not None or version != receipt.version:
        return "changed"
    if receipt.opened_at is None:
        return "unread"
    copies = db.session.scalar(
        select(func.count())
        .select_from(Receipt)
        .where(
            Receipt.bulletin_id == receipt.bulletin_id,
            Receipt.version == receipt.version,
            Receipt.agency_id.in_({seat.agency_id for seat in actor.seats}),
        )
    )
    return "" if copies == 1 else "several_papers"


def _who_may(person: Person, receipt: Receipt) -> Actor | None:
    """The person in a seat that may sign for the receipt's agency."""
    day = clock.today(current_app.extensions["settings"].zone)
    for seat in seats_of(person.id, day):
        if seat.agency_id == receipt.agency_id:
            actor = actor_for(person, seat.id)
            if can(actor, "bulletin.acknowledge", receipt):
                return actor
    return None


def first_agency(person_id: int) -> int | None:
    """The agency of a person's first seat."""
    return db.session.scalar(
        select(Seat.agency_id)
        .join(Tenure, Tenure.seat_id == Seat.id)
        .join(Agency, Agency.id == Seat.agency_id)
        .where(Tenure.person_id == person_id, Tenure.ended_at.is_(None), Seat.ended_at.is_(None))
        .order_by(Tenure.is_deputy, Seat.id)
        .limit(1)
    )
