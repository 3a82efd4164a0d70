"""The statements by which a search looks for papers, each put together once for its shape."""

from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache
from typing import Any, NamedTuple

from sqlalchemy import (
    ColumnElement,
    Integer,
    Select,
    bindparam,
    cast,
    exists,
    func,
    literal,
    or_,
    select,
)

from bulletins.models import IndexedPaper, JointIssuer
from bulletins.queries.filed import filed_under
from bulletins.queries.glance import AGENCY, Glance
from bulletins.queries.readable import concerning, readable_by
from bulletins.search import conditions
from bulletins.search.conditions import PAPERS
from bulletins.search.criteria import Criteria, Order
from config.database import db, is_sqlite

LIMIT = bindparam("limit", type_=Integer)
_WALKED = 8000
"""So many of the newest papers are looked at, one by one, for phrases that are all frequent."""

_NARROWED: Mapping[str, ColumnElement[bool]] = {
    "type": IndexedPaper.type == bindparam("type"),
    "issuer": or_(
        IndexedPaper.issuer_id == bindparam("issuer"),
        exists().where(
            JointIssuer.bulletin_id == IndexedPaper.bulletin_id,
            JointIssuer.agency_id == bindparam("issuer"),
        ),
    ),
    "topic": filed_under(bindparam("topic"), IndexedPaper.bulletin_id, IndexedPaper.version),
    "sector": filed_under(bindparam("sector"), IndexedPaper.bulletin_id, IndexedPaper.version),
    "since": IndexedPaper.published_on >= bindparam("since"),
    "until": IndexedPaper.published_on <= bindparam("until"),
}


class Shape(NamedTuple):
    """What tells one statement from another; the rest of a search are its parameters.

    ``phrases``: how many are looked for. ``narrowed``: by which criteria. ``ranked``: titles come
    first. ``few``: the agency may read few papers. ``frequent``: which phrases so many papers have
    that each is asked for it, on PostgreSQL.
    """

    sqlite: bool
    phrases: int
    narrowed: tuple[str, ...]
    ranked: bool
    few: bool
    frequent: tuple[int, ...]


def newest(agency_id: int, criteria: Criteria, seen: Glance, limit: int) -> Sequence[Any]:
    """The newest papers that the agency may read and that meet the criteria, at most ``limit``.

    ``rank`` is 1 where all words stand in the title.
    """
    wanted = criteria.terms
    given = narrowed_by(criteria)
    shape = Shape(
        sqlite=is_sqlite(),
        phrases=len(wanted),
        narrowed=tuple(given),
        ranked=criteria.sort == Order.RELEVANCE and bool(wanted),
        few=seen.few,
        frequent=seen.frequent,
    )
    words = (conditions.words_of if shape.sqlite else conditions.phrases_of)(wanted)
    parameters = {**given, **words, "agency": agency_id, "limit": limit}
    if wanted and len(shape.frequent) == len(wanted):
        return _walked(shape._replace(frequent=()), parameters)
    return db.session.execute(_statement(shape), parameters).all()


def narrowed_by(criteria: Criteria) -> dict[str, Any]:
    """By what else than words, with the values."""
    given = {name: getattr(criteria, name) for name in _NARROWED}
    return {name: value for name, value in given.items() if value}


def narrowing(names: Iterable[str]) -> list[ColumnElement[bool]]:
    """The conditions of that on papers."""
    return [_NARROWED[name] for name in names]


def _walked(shape: Shape, parameters: Mapping[str, Any]) -> Sequence[Any]:
    """The newest papers asked one by one; where that is not enough, all of them as usual."""
    rows = db.session.execute(_walk(shape), {**parameters, "walked": _WALKED}).all()
    if len(rows) < parameters["limit"]:
        least = {**parameters, "limit": _WALKED}
        if db.session.scalar(_amount(shape), least) == _WALKED:
            return db.session.execute(_statement(shape), parameters).all()
    return rows


@lru_cache(maxsize=256)
def _walk(shape: Shape) -> Select[Any]:
    some = _readable(shape, one_by_one=True).limit(bindparam("walked", type_=Integer)).subquery()
    title = PAPERS.in_title(some.c.id, shape.phrases)
    rank = cast(title, Integer) if shape.ranked else literal(0)
    columns = [column for column in some.c if column.name != "rank"]
    holds = PAPERS.holds(some.c.id, range(shape.phrases))
    query = select(*columns, rank.label("rank")).where(*holds)
    return query.order_by(some.c.id.desc()).limit(LIMIT)


@lru_cache(maxsize=256)
def _amount(shape: Shape) -> Select[int]:
    return select(func.count()).select_from(_readable(shape, one_by_one=True).subquery())


@lru_cache(maxsize=256)
def _statement(shape: Shape) -> Select[Any]:
    if not shape.phrases:
        return _readable(shape)
    return _on_sqlite(shape) if shape.sqlite else _on_postgresql(shape)


def _readable(shape: Shape, *, one_by_one: bool = False) -> Select[Any]:
    """Whatever its words are."""
    return _narrowed(papers(literal(0)), shape, one_by_one=one_by_one).order_by(
        IndexedPaper.id.desc()
    )


def papers(rank: ColumnElement[Any]) -> Select[Any]:
    """What a search looks at of each paper."""
    columns = (IndexedPaper.id, IndexedPaper.type, IndexedPaper.published_on)
    return select(*columns, IndexedPaper.issuers, IndexedPaper.tags, rank.label("rank"))


def _narrowed(query: Select[Any], shape: Shape, *, one_by_one: bool = False) -> Select[Any]:
    query = query.where(*narrowing(shape.narrowed)).limit(LIMIT)
    if shape.few:
        # Nothing new, for what may be read concerns the agency. But it is a set made once, in which
        # each hit is looked up; the sum keeps SQLite from asking the index for each of the set,
        # which PostgreSQL had better do.
        one = IndexedPaper.bulletin_id + 0 if shape.sqlite else IndexedPaper.bulletin_id
        query = query.where(one.in_(concerning(AGENCY)))
    return query.where(
        readable_by(
            AGENCY,
            issuer=IndexedPaper.issuer_id,
            bulletin=IndexedPaper.bulletin_id,
            version=IndexedPaper.version,
            one_by_one=one_by_one,
        )
    )


def _on_sqlite(shape: Shape) -> Select[Any]:
    """FTS5 gives its rows in order, so that no more are looked at than are wanted."""
    rowid = PAPERS.table.c.rowid
    query = papers(literal(0)).join(PAPERS.table, rowid == IndexedPaper.id)
    query = query.where(PAPERS.matched("words"))
    query = _narrowed(query, shape).order_by(rowid.desc())
    if not shape.ranked:
        return query
    found = query.cte("found")
    oldest = select(func.min(found.c.id)).scalar_subquery()
    rank = cast(found.c.id.in_(PAPERS.titles_since(oldest)), Integer)
    columns = [column for column in found.c if column.name != "rank"]
    return select(*columns, rank.label("rank")).order_by(found.c.id.desc())


def _on_postgresql(shape: Shape) -> Select[Any]:
    rare = [number for number in range(shape.phrases) if number not in shape.frequent]
    found = PAPERS.texts_with(rare)
    title = found.c.first == 0
    if shape.frequent:
        title = PAPERS.in_title(IndexedPaper.id, shape.phrases)
    rank = cast(title, Integer) if shape.ranked else literal(0)
    query = papers(rank).join(found, found.c.key == IndexedPaper.id)
    query = query.where(*PAPERS.holds(IndexedPaper.id, shape.frequent))
    return _narrowed(query, shape).order_by(IndexedPaper.id.desc())
