"""What goes out: who gets it, when, what it says, and what became of it."""

from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from agencies.states import Channel
from config.database import Base, Key, Wide
from notifications.states import Kind, Rhythm, State, WorkState

Word = String(16)


def _where(condition: str) -> dict[str, Any]:
    """A partial index, on both engines."""
    return {"sqlite_where": text(condition), "postgresql_where": text(condition)}


class Recipient(Base):
    """Whoever gets messages: a person, or somebody outside with an address and nothing else.

    A person's name, language and addresses stand with the person. One from outside gets the news
    of ``agency_id``.
    """

    __tablename__ = "recipients"
    __table_args__ = (
        CheckConstraint("person_id IS NOT NULL OR agency_id IS NOT NULL", name="whose"),
        Index("ix_recipients_agency_id", "agency_id", "id"),
    )

    id: Mapped[Key]
    person_id: Mapped[int | None] = mapped_column(ForeignKey("people.id"), unique=True)
    agency_id: Mapped[int | None] = mapped_column(ForeignKey("agencies.id"))
    name: Mapped[str] = mapped_column(String(50), default="")
    mail: Mapped[str | None] = mapped_column(String(254))
    phone: Mapped[str | None] = mapped_column(String(32))
    language: Mapped[str] = mapped_column(String(8), default="zh")
    created_by: Mapped[Wide | None]
    created_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]


class Subscription(Base):
    """A recipient's wish for one channel; ``cursor`` is the last position their digests covered.

    ``weekdays`` has bit 0 for Monday to bit 6 for Sunday; ``hour`` is in ``zone``.
    """

    __tablename__ = "subscriptions"
    __table_args__ = (UniqueConstraint("recipient_id", "channel"),)

    id: Mapped[Key]
    recipient_id: Mapped[int] = mapped_column(ForeignKey("recipients.id"))
    channel: Mapped[Channel] = mapped_column(Word)
    rhythm: Mapped[Rhythm] = mapped_column(Word)
    urgent_at_once: Mapped[bool]
    hour: Mapped[int]
    weekdays: Mapped[int]
    zone: Mapped[str] = mapped_column(String(64))
    next_due_at: Mapped[datetime | None] = mapped_column(index=True)
    cursor: Mapped[Wide]
    changed_at: Mapped[datetime]


class Digest(Base):
    """What one recipient is owed on one channel at one hour: the positions after to upto.

    ``failures`` counts how often it could not be composed; it is not tried before ``next_try_at``.
    """

    __tablename__ = "digests"
    __table_args__ = (
        UniqueConstraint("recipient_id", "channel", "scheduled_at"),
        Index("ix_digests_waiting", "id", **_where("state = 'due'")),
        Index("ix_digests_failing", "id", **_where("state = 'due' AND failures > 0")),
    )

    id: Mapped[Key]
    recipient_id: Mapped[int] = mapped_column(ForeignKey("recipients.id"))
    channel: Mapped[Channel] = mapped_column(Word)
    scheduled_at: Mapped[datetime]
    after: Mapped[Wide]
    upto: Mapped[Wide]
    state: Mapped[WorkState] = mapped_column(Word)
    failures: Mapped[int] = mapped_column(default=0, server_default="0")
    next_try_at: Mapped[datetime | None]
    created_at: Mapped[datetime]
    processed_at: Mapped[datetime | None]


class Notice(Base):
    """One thing to tell one recipient now, because of one entry of the journal.

    ``subject_id`` is the bulletin, invitation or contact it is about.
    """

    __tablename__ = "notices"
    __table_args__ = (
        UniqueConstraint("entry_id", "recipient_id", "channel"),
        Index("ix_notices_waiting", "id", **_where("state = 'due'")),
        Index("ix_notices_subject", "kind", "subject_id"),
    )

    id: Mapped[Key]
    entry_id: Mapped[int] = mapped_column(ForeignKey("journal.id"))
    recipient_id: Mapped[int] = mapped_column(ForeignKey("recipients.id"))
    channel: Mapped[Channel] = mapped_column(Word)
    kind: Mapped[Kind] = mapped_column(Word)
    subject_id: Mapped[Wide]
    receipt_id: Mapped[Wide | None]
    state: Mapped[WorkState] = mapped_column(Word)
    created_at: Mapped[datetime]
    processed_at: Mapped[datetime | None]


class Message(Base):
    """The words that several recipients share, with marks where a recipient's own parts go.

    ``key`` is a hash of the words and of what they were composed for; ``receipts`` lists, as JSON,
    the receipts that the words name.
    """

    __tablename__ = "messages"

    id: Mapped[Key]
    key: Mapped[str] = mapped_column(String(64), unique=True)
    kind: Mapped[Kind] = mapped_column(Word)
    channel: Mapped[Channel] = mapped_column(Word)
    language: Mapped[str] = mapped_column(String(8))
    subject: Mapped[str] = mapped_column(String(250))
    text: Mapped[str] = mapped_column(Text)
    html: Mapped[str] = mapped_column(Text)
    receipts: Mapped[str] = mapped_column(Text)
    created_at: Mapped[datetime]


class Delivery(Base):
    """One message to one address over one channel, with its outcome.

    ``ref`` is the id the provider gets, the same at every attempt. ``possibly_doubled``: it was
    sent once more because nobody knew whether the first call had succeeded.
    """

    __tablename__ = "deliveries"
    __table_args__ = (
        UniqueConstraint("message_id", "recipient_id", "channel"),
        Index(
            "ix_deliveries_queued",
            "channel",
            "urgent",
            "next_try_at",
            **_where("state = 'queued'"),
        ),
        Index("ix_deliveries_recipient_id", "recipient_id", "id"),
        Index("ix_deliveries_state", "state", "id"),
    )

    id: Mapped[Key]
    message_id: Mapped[int] = mapped_column(ForeignKey("messages.id"))
    recipient_id: Mapped[int] = mapped_column(ForeignKey("recipients.id"))
    channel: Mapped[Channel] = mapped_column(Word)
    digest_id: Mapped[int | None] = mapped_column(ForeignKey("digests.id"), unique=True)
    notice_id: Mapped[int | None] = mapped_column(ForeignKey("notices.id"), unique=True)
    address: Mapped[str] = mapped_column(String(254))
    ref: Mapped[str] = mapped_column(String(32), unique=True)
    urgent: Mapped[bool]
    state: Mapped[State] = mapped_column(Word)
    attempts: Mapped[int] = mapped_column(default=0)
    possibly_doubled: Mapped[bool] = mapped_column(default=False)
    outcome: Mapped[str] = mapped_column(String(32), default="")
    detail: Mapped[str] = mapped_column(String(200), default="")
    claim: Mapped[str | None] = mapped_column(String(32))
    created_at: Mapped[datetime]
    next_try_at: Mapped[datetime]
    handed_out_at: Mapped[datetime | None]
    claimed_at: Mapped[datetime | None]
    calling_at: Mapped[datetime | None]
    sent_at: Mapped[datetime | None]
    delivered_at: Mapped[datetime | None]
    ended_at: Mapped[datetime | None]


class ChannelPause(Base):
    """That a channel's provider could not be reached; nothing goes there until the pause ends."""

    __tablename__ = "channel_pauses"

    channel: Mapped[Channel] = mapped_column(Word, primary_key=True)
    failures: Mapped[int]
    since: Mapped[datetime]
    until: Mapped[datetime]
    reason: Mapped[str] = mapped_column(String(200))
