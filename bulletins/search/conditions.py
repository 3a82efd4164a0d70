"""Phrases as conditions on papers, in the language of either engine.

The words come as parameters, so that a statement is put together once and used again and again.
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Integer,
    ScalarSelect,
    Select,
    Subquery,
    bindparam,
    cast,
    column,
    func,
    literal,
    literal_column,
    or_,
    select,
    table,
    union_all,
)
from sqlalchemy.dialects.postgresql import TSQUERY
from sqlalchemy.orm import InstrumentedAttribute

from bulletins.search import index
from bulletins.search.index import TITLE, Index
from bulletins.search.terms import Term

Id = ColumnElement[int] | InstrumentedAttribute[int]


class Conditions:
    """What can be asked of one index; ``key`` is the column that names a text on PostgreSQL."""

    def __init__(self, one: Index) -> None:
        columns: list[Any] = [column(one.key, Integer), column("number", Integer), column("tokens")]
        self.table = table(one.name, column("rowid", Integer), *columns)
        self.key = self.table.c[one.key]
        self._matched: ColumnElement[str] = literal_column(one.name)
        """In SQLite the index itself is what is matched."""

    def matched(self, name: str) -> ColumnElement[bool]:
        """SQLite: whether the text in hand has the words of that parameter."""
        return self._matched.op("MATCH")(bindparam(name))

    def titles_since(self, oldest: ColumnElement[int]) -> Select[int]:
        """SQLite: the texts from that one on which have all words in their titles."""
        rowid = self.table.c.rowid
        return select(rowid).where(self.matched("title"), rowid >= oldest)

    def there(self, key: Id, count: int, oldest: ScalarSelect[int]) -> list[ColumnElement[bool]]:
        """SQLite: whether each of so many phrases stands somewhere in the text with that key.

        Each is looked for once, in the texts from ``oldest`` on: all that are asked about.
        """
        rowid = self.table.c.rowid
        return [
            key.in_(select(rowid).where(self.matched(_name(number)), rowid >= oldest))
            for number in range(count)
        ]

    def texts_with_any(self, numbers: Iterable[int]) -> Select[int]:
        """PostgreSQL: the texts with one of these phrases, by their ``key``."""
        return select(self.key.label("key")).where(or_(*map(self._has, numbers)))

    def texts_with(self, numbers: Sequence[int]) -> Subquery:
        """PostgreSQL: the texts with all of these phrases, the newest first, by their ``key``.

        ``first`` is 0 where they all stand in its title: then each has been found in that passage.
        """
        each = [
            select(self.key.label("key"), func.min(self.table.c.number).label("first"))
            .where(self._has(number))
            .group_by(self.key)
            for number in numbers
        ]
        if len(each) == 1:
            return each[0].order_by(self.key.desc()).subquery()
        # Counted rather than joined: whatever the planner thinks, each phrase is looked for once.
        found = union_all(*each).subquery()
        return (
            select(found.c.key, func.max(found.c.first).label("first"))
            .group_by(found.c.key)
            .having(func.count() == len(each))
            .order_by(found.c.key.desc())
            .subquery()
        )

    def holds(self, key: Id, numbers: Iterable[int]) -> list[ColumnElement[bool]]:
        """PostgreSQL: whether each of these phrases stands somewhere in the text with that key."""
        return [self._is_there(key, self._has(number)) for number in numbers]

    def in_title(self, key: Id, count: int) -> ColumnElement[bool]:
        """PostgreSQL: whether each of so many phrases stands in the title of the text."""
        every = (self._has(number) for number in range(count))
        return self._is_there(key, self.table.c.number == TITLE, *every)

    def _is_there(self, key: Id, *passage: ColumnElement[bool]) -> ColumnElement[bool]:
        """Asked of one text after the other: EXISTS would become a join with all that have it."""
        found = select(literal(1)).where(self.key == key, *passage).limit(1)
        return found.scalar_subquery().is_not(None)

    def _has(self, number: int) -> ColumnElement[bool]:
        return self.table.c.tokens.bool_op("@@")(cast(bindparam(_name(number)), TSQUERY))


PAPERS = Conditions(index.PAPERS)
RELAYS = Conditions(index.RELAYS)


def words_of(wanted: Sequence[Term]) -> Mapping[str, str]:
    """SQLite: the parameters of these phrases."""
    words = " AND ".join(map(_match, wanted))
    return {"words": words, "title": f"title : ({words})"}


def each_of(wanted: Sequence[Term]) -> Mapping[str, str]:
    """SQLite: the parameters of these phrases one by one, and of ``any`` of them."""
    each = [_match(term) for term in wanted]
    return {_name(number): one for number, one in enumerate(each)} | {"any": " OR ".join(each)}


def phrases_of(wanted: Sequence[Term]) -> Mapping[str, str]:
    """PostgreSQL: the parameters of these phrases."""
    return {_name(number): _tsquery(term) for number, term in enumerate(wanted)}


def _name(number: int) -> str:
    return f"phrase_{number}"


def _match(term: Term) -> str:
    return f'"{" ".join(term.tokens)}"{" *" if term.is_open else ""}'


def _tsquery(term: Term) -> str:
    *words, last = (f"'{word}'" for word in term.tokens)
    return " <-> ".join([*words, last + (":*" if term.is_open else "")])
