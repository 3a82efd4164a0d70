"""Phrases as conditions on papers, in the language of either engine.

The words come as parameters, so that a statement is put together once and used again and again.
"""

from collections.abc import Iterable, Mapping, Sequence

from sqlalchemy import (
    ColumnElement,
    Integer,
    Select,
    Subquery,
    bindparam,
    cast,
    column,
    func,
    literal,
    literal_column,
    select,
    table,
    union_all,
)
from sqlalchemy.dialects.postgresql import TSQUERY
from sqlalchemy.orm import InstrumentedAttribute

from bulletins.search.index import TITLE
from bulletins.search.terms import Term

FTS = table(
    "fts_papers",
    column("rowid", Integer),
    column("paper_id", Integer),
    column("number", Integer),
    column("tokens"),
)
Id = ColumnElement[int] | InstrumentedAttribute[int]
_MATCHED: ColumnElement[str] = literal_column("fts_papers")
"""In SQLite the index itself is what is matched."""


def matched(name: str) -> ColumnElement[bool]:
    """SQLite: whether the paper in hand has the words of that parameter."""
    return _MATCHED.op("MATCH")(bindparam(name))


def titles_since(oldest: ColumnElement[int]) -> Select[int]:
    """SQLite: the papers from that one on which have all words in their titles."""
    return select(FTS.c.rowid).where(matched("title"), FTS.c.rowid >= oldest)


def words_of(wanted: Sequence[Term]) -> Mapping[str, str]:
    """SQLite: the parameters of these phrases."""
    words = " AND ".join(
        f'"{" ".join(term.tokens)}"{" *" if term.is_open else ""}' for term in wanted
    )
    return {"words": words, "title": f"title : ({words})"}


def papers_with(numbers: Sequence[int]) -> Subquery:
    """PostgreSQL: the papers with all of these phrases, the newest first.

    ``first`` is 0 where they all stand in its title: then each has been found in that passage.
    """
    each = [
        select(FTS.c.paper_id, func.min(FTS.c.number).label("first"))
        .where(_has(number))
        .group_by(FTS.c.paper_id)
        for number in numbers
    ]
    if len(each) == 1:
        return each[0].order_by(FTS.c.paper_id.desc()).subquery()
    # Counted rather than joined: whatever the planner thinks, each phrase is looked for once.
    found = union_all(*each).subquery()
    return (
        select(found.c.paper_id, func.max(found.c.first).label("first"))
        .group_by(found.c.paper_id)
        .having(func.count() == len(each))
        .order_by(found.c.paper_id.desc())
        .subquery()
    )


def holds(paper_id: Id, numbers: Iterable[int]) -> list[ColumnElement[bool]]:
    """PostgreSQL: whether each of these phrases stands somewhere in the paper with that id."""
    return [_is_there(paper_id, _has(number)) for number in numbers]


def in_title(paper_id: Id, count: int) -> ColumnElement[bool]:
    """PostgreSQL: whether each of so many phrases stands in the title of the paper with that id."""
    every = (_has(number) for number in range(count))
    return _is_there(paper_id, FTS.c.number == TITLE, *every)


def phrases_of(wanted: Sequence[Term]) -> Mapping[str, str]:
    """PostgreSQL: the parameters of these phrases."""
    return {_name(number): _tsquery(term) for number, term in enumerate(wanted)}


def _is_there(paper_id: Id, *passage: ColumnElement[bool]) -> ColumnElement[bool]:
    """Asked of one paper after the other: EXISTS would become a join with all that have it."""
    found = select(literal(1)).where(FTS.c.paper_id == paper_id, *passage).limit(1)
    return found.scalar_subquery().is_not(None)


def _has(number: int) -> ColumnElement[bool]:
    return FTS.c.tokens.bool_op("@@")(cast(bindparam(_name(number)), TSQUERY))


def _name(number: int) -> str:
    return f"phrase_{number}"


def _tsquery(term: Term) -> str:
    *words, last = (f"'{word}'" for word in term.tokens)
    return " <-> ".join([*words, last + (":*" if term.is_open else "")])
