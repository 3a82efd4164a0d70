"""What a search asks first, in one statement, because it decides how the rest is asked best."""

from collections.abc import Sequence
from functools import lru_cache
from typing import Any, NamedTuple

from sqlalchemy import (
    ColumnElement,
    Integer,
    Select,
    Subquery,
    bindparam,
    cast,
    exists,
    func,
    literal_column,
    select,
    table,
    true,
)

from bulletins.models import IndexedPaper, IndexedRelay
from bulletins.queries.readable import concerning
from bulletins.search import conditions
from bulletins.search.conditions import PAPERS, RELAYS, Conditions, Id
from bulletins.search.terms import Term
from config.database import WIDE, db, is_sqlite

AGENCY = bindparam("agency", type_=WIDE)
FEW = 5000
"""So many papers concern an agency that may read few; each hit is then looked up among these."""
FREQUENT = 20
"""A phrase in so many of the newest texts is in too many for PostgreSQL to gather them all."""
_SAMPLE = 100


class Glance(NamedTuple):
    """``few``: the agency may read few papers. ``relays``: some have words of their own.

    ``frequent``: which of the phrases stand in too many papers, on PostgreSQL; ``of_relays``: in
    the words of too many relays.
    """

    few: bool = False
    relays: bool = False
    frequent: tuple[int, ...] = ()
    of_relays: tuple[int, ...] = ()


def glance(agency_id: int, wanted: Sequence[Term]) -> Glance:
    """Look at what there is for the agency and for these phrases; without any there's no need."""
    count = len(wanted)
    if not count:
        return Glance()
    parameters: dict[str, Any] = {"agency": agency_id, "few": FEW + 1}
    if is_sqlite():
        row = db.session.execute(_asked(0), parameters).one()
        return Glance(row[0] <= FEW, bool(row[1]))
    row = db.session.execute(_asked(count), {**parameters, **conditions.phrases_of(wanted)}).one()
    sums = row[3:]
    return Glance(row[0] <= FEW, row[1], _frequent(sums[:count]), _frequent(sums[count:]))


def _frequent(sums: Sequence[int | None]) -> tuple[int, ...]:
    return tuple(number for number, found in enumerate(sums) if (found or 0) >= FREQUENT)


@lru_cache
def _asked(count: int) -> Select[Any]:
    """For so many phrases, none on SQLite, which finds the newest texts first by itself."""
    few = concerning(AGENCY).limit(bindparam("few", type_=Integer)).subquery()
    amount = select(func.count()).select_from(few).scalar_subquery()
    query = select(amount, exists().where(IndexedRelay.id.is_not(None)))
    if not count:
        return query
    papers, relays = _sums(PAPERS, IndexedPaper.id, count), _sums(RELAYS, IndexedRelay.id, count)
    return query.add_columns(_plainly(), *papers.c, *relays.c).select_from(
        papers.join(relays, true())
    )


def _sums(index: Conditions, key: Id, count: int) -> Subquery:
    """In how many of the newest texts each phrase stands."""
    some = select(key.label("id")).order_by(key.desc()).limit(_SAMPLE).subquery()
    holds = index.holds(some.c.id, range(count))
    sums: list[Any] = [func.sum(cast(one, Integer)).label(None) for one in holds]
    return select(*sums).select_from(some).subquery()


def _plainly() -> ColumnElement[str]:
    """PostgreSQL: let what follows run as it is planned.

    Asking one by one looks dear to the planner: without this it would compile for longer than the
    search takes. For this transaction only, and nothing where there is no such setting.
    """
    name: ColumnElement[str] = literal_column("name")
    setting = func.set_config(name, "off", true())
    return select(setting).select_from(table("pg_settings")).where(name == "jit").scalar_subquery()
