"""Where a paper is stuck: its chain by agency, with each one's facts and what lies below it."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, case, func, select
from sqlalchemy.orm import aliased

from agencies.models import Agency, Lineage, Person
from bulletins.models import Receipt, Relay
from bulletins.queries.progress import Scope, in_pieces
from bulletins.states import Fact
from config.database import db

NODES_AT_MOST = 400
"""Agencies that one picture draws."""

NAMED = 3

_PEOPLE = ("opened", "acknowledged", "relayed", "acted")
_AT = {
    Fact.SENT: Receipt.sent_at,
    Fact.DELIVERED: Receipt.delivered_at,
    Fact.OPENED: Receipt.opened_at,
    Fact.ACKNOWLEDGED: Receipt.acknowledged_at,
    Fact.RELAYED: Receipt.relayed_at,
    Fact.ACTED: Receipt.acted_at,
}
FACTS = tuple(_AT)


def at(receipt: Any, fact: Fact) -> datetime | None:
    """When a receipt, or a row of it, came to have a fact."""
    moment: datetime | None = getattr(receipt, f"{fact}_at")
    return moment


def furthest() -> ColumnElement[str]:
    """The furthest fact of a receipt, in the order of the facts."""
    last_first = reversed([fact for fact in FACTS if fact != Fact.SENT])
    return case(*((_AT[fact].is_not(None), fact.value) for fact in last_first), else_="sent")


def waits_since() -> ColumnElement[datetime | None]:
    """Since when a receipt waits for its next step; NULL where nothing is asked of it any more.

    First it is to be opened, then acknowledged where that is asked, then relayed where the paper's
    rule gives a day for it.
    """
    return case((Receipt.closed_at.is_not(None), None), *_steps(times=True), else_=None)


def waits_for() -> ColumnElement[str | None]:
    """The fact that a receipt waits for."""
    return case((Receipt.closed_at.is_not(None), None), *_steps(times=False), else_=None)


def _steps(*, times: bool) -> Iterator[tuple[ColumnElement[bool], Any]]:
    read = func.coalesce(Receipt.acknowledged_at, Receipt.opened_at)
    unsigned = and_(Receipt.needs_acknowledgement, Receipt.acknowledged_at.is_(None))
    unrelayed = and_(
        Receipt.relay_by.is_not(None),
        Receipt.relayed_at.is_(None),
        Receipt.passed_over_at.is_(None),
    )
    yield Receipt.opened_at.is_(None), Receipt.sent_at if times else Fact.OPENED.value
    yield unsigned, Receipt.opened_at if times else Fact.ACKNOWLEDGED.value
    yield unrelayed, read if times else Fact.RELAYED.value


_OF_RECEIPT = (
    Receipt.agency_id,
    Receipt.needs_acknowledgement,
    *_AT.values(),
    Receipt.relay_id,
    Receipt.relay_by,
    Receipt.passed_over_at,
    Relay.by_rule,
    waits_for().label("waits_for"),
    waits_since().label("waits_since"),
)


@dataclass(frozen=True)
class Wait:
    """An agency that has not taken its next step, and since when."""

    agency_id: int
    name: str
    parent: str
    fact: Fact
    since: datetime


@dataclass(frozen=True)
class Node:
    """One agency of the chain: its own receipt, if it has one, and the counts of those below it.

    ``below`` counts the receipts below it by their furthest fact.
    """

    id: int
    name: str
    depth: int
    receipt: Any | None
    below: dict[Fact, int]

    @property
    def count_below(self) -> int:
        return sum(self.below.values())


def of_version(scope: Scope) -> ColumnElement[bool]:
    """The receipts of the version looked at."""
    return and_(
        Receipt.bulletin_id == scope.version.bulletin_id, Receipt.version == scope.version.version
    )


def inside(scope: Scope) -> ColumnElement[bool]:
    """The receipts in scope."""
    if scope.is_whole:
        return of_version(scope)
    mine = select(Lineage.descendant_id).where(Lineage.ancestor_id == scope.node.id)
    return and_(of_version(scope), Receipt.agency_id.in_(mine))


def longest_waits(scope: Scope, count: int = NAMED) -> Sequence[Wait]:
    """The agencies in scope that have waited longest with their next step."""
    parent = aliased(Agency)
    since = waits_since()
    rows = db.session.execute(
        select(
            Agency.id,
            Agency.name,
            parent.name.label("parent"),
            waits_for().label("fact"),
            since.label("since"),
        )
        .select_from(Receipt)
        .join(Agency, Agency.id == Receipt.agency_id)
        .outerjoin(parent, parent.id == Agency.parent_id)
        .where(inside(scope), since.is_not(None))
        .order_by(since, Agency.code, Agency.id)
        .limit(count)
    )
    return [Wait(row.id, row.name, row.parent or "", Fact(row.fact), row.since) for row in rows]


def totals(scope: Scope) -> dict[Fact, int]:
    """How many receipts in scope have come how far."""
    rows = db.session.execute(
        select(furthest().label("fact"), func.count()).where(inside(scope)).group_by("fact")
    )
    return {Fact(fact): count for fact, count in rows}


def nodes(scope: Scope) -> tuple[list[Node], int]:
    """What a picture of the chain draws under the scope's agency, and how many it leaves out.

    The agencies right below it, and of the level after that those who have others below them in
    turn: cities first, and their counties on opening one. Two statements, however many there are.
    """
    tiers: dict[int, dict[int, _Group]] = {1: {}, 2: {}}
    for row in db.session.execute(_groups(scope)):
        group = tiers[row.depth].setdefault(row.id, _Group(row.id, row.name, row.parent_id))
        if row.below:
            group.below[Fact(row.fact)] = row.below
    near = list(tiers[1].values())
    inner = [group for group in tiers[2].values() if group.below]
    if len(near) + len(inner) > NODES_AT_MOST:
        inner = []
    shown = near[:NODES_AT_MOST]
    own = _own(scope, [group.id for group in (*shown, *inner)])
    drawn = []
    for group in shown:
        drawn.append(group.node(0, own))
        drawn += [one.node(1, own) for one in inner if one.parent_id == group.id]
    return drawn, len(near) - len(shown)


@dataclass
class _Group:
    id: int
    name: str
    parent_id: int
    below: dict[Fact, int] = field(default_factory=dict)

    def node(self, depth: int, own: dict[int, Any]) -> Node:
        return Node(self.id, self.name, depth, own.get(self.id), self.below)


def _groups(scope: Scope) -> Select[*tuple[Any, ...]]:
    """Agencies one and two levels under the scope's, by code, with counts by furthest fact."""
    group, at, below = aliased(Agency), aliased(Lineage), aliased(Lineage)
    fact = furthest().label("fact")
    return (
        select(
            group.id,
            group.name,
            group.parent_id,
            at.depth,
            fact,
            func.sum(case((below.depth > 0, 1), else_=0)).label("below"),
        )
        .select_from(Receipt)
        .join(below, below.descendant_id == Receipt.agency_id)
        .join(at, at.descendant_id == below.ancestor_id)
        .join(group, group.id == below.ancestor_id)
        .where(of_version(scope), at.ancestor_id.in_(scope.tops), at.depth.in_((1, 2)))
        .group_by(group.id, group.name, group.parent_id, group.code, at.depth, fact)
        .order_by(group.code, group.id)
    )


def _own(scope: Scope, agency_ids: Sequence[int]) -> dict[int, Any]:
    """The receipts of these agencies, by agency."""
    rows = db.session.execute(
        select(*_OF_RECEIPT)
        .outerjoin(Relay, Relay.id == Receipt.relay_id)
        .where(of_version(scope), Receipt.agency_id.in_(agency_ids))
    )
    return {row.agency_id: row for row in rows}


def lines(scope: Scope, *, with_people: bool = True) -> Select[*tuple[Any, ...]]:
    """Each receipt in scope with its way, its facts and who is behind them, for a table."""
    parent, via, above = aliased(Agency), aliased(Agency), aliased(Receipt)
    query = (
        select(
            Agency.id,
            Agency.code,
            Agency.name,
            parent.name.label("parent"),
            via.name.label("via"),
            Receipt.part,
            *_OF_RECEIPT,
        )
        .select_from(Receipt)
        .join(Agency, Agency.id == Receipt.agency_id)
        .outerjoin(Relay, Relay.id == Receipt.relay_id)
        .outerjoin(parent, parent.id == Agency.parent_id)
        .outerjoin(above, above.id == Receipt.through_receipt_id)
        .outerjoin(via, via.id == above.agency_id)
        .where(inside(scope))
    )
    for name in _PEOPLE if with_people else ():
        person = aliased(Person)
        query = query.outerjoin(person, person.id == getattr(Receipt, f"{name}_by")).add_columns(
            person.name.label(f"{name}_name")
        )
    return query


def every_line(scope: Scope) -> Iterator[Any]:
    """All receipts in scope by agency code, read in pieces."""
    return in_pieces(lines(scope))
