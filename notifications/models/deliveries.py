"""Messages, and what became of each on its way to each recipient."""

from datetime import datetime

from sqlalchemy import ForeignKey, Index, String, Text, UniqueConstraint, false
from sqlalchemy.orm import Mapped, mapped_column

from agencies.states import Channel
from config.database import Base, Key
from notifications.models.columns import Word, where
from notifications.states import Kind, State


class Message(Base):
    """The words that several recipients share, with marks where a recipient's own parts go.

    ``key`` is a hash of the words and of what they were composed for; ``receipts`` lists, as JSON,
    the receipts that the words name, ``assignments`` the parts of tasks. ``variables``, JSON too,
    is what an SMS says by name, to fill a cloud's template with.
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
    assignments: Mapped[str] = mapped_column(Text, default="[]", server_default="[]")
    variables: Mapped[str] = mapped_column(Text, default="{}", server_default="{}")
    created_at: Mapped[datetime]


class Delivery(Base):
    """One message to one address over one channel, with its outcome.

    ``ref`` is the id the provider gets, the same at every attempt. ``possibly_doubled``: it was
    sent once more because nobody knew whether the first call had succeeded. ``slot_at``: the
    moment that was booked for it, so that its provider's pace is kept. ``at_any_hour``: it does
    not wait for the end of quiet hours. ``route`` is the way out that took it last, ``serial`` its
    number there, ``parts`` what it is paid for as, ``asked`` how often a cloud was asked what
    became of it, which is not done again before ``ask_at``. ``attempts_before``: how many
    attempts were made when the operator last had it sent again; from there pauses grow anew.
    """

    __tablename__ = "deliveries"
    __table_args__ = (
        UniqueConstraint("message_id", "recipient_id", "channel"),
        Index(
            "ix_deliveries_queued",
            "channel",
            "urgent",
            "next_try_at",
            **where("state = 'queued'"),
        ),
        Index(
            "ix_deliveries_handed_out",
            *("channel", "urgent", "handed_out_at"),
            **where("state = 'queued' AND handed_out_at IS NOT NULL"),
        ),
        Index("ix_deliveries_recipient_id", "recipient_id", "id"),
        Index("ix_deliveries_state", "state", "id"),
        Index("ix_deliveries_serial", "serial", **where("serial IS NOT NULL")),
        Index("ix_deliveries_phone", "address", "id", **where("channel = 'sms'")),
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
    at_any_hour: Mapped[bool] = mapped_column(default=False, server_default=false())
    state: Mapped[State] = mapped_column(Word)
    attempts: Mapped[int] = mapped_column(default=0)
    attempts_before: Mapped[int] = mapped_column(default=0, server_default="0")
    possibly_doubled: Mapped[bool] = mapped_column(default=False)
    outcome: Mapped[str] = mapped_column(String(32), default="")
    detail: Mapped[str] = mapped_column(String(200), default="")
    claim: Mapped[str | None] = mapped_column(String(32))
    route: Mapped[str] = mapped_column(Word, default="", server_default="")
    serial: Mapped[str | None] = mapped_column(String(64))
    parts: Mapped[int] = mapped_column(default=0, server_default="0")
    asked: Mapped[int] = mapped_column(default=0, server_default="0")
    ask_at: Mapped[datetime | None]
    created_at: Mapped[datetime]
    next_try_at: Mapped[datetime]
    slot_at: Mapped[datetime | None]
    handed_out_at: Mapped[datetime | None]
    claimed_at: Mapped[datetime | None]
    calling_at: Mapped[datetime | None]
    sent_at: Mapped[datetime | None]
    delivered_at: Mapped[datetime | None]
    ended_at: Mapped[datetime | None]
