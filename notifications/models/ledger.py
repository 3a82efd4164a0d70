"""What the ledger keeps beside the deliveries: attempts, what a message names, stopped batches."""

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, String, text
from sqlalchemy.orm import Mapped, mapped_column

from agencies.states import Channel
from config.database import Base, Key, Wide
from notifications.states import Queue

_GOING_ON = text("ended_at IS NULL")


class Attempt(Base):
    """One call of a provider for one delivery, and what came of it.

    ``number`` counts them up from 1, and anew once an operator had it sent again. ``provider`` is
    the way out that was taken, empty where only a report or the silence told of the call.
    """

    __tablename__ = "delivery_attempts"
    __table_args__ = (
        Index("ix_delivery_attempts_delivery_id", "delivery_id", "id"),
        Index("ix_delivery_attempts_queue", "queue", "ended_at"),
    )

    id: Mapped[Key]
    delivery_id: Mapped[int] = mapped_column(ForeignKey("deliveries.id"))
    number: Mapped[int]
    queue: Mapped[Queue] = mapped_column(String(16))
    provider: Mapped[str] = mapped_column(String(32))
    begun_at: Mapped[datetime]
    ended_at: Mapped[datetime]
    outcome: Mapped[str] = mapped_column(String(32))
    detail: Mapped[str] = mapped_column(String(200))


class Named(Base):
    """That a digest's words name a receipt: so whoever issued the paper sees what became of it."""

    __tablename__ = "named_receipts"

    receipt_id: Mapped[Wide] = mapped_column(primary_key=True)
    message_id: Mapped[int] = mapped_column(ForeignKey("messages.id"), primary_key=True)


class NamedPart(Base):
    """That a digest's words name an agency's part of a task: so whoever gave the task sees it."""

    __tablename__ = "named_assignments"

    assignment_id: Mapped[Wide] = mapped_column(primary_key=True)
    message_id: Mapped[int] = mapped_column(ForeignKey("messages.id"), primary_key=True)


class Stop(Base):
    """That an operator stopped a batch: the digests of one hour, or all that tells of one paper.

    What of it is composed while the stop goes on is held as well.
    """

    __tablename__ = "stops"
    __table_args__ = (
        Index("ix_stops_going_on", "id", sqlite_where=_GOING_ON, postgresql_where=_GOING_ON),
    )

    id: Mapped[Key]
    channel: Mapped[Channel | None] = mapped_column(String(16))
    scheduled_at: Mapped[datetime | None]
    bulletin_id: Mapped[int | None] = mapped_column(ForeignKey("bulletins.id"))
    created_by: Mapped[Wide | None]
    created_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]

    def covers(self, channel: Any, scheduled_at: datetime | None, bulletin_id: int | None) -> bool:
        """Whether a message belongs to the batch that was stopped."""
        if self.channel is not None and self.channel != channel:
            return False
        if self.bulletin_id is not None:
            return self.bulletin_id == bulletin_id
        return scheduled_at is not None and self.scheduled_at == scheduled_at
