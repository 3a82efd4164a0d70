"""Each agency's copy of a paper, with its facts."""

from datetime import date, datetime

from sqlalchemy import ForeignKey, Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from agencies.models import Agency
from bulletins.models.columns import Word
from bulletins.models.papers import Bulletin
from bulletins.models.relays import Relay
from bulletins.states import Part
from config.database import Base, Key

_UNACKNOWLEDGED = "acknowledged_at IS NULL AND closed_at IS NULL"
_UNOPENED = "opened_at IS NULL AND closed_at IS NULL"
_TO_RELAY = "relay_by IS NOT NULL AND relayed_at IS NULL AND passed_over_at IS NULL"


class Receipt(Base):
    """One agency's copy of one version, with its facts: each has its own time and person.

    What came by a relay names it and hangs under the relaying agency's own receipt. ``relay_by``
    is the day to whose end the paper's rule lets the agency relay it; ``passed_over_at`` is when
    that rule handed it down in the agency's place.
    From ``closed_at`` on nothing of it waits any more: the version was corrected, or the paper has
    ended.
    """

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
            sqlite_where=text(_UNOPENED),
            postgresql_where=text(_UNOPENED),
        ),
        Index(
            "ix_receipts_through",
            "through_receipt_id",
            sqlite_where=text("through_receipt_id IS NOT NULL"),
            postgresql_where=text("through_receipt_id IS NOT NULL"),
        ),
        Index(
            "ix_receipts_to_relay",
            "agency_id",
            "relay_by",
            "id",
            sqlite_where=text(_TO_RELAY),
            postgresql_where=text(_TO_RELAY),
        ),
    )

    id: Mapped[Key]
    bulletin_id: Mapped[int] = mapped_column(ForeignKey("bulletins.id"))
    version: Mapped[int]
    agency_id: Mapped[int] = mapped_column(ForeignKey("agencies.id"))
    part: Mapped[Part] = mapped_column(Word)
    through_receipt_id: Mapped[int | None] = mapped_column(ForeignKey("receipts.id"))
    relay_id: Mapped[int | None] = mapped_column(ForeignKey("relays.id"))
    needs_acknowledgement: Mapped[bool]
    relay_by: Mapped[date | None]
    sent_at: Mapped[datetime]
    delivered_at: Mapped[datetime | None]
    delivered_by: Mapped[int | None] = mapped_column(ForeignKey("people.id"))
    delivered_how: Mapped[str | None] = mapped_column(Word)
    opened_at: Mapped[datetime | None]
    opened_by: Mapped[int | None] = mapped_column(ForeignKey("people.id"))
    acknowledged_at: Mapped[datetime | None]
    acknowledged_by: Mapped[int | None] = mapped_column(ForeignKey("people.id"))
    relayed_at: Mapped[datetime | None]
    relayed_by: Mapped[int | None] = mapped_column(ForeignKey("people.id"))
    passed_over_at: Mapped[datetime | None]
    acted_at: Mapped[datetime | None]
    acted_by: Mapped[int | None] = mapped_column(ForeignKey("people.id"))
    reminded_at: Mapped[datetime | None]
    closed_at: Mapped[datetime | None]

    bulletin: Mapped[Bulletin] = relationship()
    agency: Mapped[Agency] = relationship()
    relay: Mapped[Relay | None] = relationship()
