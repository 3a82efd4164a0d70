"""Whom a paper addresses, as rules."""

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from agencies.states import AgencyKind, Level
from bulletins.models.columns import Word
from bulletins.states import Part, RuleKind
from config.database import Base, Key


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
