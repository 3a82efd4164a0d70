"""The statement by which a search looks for what relays added to papers.

The words of a relay are for the agency that signed it and for whom the paper reached through it, by
the copy of the version in force: there the page shows them.
"""

from collections.abc import Sequence
from functools import lru_cache
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, Integer, Select, bindparam, literal, or_, select
from sqlalchemy.orm import aliased

from agencies.models import Lineage
from bulletins.models import IndexedPaper, IndexedRelay, Receipt
from bulletins.queries.glance import AGENCY, Glance
from bulletins.queries.hits import narrowed_by, narrowing, papers
from bulletins.search import conditions
from bulletins.search.conditions import RELAYS
from bulletins.search.criteria import Criteria
from config.database import db, is_sqlite

_MATCHED, _WALKED = 5000, 2000
"""So many relays with the words are looked at, the newest first; or so many of those that may have
come down to the agency, one by one, for phrases that are all frequent on PostgreSQL."""


class Shape(NamedTuple):
    """What tells one statement from another, as of those that look for papers."""

    sqlite: bool
    phrases: int
    narrowed: tuple[str, ...]
    frequent: tuple[int, ...]


def newest(agency_id: int, criteria: Criteria, seen: Glance) -> Sequence[Any]:
    """The papers with a relay that has all words and that the agency may read, by ``relay_id``.

    The words count together with those of the paper's title. Rows as of papers found by their own
    words, the newest first; a paper comes with each such relay, the latest one last.
    """
    wanted = criteria.terms
    if not seen.relays:
        return []
    given = narrowed_by(criteria)
    shape = Shape(is_sqlite(), len(wanted), tuple(given), seen.of_relays)
    words = (conditions.words_of if shape.sqlite else conditions.phrases_of)(wanted)
    numbers = {"agency": agency_id, "matched": _MATCHED, "walked": _WALKED}
    return db.session.execute(_statement(shape), {**given, **words, **numbers}).all()


@lru_cache(maxsize=256)
def _statement(shape: Shape) -> Select[Any]:
    some = _matching(shape).cte("some")
    copies = (
        select(Receipt.bulletin_id, Receipt.relay_id, Receipt.through_receipt_id)
        .join(
            some, (some.c.bulletin_id == Receipt.bulletin_id) & (some.c.version == Receipt.version)
        )
        .where(Receipt.agency_id == AGENCY)
        .cte("copies")
    )
    way = select(copies.c.relay_id, copies.c.through_receipt_id).cte("way", recursive=True)
    above = aliased(Receipt)
    way = way.union(
        select(above.relay_id, above.through_receipt_id).join(
            way, above.id == way.c.through_receipt_id
        )
    )
    is_own = (some.c.agency_id == AGENCY) & some.c.bulletin_id.in_(select(copies.c.bulletin_id))
    came_down = some.c.relay_id.in_(select(way.c.relay_id).where(way.c.relay_id.is_not(None)))
    columns = [one for one in some.c if one.name not in ("agency_id", "bulletin_id", "version")]
    return (
        select(*columns).where(or_(is_own, came_down)).order_by(some.c.id.desc(), some.c.relay_id)
    )


def _matching(shape: Shape) -> Select[Any]:
    """The newest relays with the words, of those that may be the agency's to read."""
    key = IndexedRelay.id
    query = (
        papers(literal(0))
        .add_columns(
            IndexedRelay.relay_id,
            IndexedRelay.agency_id,
            IndexedPaper.bulletin_id,
            IndexedPaper.version,
        )
        .join(IndexedRelay, IndexedRelay.bulletin_id == IndexedPaper.bulletin_id)
        .where(*narrowing(shape.narrowed))
        .limit(bindparam("matched", type_=Integer))
    )
    if shape.sqlite:
        rowid = RELAYS.table.c.rowid
        query = query.join(RELAYS.table, rowid == key).where(RELAYS.matched("words"), _is_near())
        return query.order_by(rowid.desc())
    query = query.where(*RELAYS.holds(key, shape.frequent)).order_by(key.desc())
    rare = [number for number in range(shape.phrases) if number not in shape.frequent]
    if not rare:
        return query.where(key.in_(select(_walked().c.id)))
    found = RELAYS.texts_with(rare)
    return query.join(found, found.c.key == key).where(_is_near())


def _walked() -> Any:
    newest_above = select(IndexedRelay.id).where(_is_above()).order_by(IndexedRelay.id.desc())
    return newest_above.limit(bindparam("walked", type_=Integer)).subquery()


def _is_above() -> ColumnElement[bool]:
    """Whether the relay is the agency's own or of one above it, for relays go down only."""
    above = select(Lineage.ancestor_id).where(Lineage.descendant_id == AGENCY)
    return IndexedRelay.agency_id.in_(above)


def _is_near() -> ColumnElement[bool]:
    """That, or the agency got the paper by it when it stood below another one."""
    # Asked of one relay after the other: EXISTS would gather all that the agency ever received.
    straight = (
        select(literal(1))
        .where(
            Receipt.bulletin_id == IndexedPaper.bulletin_id,
            Receipt.version == IndexedPaper.version,
            Receipt.agency_id == AGENCY,
            Receipt.relay_id == IndexedRelay.relay_id,
        )
        .limit(1)
        .scalar_subquery()
    )
    return or_(_is_above(), straight.is_not(None))
