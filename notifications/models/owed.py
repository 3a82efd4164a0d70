"""What is to be composed: digests that are due, and notices at once."""

from datetime import datetime

from sqlalchemy import ForeignKey, Index, UniqueConstraint, false
from sqlalchemy.orm import Mapped, mapped_column

from agencies.states import Channel
from config.database import Base, Key, Wide
from notifications.models.columns import Word, where
from notifications.states import Kind, WorkState


class Digest(Base):
    """What one recipient is owed on one channel at one hour: the positions after to upto.

    ``covers_from`` (None: the first) and ``covers_until`` say so in time. ``is_news_only``: it does
    not repeat what merely waits. ``failures`` counts how often it could not be composed; it is not
    tried before ``next_try_at``.
    ``handed_out_at``: a broker's worker was told to compose it.
    """

    __tablename__ = "digests"
    __table_args__ = (
        UniqueConstraint("recipient_id", "channel", "scheduled_at"),
        Index("ix_digests_waiting", "id", **where("state = 'due'")),
        Index("ix_digests_scheduled_at", "scheduled_at", "id"),
        Index("ix_digests_failing", "id", **where("state = 'due' AND failures > 0")),
    )

    id: Mapped[Key]
    recipient_id: Mapped[int] = mapped_column(ForeignKey("recipients.id"))
    channel: Mapped[Channel] = mapped_column(Word)
    scheduled_at: Mapped[datetime]
    after: Mapped[Wide]
    upto: Mapped[Wide]
    covers_from: Mapped[datetime | None]
    covers_until: Mapped[datetime | None]
    is_news_only: Mapped[bool] = mapped_column(default=False, server_default=false())
    state: Mapped[WorkState] = mapped_column(Word)
    failures: Mapped[int] = mapped_column(default=0, server_default="0")
    next_try_at: Mapped[datetime | None]
    handed_out_at: Mapped[datetime | None]
    created_at: Mapped[datetime]
    processed_at: Mapped[datetime | None]


class Notice(Base):
    """One thing to tell one recipient now, because of one entry of the journal.

    ``subject_id`` is the bulletin, invitation or contact it is about.
    """

    __tablename__ = "notices"
    __table_args__ = (
        UniqueConstraint("entry_id", "recipient_id", "channel"),
        Index("ix_notices_waiting", "id", **where("state = 'due'")),
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
