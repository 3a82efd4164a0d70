"""The library: what readers found useful, what was offered upward, what was selected."""

from datetime import datetime

from sqlalchemy import ForeignKey, Index, String, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from agencies.models import Agency
from bulletins.library.states import OfferState
from bulletins.models.columns import REMARK_LENGTH, Word
from bulletins.models.papers import Bulletin
from config.database import Base, Key


class UsefulMark(Base):
    """That one person found a paper useful."""

    __tablename__ = "useful_marks"

    bulletin_id: Mapped[int] = mapped_column(ForeignKey("bulletins.id"), primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id"), primary_key=True)
    marked_at: Mapped[datetime]


class Selection(Base):
    """That an agency above the issuer selected a paper: until ``ended_at`` everybody may read it.

    ``note`` is what readers are told of it. The first selection stands; one that ended is used
    again.
    """

    __tablename__ = "selections"
    __table_args__ = (
        Index(
            "ix_selections_library",
            "selected_at",
            "bulletin_id",
            sqlite_where=text("ended_at IS NULL"),
            postgresql_where=text("ended_at IS NULL"),
        ),
    )

    bulletin_id: Mapped[int] = mapped_column(ForeignKey("bulletins.id"), primary_key=True)
    agency_id: Mapped[int] = mapped_column(ForeignKey("agencies.id"), index=True)
    note: Mapped[str] = mapped_column(String(REMARK_LENGTH))
    selected_at: Mapped[datetime]
    selected_by: Mapped[int] = mapped_column(ForeignKey("people.id"))
    ended_at: Mapped[datetime | None]

    agency: Mapped[Agency] = relationship()


class Offer(Base):
    """A paper offered to an agency above for the library, and what became of that.

    ``to_agency`` may read the paper while the offer is open. ``decided_entry_id`` is the journal
    entry that told the issuer of the decision.
    """

    __tablename__ = "offers"
    __table_args__ = (
        Index("ix_offers_agency", "agency_id", "offered_at", "id"),
        Index(
            "ix_offers_open",
            "bulletin_id",
            "to_agency_id",
            unique=True,
            sqlite_where=text("state = 'offered'"),
            postgresql_where=text("state = 'offered'"),
        ),
        Index(
            "ix_offers_to_decide",
            "to_agency_id",
            "offered_at",
            "id",
            sqlite_where=text("state = 'offered'"),
            postgresql_where=text("state = 'offered'"),
        ),
    )

    id: Mapped[Key]
    bulletin_id: Mapped[int] = mapped_column(ForeignKey("bulletins.id"), index=True)
    agency_id: Mapped[int] = mapped_column(ForeignKey("agencies.id"))
    to_agency_id: Mapped[int] = mapped_column(ForeignKey("agencies.id"))
    reason: Mapped[str] = mapped_column(String(REMARK_LENGTH))
    state: Mapped[OfferState] = mapped_column(Word)
    offered_at: Mapped[datetime]
    offered_by: Mapped[int] = mapped_column(ForeignKey("people.id"))
    ended_at: Mapped[datetime | None]
    ended_by: Mapped[int | None] = mapped_column(ForeignKey("people.id"))
    remark: Mapped[str] = mapped_column(String(REMARK_LENGTH))
    decided_entry_id: Mapped[int | None] = mapped_column(ForeignKey("journal.id"), index=True)

    bulletin: Mapped[Bulletin] = relationship()
    agency: Mapped[Agency] = relationship(foreign_keys=agency_id)
    to_agency: Mapped[Agency] = relationship(foreign_keys=to_agency_id)
