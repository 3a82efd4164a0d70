"""The statement by which a search looks for what relays added to papers.

The words of a relay are for the agency that signed it and for whom the paper reached through it, by
the copy of the version in force: there the page shows them.
"""

from collections.abc import Sequence
from functools import lru_cache
from typing import Any, NamedTuple

from sqlalchemy import (
    CTE,
    ColumnElement,
    Integer,
    ScalarSelect,
    Select,
    Subquery,
    bindparam,
    cast,
    func,
    literal,
    null,
    or_,
    select,
    union,
)

from agencies.models import Lineage
from bulletins.models import IndexedPaper, IndexedRelay, Receipt
from bulletins.queries.glance import AGENCY, Glance
from bulletins.queries.hits import narrowed_by, narrowing, papers
from bulletins.search import conditions
from bulletins.search.conditions import PAPERS, RELAYS, Conditions
from bulletins.search.criteria import Criteria
from config.database import WIDE, db, is_sqlite

_MATCHED, _WALKED = 2000, 1000
"""So many relays with one of the words are looked at, the newest first; and so many of those that
may have come down to the agency, one by one, for phrases that are frequent on PostgreSQL."""


_OF_RELAYS = {"entry_id", "relay_id", "agency_id", "copy_id"}


class Shape(NamedTuple):
    """What tells one statement from another, as of those that look for papers."""

    sqlite: bool
    phrases: int
    narrowed: tuple[str, ...]
    frequent: tuple[int, ...]


def newest(agency_id: int, criteria: Criteria, seen: Glance) -> Sequence[Any]:
    """The papers that the agency may read and that have all words together with their relays.

    One word at least stands in a relay that brought the paper down to the agency, or that it signed
    itself: ``relay_id`` is the latest such. The others stand in this one, another one on the way,
    or the paper. Rows as of papers found by their own words, the newest first.
    """
    wanted = criteria.terms
    if not seen.relays:
        return []
    given = narrowed_by(criteria)
    shape = Shape(is_sqlite(), len(wanted), tuple(given), seen.of_relays)
    words = (conditions.each_of if shape.sqlite else conditions.phrases_of)(wanted)
    numbers = {"agency": agency_id, "matched": _MATCHED, "walked": _WALKED}
    return db.session.execute(_statement(shape), {**given, **words, **numbers}).all()


@lru_cache(maxsize=256)
def _statement(shape: Shape) -> Select[Any]:
    each = _by_paper(shape, _reaching(_some(shape).cte("some")))
    query = select(each)
    if shape.phrases > 1:
        of_paper = _held(PAPERS, each, "id", shape)
        of_relays = [each.c[f"held_{number}"] == 1 for number in range(shape.phrases)]
        query = query.where(*map(or_, of_relays, of_paper))
    return query.order_by(each.c.id.desc())


def _by_paper(shape: Shape, reaching: CTE) -> CTE:
    """Which phrases the relays of each paper have between them; a single one they all have."""
    several = shape.phrases > 1
    held = _held(RELAYS, reaching, "entry_id", shape) if several else []
    columns = [
        func.max(cast(one, Integer)).label(f"held_{number}") for number, one in enumerate(held)
    ]
    latest = func.max(reaching.c.relay_id).label("relay_id")
    shown = [one for one in reaching.c if one.name not in _OF_RELAYS]
    return select(*shown, latest, *columns).group_by(*shown).cte("each")


def _held(index: Conditions, asked: CTE, key: str, shape: Shape) -> list[ColumnElement[bool]]:
    """Which phrases each text has, of those asked about."""
    if not shape.sqlite:
        return index.holds(asked.c[key], range(shape.phrases))
    oldest = select(func.min(asked.alias().c[key])).scalar_subquery()
    return index.there(asked.c[key], shape.phrases, oldest)


def _reaching(some: CTE) -> CTE:
    """Those of these relays that brought a paper to the agency, or that it signed itself."""
    nothing = cast(null(), WIDE)
    way = (
        select(nothing.label("relay_id"), some.c.copy_id.label("through"))
        .where(some.c.copy_id.is_not(None))
        .cte("way", recursive=True)
    )
    # Looked up one by one, as the copies are: a join would gather all receipts that there are.
    above = [
        select(one).where(Receipt.id == way.c.through).limit(1).scalar_subquery()
        for one in (Receipt.relay_id, Receipt.through_receipt_id)
    ]
    way = way.union(select(*above).where(way.c.through.is_not(None)))
    is_own = (some.c.agency_id == AGENCY) & some.c.copy_id.is_not(None)
    came_down = some.c.relay_id.in_(select(way.c.relay_id).where(way.c.relay_id.is_not(None)))
    return select(some).where(or_(is_own, came_down)).cte("reaching")


def _some(shape: Shape) -> Select[Any]:
    """The newest relays with one of the words, of those that may be the agency's to read.

    ``copy_id`` is the agency's receipt of the paper.
    """
    key = IndexedRelay.id
    columns: list[Any] = [IndexedRelay.relay_id, IndexedRelay.agency_id]
    query = (
        papers(literal(0))
        .add_columns(key.label("entry_id"), *columns, _copy().label("copy_id"))
        .join(IndexedRelay, IndexedRelay.bulletin_id == IndexedPaper.bulletin_id)
        .where(*narrowing(shape.narrowed), _is_near())
        .limit(bindparam("matched", type_=Integer))
    )
    if shape.sqlite:
        rowid = RELAYS.table.c.rowid
        query = query.join(RELAYS.table, rowid == key).where(RELAYS.matched("any"))
        return query.order_by(rowid.desc())
    found = _found(shape)
    return query.join(found, found.c.key == key).order_by(key.desc())


def _found(shape: Shape) -> Subquery:
    """PostgreSQL: the relays with a rare phrase, and the newest ones with a frequent one."""
    rare = [number for number in range(shape.phrases) if number not in shape.frequent]
    ways = [RELAYS.texts_with_any(rare)] if rare else []
    if shape.frequent:
        some = _walked()
        holds = or_(*RELAYS.holds(some.c.id, shape.frequent))
        ways.append(select(some.c.id.label("key")).where(holds))
    return union(*ways).subquery()


def _walked() -> Subquery:
    newest_above = select(IndexedRelay.id).where(_is_above()).order_by(IndexedRelay.id.desc())
    return newest_above.limit(bindparam("walked", type_=Integer)).subquery()


def _is_above() -> ColumnElement[bool]:
    """Whether the relay is the agency's own or of one above it, for relays go down only."""
    above = select(Lineage.ancestor_id).where(Lineage.descendant_id == AGENCY)
    return IndexedRelay.agency_id.in_(above)


def _is_near() -> ColumnElement[bool]:
    """That, or the agency got the paper by it when it stood below another one."""
    straight = _copy(Receipt.relay_id == IndexedRelay.relay_id)
    return or_(_is_above(), straight.is_not(None))


def _copy(*which: ColumnElement[bool]) -> ScalarSelect[int]:
    """The agency's receipt of the paper in hand.

    Asked of one paper after the other: a join would gather all that the agency ever received.
    """
    mine = select(Receipt.id).where(
        Receipt.bulletin_id == IndexedPaper.bulletin_id,
        Receipt.version == IndexedPaper.version,
        Receipt.agency_id == AGENCY,
        *which,
    )
    return mine.limit(1).scalar_subquery()
