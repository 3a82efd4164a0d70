"""Searches that an agency keeps and follows, what they found, and the feeds that people read."""

from datetime import date, datetime

from sqlalchemy import ForeignKey, ForeignKeyConstraint, Index, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from agencies.models import Agency, Person, Seat
from bulletins.models.columns import Word
from bulletins.search.terms import NAME_LENGTH, QUERY_LENGTH
from bulletins.states import BulletinType
from config.database import WIDE, Base, Key


class SavedSearch(Base):
    """Words, type, issuer, topic, sector and days that an agency looks for again and again.

    ``followed_entry_id`` is the journal entry since which it is followed; None where it is not.
    """

    __tablename__ = "saved_searches"
    __table_args__ = (Index("ix_saved_searches_agency_id", "agency_id", "id"),)

    id: Mapped[Key]
    agency_id: Mapped[int] = mapped_column(ForeignKey("agencies.id"))
    name: Mapped[str] = mapped_column(String(NAME_LENGTH))
    q: Mapped[str] = mapped_column(String(QUERY_LENGTH))
    type: Mapped[BulletinType | None] = mapped_column(Word)
    issuer_id: Mapped[int | None] = mapped_column(ForeignKey("agencies.id"))
    topic: Mapped[str | None] = mapped_column(ForeignKey("tags.code"))
    sector: Mapped[str | None] = mapped_column(ForeignKey("tags.code"))
    since: Mapped[date | None]
    until: Mapped[date | None]
    followed_entry_id: Mapped[int | None] = mapped_column(ForeignKey("journal.id"))
    created_at: Mapped[datetime]
    created_by: Mapped[int] = mapped_column(ForeignKey("people.id"))
    ended_at: Mapped[datetime | None]

    issuer: Mapped[Agency | None] = relationship(foreign_keys=issuer_id)


class SearchMatch(Base):
    """That a followed search found a version of a paper; ``entry_id`` is the entry that says so.

    Digests read it at that entry's position, however late the match was found.
    """

    __tablename__ = "search_matches"
    __table_args__ = (
        ForeignKeyConstraint(
            ["bulletin_id", "version"],
            ["bulletin_versions.bulletin_id", "bulletin_versions.version"],
        ),
    )

    search_id: Mapped[int] = mapped_column(ForeignKey("saved_searches.id"), primary_key=True)
    bulletin_id: Mapped[int] = mapped_column(WIDE, primary_key=True)
    version: Mapped[int] = mapped_column(primary_key=True)
    entry_id: Mapped[int] = mapped_column(ForeignKey("journal.id"), index=True)


class SearchFeed(Base):
    """A private address at which one person, in one seat, reads what a search finds.

    Only the hash of the secret in it is kept; it is dead with the seat, and with the search.
    """

    __tablename__ = "search_feeds"

    id: Mapped[Key]
    search_id: Mapped[int] = mapped_column(ForeignKey("saved_searches.id"), index=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id"), index=True)
    seat_id: Mapped[int] = mapped_column(ForeignKey("seats.id"), index=True)
    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    created_at: Mapped[datetime]
    revoked_at: Mapped[datetime | None]

    search: Mapped[SavedSearch] = relationship()
    person: Mapped[Person] = relationship()
    seat: Mapped[Seat] = relationship()
