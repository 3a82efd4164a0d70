"""Review before signing: who is asked in which order, what each said, remarks at places."""

from datetime import datetime

from sqlalchemy import ForeignKey, Index, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from agencies.models import Agency, Seat
from bulletins.models.columns import QUOTE_LENGTH, REASON_LENGTH, Word
from bulletins.models.papers import Bulletin
from bulletins.states import Verdict
from config.database import Base, Key


class ReviewStep(Base):
    """The plan of a paper's review: seats of the same step are asked side by side."""

    __tablename__ = "review_steps"

    bulletin_id: Mapped[int] = mapped_column(ForeignKey("bulletins.id"), primary_key=True)
    seat_id: Mapped[int] = mapped_column(ForeignKey("seats.id"), primary_key=True)
    step: Mapped[int]


class Review(Base):
    """One seat asked in one round; it has its turn from ``asked_at`` on, until it decided.

    A round that ended without its verdict (withdrawn, returned by another) is closed.
    """

    __tablename__ = "reviews"
    __table_args__ = (
        UniqueConstraint("bulletin_id", "round", "seat_id"),
        Index(
            "ix_reviews_waiting",
            "seat_id",
            "asked_at",
            "id",
            sqlite_where=text("closed_at IS NULL AND asked_at IS NOT NULL"),
            postgresql_where=text("closed_at IS NULL AND asked_at IS NOT NULL"),
        ),
    )

    id: Mapped[Key]
    bulletin_id: Mapped[int] = mapped_column(ForeignKey("bulletins.id"))
    round: Mapped[int]
    step: Mapped[int]
    seat_id: Mapped[int] = mapped_column(ForeignKey("seats.id"))
    asked_at: Mapped[datetime | None]
    verdict: Mapped[Verdict | None] = mapped_column(Word)
    opinion: Mapped[str] = mapped_column(String(REASON_LENGTH), default="")
    decided_by: Mapped[int | None] = mapped_column(ForeignKey("people.id"))
    closed_at: Mapped[datetime | None]

    bulletin: Mapped[Bulletin] = relationship()
    seat: Mapped[Seat] = relationship()


class PlaceRemark(Base):
    """What is to change at one place of a text: its paragraph (from 1) and the words quoted.

    ``agency_id`` is the organ whose remark it is where that issues the paper beside its host.
    """

    __tablename__ = "place_remarks"

    id: Mapped[Key]
    bulletin_id: Mapped[int] = mapped_column(ForeignKey("bulletins.id"), index=True)
    paragraph: Mapped[int]
    quote: Mapped[str] = mapped_column(String(QUOTE_LENGTH))
    text: Mapped[str] = mapped_column(String(REASON_LENGTH))
    made_at: Mapped[datetime]
    made_by: Mapped[int] = mapped_column(ForeignKey("people.id"))
    settled_at: Mapped[datetime | None]
    settled_by: Mapped[int | None] = mapped_column(ForeignKey("people.id"))
    agency_id: Mapped[int | None] = mapped_column(ForeignKey("agencies.id"))

    bulletin: Mapped[Bulletin] = relationship()
    agency: Mapped[Agency | None] = relationship()
