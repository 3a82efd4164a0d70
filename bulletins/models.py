"""What is said: papers, whom they address, and each agency's copy with its facts."""

from datetime import date, datetime

from sqlalchemy import ForeignKey, Index, String, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from agencies.models import Agency, Person
from agencies.states import AgencyKind, Level
from bulletins.states import BulletinType, Part, RuleKind, State, Urgency
from config.database import Base, Key

Word = String(16)
TITLE_LENGTH = 200


class Bulletin(Base):
    """A paper as its issuer works on it; what readers see are its versions.

    ``revision`` counts the saves, so that a stale one is noticed; ``version`` is the last one
    published (0: none yet). ``html`` is ``body`` rendered when it was saved.
    """

    __tablename__ = "bulletins"
    __table_args__ = (
        Index("ix_bulletins_issuer_id_state_updated_at", "issuer_id", "state", "updated_at", "id"),
        Index("ix_bulletins_issuer_id_signed_at", "issuer_id", "signed_at", "id"),
    )

    id: Mapped[Key]
    issuer_id: Mapped[int] = mapped_column(ForeignKey("agencies.id"))
    type: Mapped[BulletinType] = mapped_column(Word)
    urgency: Mapped[Urgency] = mapped_column(Word)
    title: Mapped[str] = mapped_column(String(TITLE_LENGTH))
    body: Mapped[str] = mapped_column(Text)
    html: Mapped[str] = mapped_column(Text)
    needs_acknowledgement: Mapped[bool] = mapped_column(default=False)
    acknowledge_by: Mapped[date | None]
    state: Mapped[State] = mapped_column(Word)
    version: Mapped[int] = mapped_column(default=0)
    revision: Mapped[int] = mapped_column(default=1)
    created_at: Mapped[datetime]
    created_by: Mapped[int] = mapped_column(ForeignKey("people.id"))
    updated_at: Mapped[datetime]
    updated_by: Mapped[int] = mapped_column(ForeignKey("people.id"))
    submitted_at: Mapped[datetime | None]
    submitted_by: Mapped[int | None] = mapped_column(ForeignKey("people.id"))
    signed_at: Mapped[datetime | None]
    signed_by: Mapped[int | None] = mapped_column(ForeignKey("people.id"))

    issuer: Mapped[Agency] = relationship()
    editor: Mapped[Person] = relationship(foreign_keys=updated_by)


class BulletinVersion(Base):
    """What was signed and sent, unchangeable; ``entry_id`` is the journal entry that told of it."""

    __tablename__ = "bulletin_versions"

    bulletin_id: Mapped[int] = mapped_column(ForeignKey("bulletins.id"), primary_key=True)
    version: Mapped[int] = mapped_column(primary_key=True)
    entry_id: Mapped[int] = mapped_column(ForeignKey("journal.id"), unique=True)
    type: Mapped[BulletinType] = mapped_column(Word)
    urgency: Mapped[Urgency] = mapped_column(Word)
    title: Mapped[str] = mapped_column(String(TITLE_LENGTH))
    body: Mapped[str] = mapped_column(Text)
    html: Mapped[str] = mapped_column(Text)
    needs_acknowledgement: Mapped[bool]
    acknowledge_by: Mapped[date | None]
    receipt_count: Mapped[int]
    signed_at: Mapped[datetime]
    signed_by: Mapped[int] = mapped_column(ForeignKey("people.id"))

    bulletin: Mapped[Bulletin] = relationship()
    signer: Mapped[Person] = relationship()


class AudienceRule(Base):
    """One line of an audience: an agency, or what stands in its subtree of a level or kind."""

    __tablename__ = "audience_rules"

    id: Mapped[Key]
    bulletin_id: Mapped[int] = mapped_column(ForeignKey("bulletins.id"), index=True)
    part: Mapped[Part] = mapped_column(Word)
    kind: Mapped[RuleKind] = mapped_column(Word)
    agency_id: Mapped[int] = mapped_column(ForeignKey("agencies.id"))
    level: Mapped[Level | None] = mapped_column(Word)
    agency_kind: Mapped[AgencyKind | None] = mapped_column(Word)


class Remark(Base):
    """The words that went with a step of a paper; the step itself is a journal entry."""

    __tablename__ = "bulletin_remarks"

    entry_id: Mapped[int] = mapped_column(ForeignKey("journal.id"), primary_key=True)
    bulletin_id: Mapped[int] = mapped_column(ForeignKey("bulletins.id"), index=True)
    text: Mapped[str] = mapped_column(String(500))


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
