"""The ledger for programs: what became of a delivery, attempt by attempt."""

from datetime import datetime
from typing import Any, Literal

from apiflask import APIBlueprint
from pydantic import BaseModel
from sqlalchemy import Subquery

from agencies.actors import acting
from agencies.permissions import permission, require
from bulletins.services import progress
from config.http import csrf
from config.openapi import PageQuery, listing
from coordination.queries import giving
from notifications import ledger, told

bp = APIBlueprint("ledger_api", __name__, url_prefix="/api/v1", tag="Ledger")
csrf.exempt(bp)


class AttemptOut(BaseModel):
    """One call of a provider; ``detail`` are the provider's own words."""

    number: int
    provider: str
    begun_at: datetime
    ended_at: datetime
    outcome: str
    detail: str

    @classmethod
    def of(cls, row: Any) -> "AttemptOut":
        """An attempt as the API shows it."""
        return cls(**{name: getattr(row, name) for name in cls.model_fields})


class TriedOut(BaseModel):
    """A delivery with every attempt to send it, the first one first."""

    id: int
    channel: str
    state: str
    outcome: str
    created_at: datetime
    sent_at: datetime | None
    delivered_at: datetime | None
    attempts: list[AttemptOut]


@bp.get("/deliveries/<int:delivery_id>")
@permission("delivery.own")
@bp.output(TriedOut)
@bp.doc(summary="One delivery to me with every attempt; the system administrator sees all")
def one_delivery(delivery_id: int) -> TriedOut:
    delivery, _, recipient = ledger.entry(delivery_id)
    require(acting(), "delivery.own", (delivery, recipient))
    names = set(TriedOut.model_fields) - {"attempts"}
    tried = [AttemptOut.of(row) for row in ledger.attempts(delivery_id)]
    return TriedOut(attempts=tried, **{name: getattr(delivery, name) for name in names})


class CountOut(BaseModel):
    """How many messages of one kind on one channel stand in a state."""

    kind: str
    channel: str
    state: str
    count: int


class ToldOut(BaseModel):
    """One message about a paper or a task; ``person`` is empty for somebody from outside."""

    id: int
    agency: str | None
    person: str | None
    kind: str
    channel: str
    state: str
    outcome: str
    attempts: int
    created_at: datetime
    sent_at: datetime | None
    delivered_at: datetime | None


class ToldPageOut(BaseModel):
    """``seconds_left``: for what waits, by the present rate; null where nothing moves."""

    counts: list[CountOut]
    seconds_left: int | None
    items: list[ToldOut]
    next: str | None


class ToldQuery(PageQuery):
    """Which messages to list: those in trouble, those that wait, those done or given up."""

    show: Literal["trouble", "waiting", "done", "closed"] = "trouble"


@bp.get("/bulletins/<int:bulletin_id>/messages")
@permission("bulletin.receipts")
@bp.input(ToldQuery, location="query", arg_name="query")
@bp.output(ToldPageOut)
@bp.doc(summary="What became of the messages that tell of a paper")
def messages(bulletin_id: int, query: ToldQuery) -> dict[str, object]:
    return _listed(told.of_paper(progress(acting(), bulletin_id)), query)


@bp.get("/tasks/<int:task_id>/messages")
@permission("task.read")
@bp.input(ToldQuery, location="query", arg_name="query")
@bp.output(ToldPageOut)
@bp.doc(summary="What became of the messages that tell of a task that my agency has given")
def task_messages(task_id: int, query: ToldQuery) -> dict[str, object]:
    task = giving.task(task_id)
    require(acting(), "task.read", task)
    return _listed(told.of_task(task), query)


def _listed(some: Subquery, query: ToldQuery) -> dict[str, object]:
    page = told.messages(some, query.show, size=query.limit)
    counted = told.counts(some)
    counts = [
        CountOut(**{name: getattr(row, name) for name in CountOut.model_fields}) for row in counted
    ]
    items = [
        ToldOut(**{name: getattr(row, name) for name in ToldOut.model_fields}) for row in page.items
    ]
    left = told.seconds_left(counted)
    return {"counts": counts, "seconds_left": left, **listing(page, items)}
