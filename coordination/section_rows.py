"""Rows of digests' sections: the first few of each agency, and how many there are."""

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import aliased

from agencies.models import Agency
from config.database import among, db
from config.journal import Entry
from config.sections import Item, Part, Span
from coordination.models import Assignment, Task

ITEMS_SHOWN = 5


def within(span: Span) -> Sequence[ColumnElement[bool]]:
    """The entries of a span."""
    return (Entry.position > span.after, Entry.position <= span.upto)


def window(owner: Any, order: Sequence[Any]) -> list[ColumnElement[int]]:
    """The place of each row among its owner's, and how many those are."""
    return [
        func.row_number().over(partition_by=owner, order_by=list(order)).label("place"),
        func.count().over(partition_by=owner).label("total"),
    ]


def first_assignments(
    agency_ids: Sequence[int], condition: ColumnElement[bool], order: Sequence[Any]
) -> Sequence[Any]:
    """The first few assignments of each agency and how many there are, in one statement."""
    chosen = (
        select(
            Assignment.agency_id,
            Assignment.id,
            Assignment.task_id,
            Assignment.due_at,
            Assignment.state,
            *window(Assignment.agency_id, order),
        )
        .where(among(Assignment.agency_id, agency_ids), condition)
        .subquery()
    )
    own = aliased(Agency)
    return db.session.execute(
        select(chosen, Task.title, Agency.name.label("issuer"), own.timezone)
        .join(Task, Task.id == chosen.c.task_id)
        .join(Agency, Agency.id == Task.issuer_id)
        .join(own, own.id == chosen.c.agency_id)
        .where(chosen.c.place <= ITEMS_SHOWN)
        .order_by(chosen.c.agency_id, chosen.c.place)
    ).all()


def parts(rows: Sequence[Any], item_of: Callable[[Any], Item]) -> Mapping[int, Part]:
    """What the rows say to each agency."""
    items: dict[int, list[Item]] = defaultdict(list)
    totals: dict[int, int] = {}
    for row in rows:
        items[row.agency_id].append(item_of(row))
        totals[row.agency_id] = row.total
    return {agency_id: Part(some, totals[agency_id]) for agency_id, some in items.items()}
