"""What can be searched: a narrow row for each paper, and its words in the engine's own index.

The words stand in ``fts_papers``, which is no mapped table: FTS5's virtual table on SQLite, a
``tsvector`` for each passage on PostgreSQL. It is made from the papers and can be made anew. What
relays add to papers has an index of its own, ``fts_relays``: only those below may find it, and
whoever looks for papers doesn't read over it.
"""

from datetime import date

from sqlalchemy import DDL, ForeignKey, Index, Text, event
from sqlalchemy.orm import Mapped, mapped_column

from bulletins.models.columns import Word
from bulletins.states import BulletinType
from config.database import WIDE, Base


class IndexedPaper(Base):
    """The current version of a published paper. ``id`` is the journal entry that told of it.

    So the order of ids is the order of publication. What lists are narrowed and counted by stands
    here beside each other, for a search looks at a thousand rows and shows twenty: ``issuers`` are
    the ids of all agencies that issue it, the host first, ``tags`` the codes of its topics and
    sectors, both divided by blanks. They are for counting; what narrows asks the tables themselves.
    """

    __tablename__ = "search_papers"

    id: Mapped[int] = mapped_column(
        WIDE, ForeignKey("journal.id"), primary_key=True, autoincrement=False
    )
    bulletin_id: Mapped[int] = mapped_column(ForeignKey("bulletins.id"), unique=True)
    version: Mapped[int]
    issuer_id: Mapped[int] = mapped_column(ForeignKey("agencies.id"))
    type: Mapped[BulletinType] = mapped_column(Word)
    published_on: Mapped[date]
    issuers: Mapped[str] = mapped_column(Text, server_default="")
    tags: Mapped[str] = mapped_column(Text, server_default="")


class IndexedRelay(Base):
    """A signed relay with words of its own. ``id`` is the journal entry that told of it."""

    __tablename__ = "search_relays"
    __table_args__ = (Index("ix_search_relays_agency_id_id", "agency_id", "id"),)

    id: Mapped[int] = mapped_column(
        WIDE, ForeignKey("journal.id"), primary_key=True, autoincrement=False
    )
    relay_id: Mapped[int] = mapped_column(ForeignKey("relays.id"), unique=True)
    bulletin_id: Mapped[int] = mapped_column(ForeignKey("bulletins.id"), index=True)
    agency_id: Mapped[int] = mapped_column(ForeignKey("agencies.id"))


# A passage stays in its row, not packed: a phrase is looked for in each that has its pairs.
# Words come as tokens divided by blanks: `ascii` leaves whatever is not ASCII as it stands. Single
# characters are searched by prefix, for which FTS5 keeps an index of its own.
_SQLITE = (
    "CREATE VIRTUAL TABLE fts_{name} USING fts5("
    "title, head, body, tokenize='ascii', prefix='1', columnsize=0)",
)
_POSTGRESQL = (
    "CREATE TABLE fts_{name} ("
    "{key} bigint NOT NULL, number integer NOT NULL, tokens tsvector NOT NULL,"
    " CONSTRAINT pk_fts_{name} PRIMARY KEY ({key}, number))"
    " WITH (toast_tuple_target = 8160)",
    "ALTER TABLE fts_{name} ALTER tokens SET STORAGE EXTERNAL",
    # What was indexed just now is read by every search until it is sorted in: keep that short.
    "CREATE INDEX ix_fts_{name}_tokens ON fts_{name} USING gin (tokens)"
    " WITH (gin_pending_list_limit = 256)",
)


def _with_words(indexed: type[Base], name: str, key: str) -> None:
    """Make the engine's own index beside the narrow table."""
    for engine, statements in (("sqlite", _SQLITE), ("postgresql", _POSTGRESQL)):
        for statement in statements:
            made = DDL(statement.format(name=name, key=key)).execute_if(  # type: ignore[no-untyped-call]
                dialect=engine
            )
            event.listen(indexed.__table__, "after_create", made)


_with_words(IndexedPaper, "papers", "paper_id")
_with_words(IndexedRelay, "relays", "entry_id")
