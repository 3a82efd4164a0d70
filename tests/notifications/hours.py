"""What the worker does, in tests: everything that is due, at once and in this thread."""

import re
from datetime import UTC, datetime, timedelta

from sqlalchemy import select

from config import clock
from config.database import db, writing
from config.handling import handle_waiting
from config.restoring import Restore
from config.settling import settle_all
from notifications.models import Delivery, Digest, Message, Recipient, Subscription
from notifications.services.digests import run_due
from notifications.services.handing_out import pump, recover
from notifications.services.ledger import after_restore
from notifications.services.telling import compose_notices

MONDAY = datetime(2018, 5, 7, tzinfo=UTC)  # eight o'clock in Shanghai
TUESDAY = MONDAY + timedelta(days=1)


def handle() -> None:
    """Settle and handle what was written."""
    settle_all()
    while handle_waiting():
        pass


def work(due_at: datetime | None = None) -> None:
    """One round of every job."""
    handle()
    compose_notices()
    run_due(due_at or clock.now())
    deliver()


def deliver() -> None:
    """Hand out and deliver whatever is due."""
    recover()
    pump()
    db.session.rollback()


def recipient_of(person_id: int) -> Recipient:
    """The recipient that a person is."""
    return db.session.scalars(select(Recipient).where(Recipient.person_id == person_id)).one()


def subscription_of(person_id: int, channel: str = "mail") -> Subscription:
    """A person's wish on one channel."""
    return db.session.scalars(
        select(Subscription).where(
            Subscription.recipient_id == recipient_of(person_id).id,
            Subscription.channel == channel,
        )
    ).one()


def texts_to(person_id: int, channel: str = "mail") -> list[str]:
    """The texts of all messages for a person on a channel, oldest first."""
    return list(
        db.session.scalars(
            select(Message.text)
            .join(Delivery, Delivery.message_id == Message.id)
            .where(Delivery.recipient_id == recipient_of(person_id).id, Delivery.channel == channel)
            .order_by(Delivery.id)
        )
    )


def told_to(person_id: int) -> list[list[int]]:
    """The ids of the news in each mail digest for a person, oldest first."""
    return [[int(one) for one in re.findall(r"news-(\d+)\.", text)] for text in texts_to(person_id)]


def digests() -> list[Digest]:
    """Every digest there is."""
    return list(db.session.scalars(select(Digest).order_by(Digest.id)))


def deliveries() -> list[Delivery]:
    """Every delivery there is, read anew."""
    db.session.rollback()
    return list(db.session.scalars(select(Delivery).order_by(Delivery.id)))


def restore() -> str:
    """What the restore command does once the backup is in place."""
    with writing():
        db.session.add(Restore(at=clock.now(), backup_made_at=clock.now(), files="x"))
    said = after_restore()
    assert said is not None
    return said
