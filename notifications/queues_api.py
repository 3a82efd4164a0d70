"""Queues and batches for programs, and the operator's decisions on a batch."""

from datetime import date, datetime
from typing import Any, Self

from apiflask import APIBlueprint
from pydantic import BaseModel

from agencies.actors import acting
from agencies.permissions import permission
from bulletins.states import State
from config.errors import NotFound
from config.http import csrf
from notifications import batches, subjects
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


class AboutOut(BaseModel):
    """How far the messages are that tell of something.

    ``done`` went out or never will. ``seconds_left`` is null where nothing moves.
    """

    title: str
    waiting: int
    held: int
    failed: int
    done: int
    total: int
    seconds_left: int | None

    @classmethod
    def of(cls, about: subjects.About, **more: Any) -> Self:
        """The same as the API shows it."""
        return cls(**{name: getattr(about, name) for name in AboutOut.model_fields}, **more)


class PaperOut(AboutOut):
    """A paper with messages at once that wait, are held or failed, and whether it still holds."""

    bulletin_id: int
    ended_kind: State | None
    ended_on: date | None


class AboutTaskOut(AboutOut):
    """A task with digests that name it and wait, are held or failed."""

    task_id: int


class QueuesOut(BaseModel):
    queues: list[QueueOut]
    batches: list[BatchOut]
    papers: list[PaperOut]
    tasks: list[AboutTaskOut]


class DecidedOut(BaseModel):
    """How many deliveries were decided on."""

    count: int


@bp.get("/queues")
@permission("delivery.list")
@bp.output(QueuesOut)
@bp.doc(summary="What goes out at present, by queue, digest hour, paper and task")
def queues() -> dict[str, object]:
    lines = asked.lines()
    return {
        "queues": [QueueOut.of(line) for line in lines],
        "batches": [BatchOut.of(one) for one in batches.batches(lines)],
        "papers": [
            PaperOut.of(
                one,
                bulletin_id=one.subject_id,
                ended_kind=one.ended_kind,
                ended_on=one.ended_on,
            )
            for one in subjects.papers(lines)
        ],
        "tasks": [AboutTaskOut.of(one, task_id=one.subject_id) for one in subjects.tasks(lines)],
    }


@bp.post("/deliveries/<name>")
@permission("delivery.decide")
@bp.input(WhichInput, arg_name="data")
@bp.output(DecidedOut)
@bp.doc(summary="retry, stop, release or close deliveries by channel, outcome, hour, paper or task")
def decide_batch(name: str, data: WhichInput) -> dict[str, int]:
    if name not in DECISIONS:
        raise NotFound
    return {"count": DECISIONS[name](acting(), data.which)}
