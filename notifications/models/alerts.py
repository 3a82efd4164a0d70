"""What the bell shows, up to where somebody has seen it, and how far a 特急 paper was pressed."""

from datetime import datetime

from sqlalchemy import ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from config.database import Base, Key, Wide
from notifications.models.columns import Word, where
from notifications.states import AlertKind, Rung

NOTE_LENGTH = 100
_TO_CALL = "rung = 'call' AND next_at IS NULL AND called_at IS NULL"


class Alert(Base):
    """One thing for the bell of everybody who acts in an agency, because of one entry.

    One of ``receipt_id``, ``assignment_id``, ``bulletin_id`` and ``export_id`` says what it is
    about; exports are forgotten before it. ``person_id``: it is for that person's bell alone.
    """

    __tablename__ = "alerts"
    __table_args__ = (
        UniqueConstraint("entry_id", "agency_id"),
        Index("ix_alerts_agency_id_id", "agency_id", "id"),
    )

    id: Mapped[Key]
    agency_id: Mapped[int] = mapped_column(ForeignKey("agencies.id"))
    entry_id: Mapped[int] = mapped_column(ForeignKey("journal.id"))
    kind: Mapped[AlertKind] = mapped_column(Word)
    receipt_id: Mapped[int | None] = mapped_column(ForeignKey("receipts.id"))
    assignment_id: Mapped[int | None] = mapped_column(ForeignKey("assignments.id"))
    bulletin_id: Mapped[int | None] = mapped_column(ForeignKey("bulletins.id"))
    export_id: Mapped[Wide | None]
    person_id: Mapped[Wide | None]
    created_at: Mapped[datetime]


class AlertCursor(Base):
    """Up to which alert of an agency a person has seen its bell."""

    __tablename__ = "alert_cursors"

    person_id: Mapped[int] = mapped_column(ForeignKey("people.id"), primary_key=True)
    agency_id: Mapped[int] = mapped_column(ForeignKey("agencies.id"), primary_key=True)
    seen: Mapped[Wide]


class Escalation(Base):
    """How far an unopened receipt of a 特急 paper has been pressed.

    ``rung`` is the step that is taken at ``next_at``; None there: nothing more is to be done by
    itself. On the rung ``call`` somebody of the issuer rings up and notes what was said.
    """

    __tablename__ = "escalations"
    __table_args__ = (
        Index(
            "ix_escalations_next_at",
            "next_at",
            "receipt_id",
            **where("next_at IS NOT NULL"),
        ),
        Index(
            "ix_escalations_to_call",
            "issuer_id",
            "receipt_id",
            **where(_TO_CALL),
        ),
    )

    receipt_id: Mapped[int] = mapped_column(
        ForeignKey("receipts.id"), primary_key=True, autoincrement=False
    )
    issuer_id: Mapped[int] = mapped_column(ForeignKey("agencies.id"))
    rung: Mapped[Rung] = mapped_column(Word)
    next_at: Mapped[datetime | None]
    called_at: Mapped[datetime | None]
    called_by: Mapped[int | None] = mapped_column(ForeignKey("people.id"))
    note: Mapped[str] = mapped_column(String(NOTE_LENGTH), default="")
