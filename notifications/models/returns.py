"""What came back of mails, and the readers that senders have lost by it."""

from datetime import datetime

from sqlalchemy import ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from config.database import Base, Key
from notifications.models.columns import Word
from notifications.returned import Return


class ReturnedMail(Base):
    """What a mail server, or a reader, said of a delivery after it had gone out: each thing once.

    ``status`` is the code of RFC 3463.
    """

    __tablename__ = "returned_mails"
    __table_args__ = (UniqueConstraint("delivery_id", "kind"),)

    id: Mapped[Key]
    delivery_id: Mapped[int] = mapped_column(ForeignKey("deliveries.id"))
    kind: Mapped[Return] = mapped_column(Word)
    status: Mapped[str] = mapped_column(String(16))
    detail: Mapped[str] = mapped_column(String(200))
    at: Mapped[datetime]


class LostReader(Base):
    """That an issuer's papers no longer reach a reader by mail; ``entry_id`` dates it."""

    __tablename__ = "lost_readers"
    __table_args__ = (
        UniqueConstraint("entry_id"),
        Index("ix_lost_readers_agency_id", "agency_id", "id"),
    )

    id: Mapped[Key]
    agency_id: Mapped[int] = mapped_column(ForeignKey("agencies.id"))
    recipient_id: Mapped[int] = mapped_column(ForeignKey("recipients.id"))
    bulletin_id: Mapped[int] = mapped_column(ForeignKey("bulletins.id"))
    entry_id: Mapped[int] = mapped_column(ForeignKey("journal.id"))
