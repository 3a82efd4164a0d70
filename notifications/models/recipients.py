"""Who gets messages, and what each wishes on each channel."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, UniqueConstraint, false
from sqlalchemy.orm import Mapped, mapped_column

from agencies.states import Channel
from config.database import Base, Key, Wide
from notifications.models.columns import Word, where
from notifications.states import Rhythm

_LISTENING = "rhythm = 'at_once' AND next_due_at IS NULL"


class Recipient(Base):
    """Whoever gets messages: a person, or somebody outside with an address and nothing else.

    A person's name, language and addresses stand with the person. One from outside gets the news
    of ``agency_id``, over each channel once they have confirmed the address there;
    ``bounced_at``: nobody has their mail address any more; ``join_link_id``: by which link they
    came, where they came by themselves.
    """

    __tablename__ = "recipients"
    __table_args__ = (
        CheckConstraint("person_id IS NOT NULL OR agency_id IS NOT NULL", name="whose"),
        Index("ix_recipients_agency_id", "agency_id", "id"),
        Index("ix_recipients_join_link_id", "join_link_id", **where("join_link_id IS NOT NULL")),
    )

    id: Mapped[Key]
    person_id: Mapped[int | None] = mapped_column(ForeignKey("people.id"), unique=True)
    agency_id: Mapped[int | None] = mapped_column(ForeignKey("agencies.id"))
    name: Mapped[str] = mapped_column(String(50), default="")
    mail: Mapped[str | None] = mapped_column(String(254))
    phone: Mapped[str | None] = mapped_column(String(32))
    mail_confirmed_at: Mapped[datetime | None]
    phone_confirmed_at: Mapped[datetime | None]
    language: Mapped[str] = mapped_column(String(8), default="zh")
    created_by: Mapped[Wide | None]
    join_link_id: Mapped[Wide | None]
    created_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]
    bounced_at: Mapped[datetime | None]


class Subscription(Base):
    """A recipient's wish for one channel; ``cursor`` is the last position their digests covered.

    ``weekdays`` has bit 0 for Monday to bit 6 for Sunday; ``times`` (``HH:MM``, a blank between
    two) and the quiet hours are in ``zone``. ``covered_at`` is when the last digest was made,
    ``planned_at`` when ``next_due_at`` was worked out.
    """

    __tablename__ = "subscriptions"
    __table_args__ = (
        UniqueConstraint("recipient_id", "channel"),
        Index("ix_subscriptions_listening", "cursor", **where(_LISTENING)),
    )

    id: Mapped[Key]
    recipient_id: Mapped[int] = mapped_column(ForeignKey("recipients.id"))
    channel: Mapped[Channel] = mapped_column(Word)
    rhythm: Mapped[Rhythm] = mapped_column(Word)
    urgent_at_once: Mapped[bool]
    times: Mapped[str] = mapped_column(String(64))
    weekdays: Mapped[int]
    month_day: Mapped[int] = mapped_column(default=1, server_default="1")
    zone: Mapped[str] = mapped_column(String(64))
    quiet_from: Mapped[str] = mapped_column(String(5), default="", server_default="")
    quiet_until: Mapped[str] = mapped_column(String(5), default="", server_default="")
    even_when_away: Mapped[bool] = mapped_column(default=False, server_default=false())
    next_due_at: Mapped[datetime | None] = mapped_column(index=True)
    planned_at: Mapped[datetime | None] = mapped_column(index=True)
    cursor: Mapped[Wide]
    covered_at: Mapped[datetime | None]
    changed_at: Mapped[datetime]
