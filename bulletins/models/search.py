"""What can be searched: a narrow row for each paper, and its words in the engine's own index.

The words stand in ``fts_papers``, which is no mapped table: FTS5's virtual table on SQLite, a
``tsvector`` for each passage on PostgreSQL. It is made from the papers and can be made anew.
"""

from datetime import date

from sqlalchemy import DDL, ForeignKey, Text, event
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


# A passage stays in its row, not packed: a phrase is looked for in each that has its pairs.
# Words come as tokens divided by blanks: `ascii` leaves whatever is not ASCII as it stands. Single
# characters are searched by prefix, for which FTS5 keeps an index of its own.
_SQLITE = (
    "CREATE VIRTUAL TABLE fts_papers USING fts5("
    "title, head, body, tokenize='ascii', prefix='1', columnsize=0)",
)
_POSTGRESQL = (
    "CREATE TABLE fts_papers ("
    "paper_id bigint NOT NULL, number integer NOT NULL, tokens tsvector NOT NULL,"
    " CONSTRAINT pk_fts_papers PRIMARY KEY (paper_id, number))"
    " WITH (toast_tuple_target = 8160)",
    "ALTER TABLE fts_papers ALTER tokens SET STORAGE EXTERNAL",
    # What was indexed just now is read by every search until it is sorted in: keep that short.
    "CREATE INDEX ix_fts_papers_tokens ON fts_papers USING gin (tokens)"
    " WITH (gin_pending_list_limit = 256)",
)
for _engine, _statements in (("sqlite", _SQLITE), ("postgresql", _POSTGRESQL)):
    for _statement in _statements:
        _made = DDL(_statement).execute_if(dialect=_engine)  # type: ignore[no-untyped-call]
        event.listen(IndexedPaper.__table__, "after_create", _made)
