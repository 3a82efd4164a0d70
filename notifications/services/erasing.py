"""Erasing: names and addresses of those who left go after a while; ids and outcomes stay."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from flask import current_app
from sqlalchemy import delete, exists, or_, select, update

from agencies.models import Contact, Invitation, Person
from config import clock, journal
from config.database import db, end_reading, writing
from config.journal import Entry
from config.settings import Settings
from notifications.links import CONFIRM_WITHIN
from notifications.models import Attempt, Delivery, Recipient, ReturnedMail, Subscription
from notifications.states import Rhythm
from notifications.texting.models import SmsReply

_BATCH = 100


def erase_left() -> int:
    """Erase who left longer ago than the settings keep them; how many were erased.

    From outside: who was ended, or has left every channel; and who did not confirm within a
    fortnight. Of ours: the addresses of a shut
    account; the name stays, because papers were signed and acknowledged in it.
    """
    settings: Settings = current_app.extensions["settings"]
    before = clock.now() - timedelta(days=settings.keep_left_days)
    count = 0
    while some := _outsiders(before):
        _erase_outsiders(some)
        count += len(some)
    while some := _people(before):
        _erase_people(some)
        count += len(some)
    end_reading()
    return count


def _outsiders(before: datetime) -> Sequence[int]:
    gets_something = exists().where(
        Subscription.recipient_id == Recipient.id,
        or_(
            Subscription.rhythm != Rhythm.OFF,
            Subscription.urgent_at_once,
            Subscription.changed_at > before,
        ),
    )
    never_agreed = Recipient.mail_confirmed_at.is_(None) & Recipient.phone_confirmed_at.is_(None)
    return db.session.scalars(
        select(Recipient.id)
        .where(
            Recipient.person_id.is_(None),
            or_(Recipient.mail.is_not(None), Recipient.phone.is_not(None)),
            or_(
                Recipient.ended_at <= before,
                Recipient.ended_at.is_(None) & ~gets_something,
                never_agreed & (Recipient.created_at < clock.now() - CONFIRM_WITHIN),
            ),
        )
        .order_by(Recipient.id)
        .limit(_BATCH)
    ).all()


def _people(before: datetime) -> Sequence[int]:
    shut_lately = exists().where(
        Entry.subject_kind == "person",
        Entry.subject_id == Person.id,
        Entry.kind == "person.deactivated",
        Entry.at > before,
    )
    return db.session.scalars(
        select(Person.id)
        .where(
            Person.active.is_(False),
            exists().where(Contact.person_id == Person.id),
            ~shut_lately,
        )
        .order_by(Person.id)
        .limit(_BATCH)
    ).all()


def _erase_outsiders(ids: Sequence[int]) -> None:
    with writing():
        db.session.execute(
            update(Recipient)
            .where(Recipient.id.in_(ids), Recipient.ended_at.is_(None))
            .values(ended_at=clock.now())
        )
        db.session.execute(
            update(Recipient).where(Recipient.id.in_(ids)).values(name="", mail=None, phone=None)
        )
        _blank_deliveries(ids)
        journal.record("recipient.erased", subject=("recipient", ids[0]), recipients=list(ids))


def _erase_people(ids: Sequence[int]) -> None:
    with writing():
        contacts = select(Contact.id).where(Contact.person_id.in_(ids))
        db.session.execute(
            update(Invitation)
            .where(Invitation.contact_id.in_(contacts))
            .values(contact_id=None)
            .execution_options(synchronize_session=False)
        )
        db.session.execute(delete(Contact).where(Contact.person_id.in_(ids)))
        recipients = db.session.scalars(
            select(Recipient.id).where(Recipient.person_id.in_(ids))
        ).all()
        _blank_deliveries(recipients)
        journal.record("person.addresses_erased", subject=("person", ids[0]), people=list(ids))


def _blank_deliveries(recipient_ids: Sequence[int]) -> None:
    """Take the address out of each delivery and reply, and words that may repeat it."""
    theirs = select(Delivery.id).where(Delivery.recipient_id.in_(recipient_ids))
    for kept in (Attempt, ReturnedMail):
        db.session.execute(
            update(kept)
            .where(kept.delivery_id.in_(theirs))
            .values(detail="")
            .execution_options(synchronize_session=False)
        )
    db.session.execute(
        update(Delivery)
        .where(Delivery.recipient_id.in_(recipient_ids))
        .values(address="", detail="")
        .execution_options(synchronize_session=False)
    )
    db.session.execute(
        update(SmsReply)
        .where(SmsReply.recipient_id.in_(recipient_ids))
        .values(phone="", text="")
        .execution_options(synchronize_session=False)
    )
