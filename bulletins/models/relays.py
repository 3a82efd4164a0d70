"""Relays: an agency passes a paper that it received down to those below it."""

from datetime import date, datetime

from sqlalchemy import ForeignKey, Index, String, Text, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from agencies.models import Agency, Person
from agencies.states import AgencyKind, Level
from bulletins.models.columns import FORM_KEY_LENGTH, REMARK_LENGTH, Word
from bulletins.models.papers import Bulletin
from bulletins.states import Part, RuleKind, State
from config.database import Base, Key

_OPEN = "state IN ('draft', 'returned', 'submitted')"


class Relay(Base):
    """That an agency hands a paper down, with its own words beside the original, which is locked.

    The receipts that it gives hang under the agency's own one. ``version`` is the paper's version
    that was read and signed; ``entry_id`` is the journal entry that told of it. ``by_rule``: the
    paper's own rule handed it down because the agency had not, so nobody signed and nothing was
    added. ``note`` goes before the original (转发语), ``additions`` after it (补充要求); ``remark``
    is why the approver returned it the last time. ``form_key`` came with the form that saved it
    last: sent again because its answer was lost, that form overwrites nobody else's words.
    """

    __tablename__ = "relays"
    __table_args__ = (
        Index(
            "uq_relays_open",
            "bulletin_id",
            "agency_id",
            unique=True,
            sqlite_where=text(_OPEN),
            postgresql_where=text(_OPEN),
        ),
        Index("ix_relays_agency_id_state_updated_at", "agency_id", "state", "updated_at", "id"),
        Index("ix_relays_bulletin_id_agency_id", "bulletin_id", "agency_id"),
    )

    id: Mapped[Key]
    bulletin_id: Mapped[int] = mapped_column(ForeignKey("bulletins.id"))
    agency_id: Mapped[int] = mapped_column(ForeignKey("agencies.id"))
    version: Mapped[int]
    by_rule: Mapped[bool] = mapped_column(default=False)
    note: Mapped[str] = mapped_column(Text, default="")
    note_html: Mapped[str] = mapped_column(Text, default="")
    additions: Mapped[str] = mapped_column(Text, default="")
    additions_html: Mapped[str] = mapped_column(Text, default="")
    needs_acknowledgement: Mapped[bool] = mapped_column(default=False)
    acknowledge_by: Mapped[date | None]
    state: Mapped[State] = mapped_column(Word)
    remark: Mapped[str] = mapped_column(String(REMARK_LENGTH), default="")
    revision: Mapped[int] = mapped_column(default=1)
    form_key: Mapped[str | None] = mapped_column(String(FORM_KEY_LENGTH))
    receipt_count: Mapped[int] = mapped_column(default=0)
    entry_id: Mapped[int | None] = mapped_column(ForeignKey("journal.id"), unique=True)
    created_at: Mapped[datetime]
    created_by: Mapped[int | None] = mapped_column(ForeignKey("people.id"))
    updated_at: Mapped[datetime]
    updated_by: Mapped[int | None] = mapped_column(ForeignKey("people.id"))
    submitted_at: Mapped[datetime | None]
    submitted_by: Mapped[int | None] = mapped_column(ForeignKey("people.id"))
    signed_at: Mapped[datetime | None]
    signed_by: Mapped[int | None] = mapped_column(ForeignKey("people.id"))

    bulletin: Mapped[Bulletin] = relationship()
    agency: Mapped[Agency] = relationship()
    editor: Mapped[Person | None] = relationship(foreign_keys=updated_by)


class RelayRule(Base):
    """One line of a relay's audience, as ``AudienceRule`` is of a paper's."""

    __tablename__ = "relay_rules"

    id: Mapped[Key]
    relay_id: Mapped[int] = mapped_column(ForeignKey("relays.id"), index=True)
    part: Mapped[Part] = mapped_column(Word)
    kind: Mapped[RuleKind] = mapped_column(Word)
    agency_id: Mapped[int] = mapped_column(ForeignKey("agencies.id"))
    level: Mapped[Level | None] = mapped_column(Word)
    agency_kind: Mapped[AgencyKind | None] = mapped_column(Word)
