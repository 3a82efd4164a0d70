"""Phrases as conditions on papers, in the language of either engine."""

from collections.abc import Iterable, Sequence

from sqlalchemy import (
    ColumnElement,
    Integer,
    Select,
    cast,
    column,
    literal,
    literal_column,
    select,
    table,
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
    # The longest phrase is the rarest, as a rule. Its papers come sorted, the newest first, so that
    # whoever wants some of them looks at no more.
    rarest, *others = sorted(wanted, key=lambda term: len(term.tokens), reverse=True)
    first = _papers_with(rarest).distinct().order_by(FTS.c.paper_id.desc()).subquery()
    return query.join(first, first.c.paper_id == IndexedPaper.id).where(
        *(IndexedPaper.id.in_(_papers_with(term)) for term in others)
    )


def in_title(paper_id: ColumnElement[int], wanted: Sequence[Term]) -> ColumnElement[bool]:
    """Whether every phrase stands in the title of the paper with that id."""
    if is_sqlite():
        titles = select(FTS.c.rowid).where(_MATCHED.op("MATCH")(f"title : ({_fts5(wanted)})"))
        return paper_id.in_(titles)
    return (
        select(literal(1))
        .where(
            FTS.c.paper_id == paper_id,
            FTS.c.number == TITLE,
            *(_tokens_match(_tsquery(term)) for term in wanted),
        )
        .exists()
    )


def _papers_with(term: Term) -> Select[int]:
    return select(FTS.c.paper_id).where(_tokens_match(_tsquery(term)))


def _tokens_match(query: str) -> ColumnElement[bool]:
    return FTS.c.tokens.bool_op("@@")(cast(query, TSQUERY))


def _fts5(wanted: Iterable[Term]) -> str:
    return " AND ".join(
        f'"{" ".join(term.tokens)}"{" *" if term.is_open else ""}' for term in wanted
    )


def _tsquery(term: Term) -> str:
    *words, last = (f"'{word}'" for word in term.tokens)
    return " <-> ".join([*words, last + (":*" if term.is_open else "")])
