"""What a paper is about: topics and sectors, which papers are under them, and who follows which."""

from datetime import datetime

from sqlalchemy import ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from bulletins.models.columns import TAG_CODE_LENGTH, TAG_NAME_LENGTH, Word
from bulletins.states import TagKind
from config.database import Base, Key


class Tag(Base):
    """A topic or a sector under which papers are filed; the first ones came with the table."""

    __tablename__ = "tags"

    id: Mapped[Key]
    code: Mapped[str] = mapped_column(String(TAG_CODE_LENGTH), unique=True)
    kind: Mapped[TagKind] = mapped_column(Word)
    name: Mapped[str] = mapped_column(String(TAG_NAME_LENGTH))
    name_en: Mapped[str] = mapped_column(String(TAG_NAME_LENGTH))
    place: Mapped[int]


class PaperTag(Base):
    """That a version of a paper is filed under a tag; version 0 is the draft."""

    __tablename__ = "paper_tags"
    __table_args__ = (Index("ix_paper_tags_tag_id", "tag_id", "bulletin_id", "version"),)

    bulletin_id: Mapped[int] = mapped_column(ForeignKey("bulletins.id"), primary_key=True)
    version: Mapped[int] = mapped_column(primary_key=True)
    tag_id: Mapped[int] = mapped_column(ForeignKey("tags.id"), primary_key=True)


class Follow(Base):
    """That an agency wants to hear of papers under a tag that are addressed to others."""

    __tablename__ = "follows"
    __table_args__ = (
        Index("ix_follows_agency_id", "agency_id"),
        Index("ix_follows_tag_id", "tag_id", "agency_id"),
    )

    id: Mapped[Key]
    agency_id: Mapped[int] = mapped_column(ForeignKey("agencies.id"))
    tag_id: Mapped[int] = mapped_column(ForeignKey("tags.id"))
    created_at: Mapped[datetime]
    created_by: Mapped[int] = mapped_column(ForeignKey("people.id"))
    ended_at: Mapped[datetime | None]


class FollowedPaper(Base):
    """A paper that came to an agency because it follows a tag; it is no receipt and no part of the
    audience. ``entry_id`` is the journal entry of its publishing.
    """

    __tablename__ = "followed_papers"
    __table_args__ = (Index("ix_followed_papers_agency_id", "agency_id", "entry_id"),)

    bulletin_id: Mapped[int] = mapped_column(ForeignKey("bulletins.id"), primary_key=True)
    agency_id: Mapped[int] = mapped_column(ForeignKey("agencies.id"), primary_key=True)
    entry_id: Mapped[int] = mapped_column(ForeignKey("journal.id"), index=True)
