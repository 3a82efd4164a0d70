"""Notices at once: who is told of an entry, written down in one statement however many."""

from collections.abc import Collection
from typing import Any

from flask import current_app
from sqlalchemy import ColumnElement, Select, exists, func, insert, literal, select

from agencies.models import Contact, Invitation, Seat, Tenure
from agencies.states import Channel, SeatKind, Way
from bulletins.models import Receipt, Relay
from bulletins.queries import arrivals
from config import clock
from config.database import db
from config.journal import Entry
from notifications.audience import acting, unconfirmed
from notifications.models import Notice, Recipient, Subscription
from notifications.services.enrolment import ensure_recipients
from notifications.states import OF_PAPERS, Kind, Rung, WorkState

WHO_ACTS = frozenset(SeatKind) - {SeatKind.READER}
_COLUMNS = "recipient_id channel receipt_id entry_id kind subject_id state created_at".split()


def announce(entry: Entry) -> None:
    """Tell of an urgent paper at once: everybody who wants that, in agencies that got it."""
    _announce(entry, arrivals.by_signing(entry))


def announce_relayed(entry: Entry) -> None:
    """Tell of an urgent paper that was relayed: those who got it by this relay."""
    _announce(entry, arrivals.by_relay(entry))


def _announce(entry: Entry, which: ColumnElement[bool]) -> None:
    _tell(entry, Kind.URGENT, (which,), frozenset(SeatKind))
    _tell_outside(entry, Kind.URGENT, (which,))


def announce_flash(entry: Entry, which: ColumnElement[bool]) -> None:
    """Tell of a 特急 paper by text message too: whoever deals with papers and has not said no."""
    day = clock.today(current_app.extensions["settings"].zone)
    seated = acting(day).subquery()
    people = (
        _reachable(Channel.SMS)
        .join(seated, seated.c.person_id == Recipient.person_id)
        .join(Receipt, Receipt.agency_id == seated.c.agency_id)
        .where(seated.c.kind.in_(WHO_ACTS), which)
    )
    _insert(entry, Kind.URGENT, people)


def escalate(entry: Entry) -> None:
    """Tell the next on the ladder of a 特急 paper that their agency has not opened it."""
    receipts = entry.facts["receipts"]
    assert isinstance(receipts, list)
    on_rung: ColumnElement[bool]
    if entry.facts["rung"] == Rung.DEPUTY:
        on_rung = Tenure.is_deputy & Seat.kind.in_(WHO_ACTS)
    else:
        on_rung = Seat.kind == SeatKind.DUTY
    people = (
        _reachable(Channel.MAIL, Channel.SMS)
        .join(Tenure, Tenure.person_id == Recipient.person_id)
        .join(Seat, Seat.id == Tenure.seat_id)
        .join(Receipt, Receipt.agency_id == Seat.agency_id)
        .where(Tenure.ended_at.is_(None), Seat.ended_at.is_(None), on_rung)
        .where(Receipt.id.in_(receipts))
    )
    _insert(entry, Kind.ESCALATION, people)


def _reachable(*channels: Channel) -> Select[Any, Any, Any]:
    """Recipients with a proved address on one of these channels who have not stopped it."""
    stopped = exists().where(
        Subscription.recipient_id == Recipient.id,
        Subscription.channel == Contact.channel,
        Subscription.urgent_at_once.is_(False),
    )
    return (
        select(Recipient.id, Contact.channel, func.min(Receipt.id))
        .select_from(Recipient)
        .join(Contact, Contact.person_id == Recipient.person_id)
        .where(
            Contact.channel.in_(channels),
            Contact.verified_at.is_not(None),
            Recipient.ended_at.is_(None),
            ~stopped,
        )
        .group_by(Recipient.id, Contact.channel)
    )


def tell_passed_over(entry: Entry) -> None:
    """Tell those who deal with papers in an agency that it was passed over."""
    own = select(Receipt.id).join(
        Relay,
        (Receipt.bulletin_id == Relay.bulletin_id)
        & (Receipt.version == Relay.version)
        & (Receipt.agency_id == Relay.agency_id),
    )
    _tell(
        entry,
        Kind.PASSED_OVER,
        (Receipt.id.in_(own.where(Relay.entry_id == entry.id)),),
        WHO_ACTS,
    )


def tell_ended(entry: Entry) -> None:
    """Tell of a paper that is void or repealed: whose agency has it, and who was told of it."""
    mine = (
        Receipt.bulletin_id == entry.subject_id,
        Receipt.version == entry.facts["version"],
    )
    _tell(entry, Kind.ENDED, mine, frozenset(SeatKind))
    _tell_outside(entry, Kind.ENDED, mine)
    # Whoever left the agency since still has its mail.
    told_of_it = (
        (Notice.recipient_id == Recipient.id)
        & (Notice.channel == Subscription.channel)
        & Notice.kind.in_(OF_PAPERS)
        & (Notice.subject_id == entry.subject_id)
        & (Notice.state == WorkState.COMPOSED)
    )
    _insert(entry, Kind.ENDED, _wishes(Notice.receipt_id).join(Notice, told_of_it))


def remind(entry: Entry) -> None:
    """Tell those who deal with papers in the agencies that are reminded."""
    receipts = entry.facts["receipts"]
    assert isinstance(receipts, list)
    _tell(entry, Kind.REMINDER, (Receipt.id.in_(receipts),), WHO_ACTS)


def invite(entry: Entry) -> None:
    """Send an invitation's link; a printed slip needs no message."""
    invitation = db.session.get(Invitation, entry.subject_id)
    if invitation is not None and invitation.way != Way.SLIP:
        _tell_one(entry, Kind.INVITATION, invitation.person_id, Channel(invitation.way))


def ask_to_confirm(entry: Entry) -> None:
    """Ask somebody from outside over each channel whether they want messages there."""
    for channel in Channel:
        whom = select(Recipient.id, literal(channel.value), literal(None, Notice.receipt_id.type))
        asked = Recipient.id == entry.subject_id, unconfirmed(channel).is_not(None)
        _insert(entry, Kind.CONFIRMATION, whom.where(*asked))


def send_code(entry: Entry) -> None:
    """Send the code that proves an address."""
    contact = db.session.get(Contact, entry.subject_id)
    if contact is not None:
        _tell_one(entry, Kind.CODE, contact.person_id, Channel(contact.channel))


def _tell(
    entry: Entry, kind: Kind, receipts: Collection[ColumnElement[bool]], seats: Collection[SeatKind]
) -> None:
    day = clock.today(current_app.extensions["settings"].zone)
    seated = acting(day).subquery()
    people = (
        _wishes()
        .join(seated, seated.c.person_id == Recipient.person_id)
        .join(Receipt, Receipt.agency_id == seated.c.agency_id)
        .where(seated.c.kind.in_(seats))
    )
    _insert(entry, kind, people.where(*receipts))


def _tell_outside(entry: Entry, kind: Kind, receipts: Collection[ColumnElement[bool]]) -> None:
    """Tell those outside of news; what is to be done is not theirs to do."""
    outside = (
        _wishes()
        .join(Receipt, Receipt.agency_id == Recipient.agency_id)
        .where(Recipient.person_id.is_(None))
    )
    _insert(entry, kind, outside.where(*receipts))


def _wishes(receipt_id: Any = Receipt.id) -> Select[Any, Any, Any]:
    """Who wants to be told at once, one row for each channel; the first receipt speaks for all."""
    return (
        select(Recipient.id, Subscription.channel, func.min(receipt_id))
        .select_from(Recipient)
        .join(Subscription, Subscription.recipient_id == Recipient.id)
        .where(Subscription.urgent_at_once, Recipient.ended_at.is_(None))
        .group_by(Recipient.id, Subscription.channel)
    )


def _insert(entry: Entry, kind: Kind, whom: Select[Any, Any, Any]) -> None:
    chosen = whom.subquery()
    recipient_id, channel, receipt_id = chosen.c
    told = exists().where(
        Notice.entry_id == entry.id,
        Notice.recipient_id == recipient_id,
        Notice.channel == channel,
    )
    rows = select(
        recipient_id,
        channel,
        receipt_id,
        *_of_entry(entry, kind),
    ).where(~told)
    db.session.execute(insert(Notice).from_select(_COLUMNS, rows))


def _of_entry(entry: Entry, kind: Kind) -> tuple[ColumnElement[Any], ...]:
    # What a relay tells of is its paper.
    subject_id = entry.facts.get("bulletin", entry.subject_id)
    return (
        literal(entry.id),
        literal(kind.value),
        literal(subject_id, Notice.subject_id.type),
        literal(WorkState.DUE.value),
        literal(clock.now(), Notice.created_at.type),
    )


def _tell_one(entry: Entry, kind: Kind, person_id: int, channel: Channel) -> None:
    ensure_recipients([person_id])
    whom = select(Recipient.id, literal(channel.value), literal(None, Notice.receipt_id.type))
    _insert(entry, kind, whom.where(Recipient.person_id == person_id))
