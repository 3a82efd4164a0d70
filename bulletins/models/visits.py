"""Pages outside that papers at work link to: what was seen there, and which papers were read."""

from datetime import datetime

from sqlalchemy import Index, String, Text, text
from sqlalchemy.orm import Mapped, mapped_column

from bulletins.models.columns import Word
from bulletins.outside.states import Seen
from bulletins.states import OwnerKind
from config.database import WIDE, Base

_DUE = text("due_at IS NOT NULL")


class LinkVisit(Base):
    """An address (``digest`` is its SHA-256). ``seen`` is None until somebody has looked.

    Nobody looks at it before ``due_at``, nor where that is None; whoever does has it until
    ``claimed_until``. It was linked to in a paper at work at ``wanted_at``.
    """

    __tablename__ = "link_visits"
    __table_args__ = (
        Index("ix_link_visits_due_at", "due_at", sqlite_where=_DUE, postgresql_where=_DUE),
        Index("ix_link_visits_claimed_until", "claimed_until"),
        Index("ix_link_visits_wanted_at", "wanted_at"),
    )

    digest: Mapped[str] = mapped_column(String(64), primary_key=True)
    url: Mapped[str] = mapped_column(Text)
    host: Mapped[str] = mapped_column(String(255))
    seen: Mapped[Seen | None] = mapped_column(Word)
    status: Mapped[int | None]
    checked_at: Mapped[datetime | None]
    holds_until: Mapped[datetime | None]
    due_at: Mapped[datetime | None]
    claimed_until: Mapped[datetime | None]
    wanted_at: Mapped[datetime]


class LinkReading(Base):
    """That the links of a paper's, or a relay's, revision were read: not again and again."""

    __tablename__ = "link_readings"

    owner_kind: Mapped[OwnerKind] = mapped_column(Word, primary_key=True)
    owner_id: Mapped[int] = mapped_column(WIDE, primary_key=True, autoincrement=False)
    revision: Mapped[int]
    has_links: Mapped[bool]
    read_at: Mapped[datetime] = mapped_column(index=True)
