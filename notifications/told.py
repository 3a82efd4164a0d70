"""What became of the messages that tell of a paper or a task: counted, and single ones."""

from collections import Counter
from collections.abc import Sequence
from typing import Any

from sqlalchemy import Select, Subquery, func, literal, select, union_all

from agencies.models import Agency, Lineage, Person
from bulletins.models import Receipt
from bulletins.queries.progress import Scope
from config.database import db
from config.pages import Page, keyset
from coordination.models import Assignment, Task
from notifications.models import Delivery, Named, NamedPart, Notice, Recipient
from notifications.queues import left, lines, rates_of
from notifications.states import OF_PAPERS, Kind, Queue, State

SHOWN = {
    "trouble": (State.FAILED, State.UNKNOWN),
    "waiting": (State.QUEUED, State.CLAIMED, State.CALLING, State.HELD),
    "closed": (State.CLOSED,),
    "done": (State.SENT, State.DELIVERED),
}
"""What a list can be narrowed to, and the states that it means."""

_GOING = (State.QUEUED, State.CLAIMED, State.CALLING)


def of_paper(scope: Scope) -> Subquery:
    """Deliveries that tell of a paper: at once, or in a digest that names it, each once.

    Columns: id of the delivery, an agency for which it tells of it, what kind of message it is.
    """
    at_once = (
        select(Delivery.id, Receipt.agency_id, Notice.kind)
        .join(Notice, Notice.id == Delivery.notice_id)
        .outerjoin(Receipt, Receipt.id == Notice.receipt_id)
        .where(Notice.kind.in_(OF_PAPERS), Notice.subject_id == scope.bulletin.id)
    )
    in_digests = (
        select(Delivery.id, func.min(Receipt.agency_id), _digest())
        .join(Named, Named.message_id == Delivery.message_id)
        .join(Receipt, Receipt.id == Named.receipt_id)
        .where(Receipt.bulletin_id == scope.bulletin.id)
        .group_by(Delivery.id)
    )
    if not scope.is_whole:
        at_once, in_digests = _within(scope, at_once), _within(scope, in_digests)
    return union_all(at_once, in_digests).subquery()


def of_task(task: Task) -> Subquery:
    """Deliveries of digests that name an agency's part of a task; columns as of a paper."""
    return (
        select(
            Delivery.id,
            func.min(Assignment.agency_id).label("agency_id"),
            _digest().label("kind"),
        )
        .join(NamedPart, NamedPart.message_id == Delivery.message_id)
        .join(Assignment, Assignment.id == NamedPart.assignment_id)
        .where(Assignment.task_id == task.id)
        .group_by(Delivery.id)
        .subquery()
    )


def _digest() -> Any:
    return literal(Kind.DIGEST.value)


def _within(scope: Scope, query: Select[Any, Any, Any]) -> Select[Any, Any, Any]:
    below = select(Lineage.descendant_id).where(Lineage.ancestor_id == scope.node.id)
    return query.where(Receipt.agency_id.in_(below))


def counts(told: Subquery) -> Sequence[Any]:
    """How many stand in which state, by kind and channel."""
    return db.session.execute(
        select(told.c.kind, Delivery.channel, Delivery.state, func.count().label("count"))
        .join(Delivery, Delivery.id == told.c.id)
        .group_by(told.c.kind, Delivery.channel, Delivery.state)
        .order_by(told.c.kind, Delivery.channel, Delivery.state)
    ).all()


def totals(counted: Sequence[Any]) -> dict[str, int]:
    """How many there are of what a list can be narrowed to."""
    return {
        name: sum(row.count for row in counted if row.state in states)
        for name, states in SHOWN.items()
    }


def seconds_left(counted: Sequence[Any]) -> int | None:
    """How long what waits will take; 0 where nothing does, None where a queue does not move."""
    going: Counter[Queue] = Counter()
    for row in counted:
        if row.state in _GOING:
            is_urgent = row.kind != Kind.DIGEST
            going[Queue(f"{row.channel}.urgent" if is_urgent else row.channel)] += row.count
    return left(going, rates_of(lines())) if going else 0


def messages(told: Subquery, show: str, size: int = 50) -> Page[Any]:
    """Single messages, newest first: agency and person, never an address.

    Somebody from outside is not named: who they are is between them and their agency.
    """
    query = (
        select(
            *(Delivery.id, told.c.kind, Delivery.channel, Delivery.state, Delivery.outcome),
            *(Delivery.attempts, Delivery.created_at, Delivery.sent_at, Delivery.delivered_at),
            *(Delivery.ended_at, Agency.name.label("agency"), Person.name.label("person")),
        )
        .join(told, told.c.id == Delivery.id)
        .join(Recipient, Recipient.id == Delivery.recipient_id)
        .outerjoin(Person, Person.id == Recipient.person_id)
        .outerjoin(Agency, Agency.id == told.c.agency_id)
        .where(Delivery.state.in_(SHOWN[show]))
    )
    return keyset(query, (Delivery.id,), lambda row: (row.id,), size=size)
