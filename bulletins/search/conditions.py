"""Phrases as conditions on papers, in the language of either engine."""

from collections.abc import Iterable, Sequence

from sqlalchemy import (
    ColumnElement,
    Integer,
    Select,
    and_,
    cast,
    column,
    literal,
    literal_column,
    select,
    table,
    true,
)
from sqlalchemy.dialects.postgresql import TSQUERY

from bulletins.models import IndexedPaper
from bulletins.search.index import TITLE
from bulletins.search.terms import Term
from config.database import is_sqlite

FTS = table(
    "fts_papers",
    column("rowid", Integer),
    column("paper_id", Integer),
    column("number", Integer),
    column("tokens"),
)
_MATCHED: ColumnElement[str] = literal_column("fts_papers")
"""In SQLite the index itself is what is matched."""


def found_by(query: Select, wanted: Sequence[Term]) -> Select:  # type: ignore[type-arg]
    """``query`` over papers, narrowed to those in which every phrase is found somewhere."""
    if not wanted:
        return query
    if is_sqlite():
        return query.join(FTS, FTS.c.rowid == IndexedPaper.id).where(
            _MATCHED.op("MATCH")(_fts5(wanted))
        )
    return query.where(
        *(
            IndexedPaper.id.in_(select(FTS.c.paper_id).where(_tokens_match(_tsquery(term))))
            for term in wanted
        )
    )


def in_title(wanted: Sequence[Term]) -> ColumnElement[bool]:
    """Whether every phrase stands in the paper's title."""
    if not wanted:
        return true()
    if is_sqlite():
        titles = select(FTS.c.rowid).where(_MATCHED.op("MATCH")(f"title : ({_fts5(wanted)})"))
        return IndexedPaper.id.in_(titles)
    return and_(
        select(literal(1))
        .where(
            FTS.c.paper_id == IndexedPaper.id,
            FTS.c.number == TITLE,
            *(_tokens_match(_tsquery(term)) for term in wanted),
        )
        .exists()
    )


def _tokens_match(query: str) -> ColumnElement[bool]:
    return FTS.c.tokens.bool_op("@@")(cast(query, TSQUERY))


def _fts5(wanted: Iterable[Term]) -> str:
    return " AND ".join(
        f'"{" ".join(term.tokens)}"{" *" if term.is_open else ""}' for term in wanted
    )


def _tsquery(term: Term) -> str:
    *words, last = (f"'{word}'" for word in term.tokens)
    return " <-> ".join([*words, last + (":*" if term.is_open else "")])
