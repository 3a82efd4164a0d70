"""Each agency's copy of a paper, with its facts."""

from datetime import datetime

from sqlalchemy import ForeignKey, Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from agencies.models import Agency
from bulletins.models.columns import Word
from bulletins.models.papers import Bulletin
from bulletins.states import Part
from config.database import Base, Key

_UNACKNOWLEDGED = "acknowledged_at IS NULL"


class Receipt(Base):
    """One agency's copy of one version, with its facts: each has its own time and person."""

    __tablename__ = "receipts"
    __table_args__ = (
        UniqueConstraint("bulletin_id", "version", "agency_id"),
        Index("ix_receipts_inbox", "agency_id", "sent_at", "id"),
        Index(
            "ix_receipts_to_acknowledge",
            "agency_id",
            "sent_at",
            "id",
            sqlite_where=text(f"needs_acknowledgement = 1 AND {_UNACKNOWLEDGED}"),
            postgresql_where=text(f"needs_acknowledgement AND {_UNACKNOWLEDGED}"),
        ),
        Index(
            "ix_receipts_unopened",
            "agency_id",
            "sent_at",
            "id",
            sqlite_where=text("opened_at IS NULL"),
            postgresql_where=text("opened_at IS NULL"),
        ),
        Index(
            "ix_receipts_through",
            "through_receipt_id",
            sqlite_where=text("through_receipt_id IS NOT NULL"),
            postgresql_where=text("through_receipt_id IS NOT NULL"),
        ),
    )

    id: Mapped[Key]
    bulletin_id: Mapped[int] = mapped_column(ForeignKey("bulletins.id"))
    version: Mapped[int]
    agency_id: Mapped[int] = mapped_column(ForeignKey("agencies.id"))
    part: Mapped[Part] = mapped_column(Word)
    through_receipt_id: Mapped[int | None] = mapped_column(ForeignKey("receipts.id"))
    needs_acknowledgement: Mapped[bool]
    sent_at: Mapped[datetime]
    delivered_at: Mapped[datetime | None]
    delivered_by: Mapped[int | None] = mapped_column(ForeignKey("people.id"))
    delivered_how: Mapped[str | None] = mapped_column(Word)
    opened_at: Mapped[datetime | None]
    opened_by: Mapped[int | None] = mapped_column(ForeignKey("people.id"))
    acknowledged_at: Mapped[datetime | None]
    acknowledged_by: Mapped[int | None] = mapped_column(ForeignKey("people.id"))
    reminded_at: Mapped[datetime | None]

    bulletin: Mapped[Bulletin] = relationship()
    agency: Mapped[Agency] = relationship()
