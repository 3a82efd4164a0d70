"""Queues and batches for programs, and the operator's decisions on a batch."""

from datetime import date, datetime
from typing import Any

from apiflask import APIBlueprint
from pydantic import BaseModel

from agencies.actors import acting
from agencies.permissions import permission
from bulletins.states import State
from config.errors import NotFound
from config.http import csrf
from notifications import batches
from notifications import queues as asked
from notifications.ledger_inputs import WhichInput
from notifications.services.decisions import DECISIONS

bp = APIBlueprint("queues_api", __name__, url_prefix="/api/v1", tag="Queues")
csrf.exempt(bp)


class QueueOut(BaseModel):
    """One queue; counts stop at 20,000. ``seconds_left`` is null where nothing moves."""

    queue: str
    waiting: int
    oldest_at: datetime | None
    tried_lately: int
    tried: int
    failed: int
    per_minute: float
    seconds_left: int | None
    paused_since: datetime | None
    paused_because: str | None

    @classmethod
    def of(cls, line: asked.Line) -> "QueueOut":
        """A queue as the API shows it."""
        names = set(cls.model_fields) - {"paused_since", "paused_because"}
        return cls(
            paused_since=line.pause.since if line.pause else None,
            paused_because=line.pause.reason if line.pause else None,
            **{name: getattr(line, name) for name in names},
        )


class BatchOut(BaseModel):
    """The digests of one hour on one channel."""

    channel: str
    scheduled_at: datetime
    to_compose: int
    going: int
    held: int
    failed: int
    unknown: int
    done: int
    total: int
    seconds_left: int | None

    @classmethod
    def of(cls, batch: Any) -> "BatchOut":
        """A batch as the API shows it."""
        return cls(**{name: getattr(batch, name) for name in cls.model_fields})


class PaperOut(BaseModel):
    """A paper of which messages wait or are held, and whether it still holds."""

    bulletin_id: int
    title: str | None
    ended_kind: State | None
    ended_on: date | None
    waiting: int
    held: int

    @classmethod
    def of(cls, row: Any) -> "PaperOut":
        """A paper as the API shows it."""
        return cls(
            bulletin_id=row.subject_id,
            title=row.title,
            ended_kind=row.ended_kind,
            ended_on=row.ended_on,
            waiting=row.amount - row.held,
            held=row.held,
        )


class QueuesOut(BaseModel):
    queues: list[QueueOut]
    batches: list[BatchOut]
    papers: list[PaperOut]


class DecidedOut(BaseModel):
    """How many deliveries were decided on."""

    count: int


@bp.get("/queues")
@permission("delivery.list")
@bp.output(QueuesOut)
@bp.doc(summary="What goes out at present, by queue, digest hour and paper")
def queues() -> dict[str, object]:
    lines = asked.lines()
    return {
        "queues": [QueueOut.of(line) for line in lines],
        "batches": [BatchOut.of(one) for one in batches.batches(lines)],
        "papers": [PaperOut.of(row) for row in batches.papers()],
    }


@bp.post("/deliveries/<name>")
@permission("delivery.decide")
@bp.input(WhichInput, arg_name="data")
@bp.output(DecidedOut)
@bp.doc(summary="retry, stop, release or close deliveries by channel, outcome, hour or bulletin")
def decide_batch(name: str, data: WhichInput) -> dict[str, int]:
    if name not in DECISIONS:
        raise NotFound
    return {"count": DECISIONS[name](acting(), data.which)}
