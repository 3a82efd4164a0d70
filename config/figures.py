"""The port through which folders show what waits: figures of the moment, for the metrics."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from flask import current_app
from sqlalchemy import Select, func, select

from config import clock
from config.amqp import broker_answers
from config.database import db
from config.handling import Handling
from config.journal import Entry

AT_MOST = 10_000


@dataclass(frozen=True)
class Figure:
    """One measured value of the moment; figures of one name differ in their labels."""

    name: str
    help: str
    value: float
    labels: dict[str, str] = field(default_factory=dict)


Source = Callable[[], Iterable[Figure]]
"""What a folder measures, in a few bounded queries by index."""


def bounded(query: Select[Any]) -> int:
    """How many rows ``query`` finds, counted up to a limit: a metric must never be slow."""
    return db.session.scalar(select(func.count()).select_from(query.limit(AT_MOST).subquery())) or 0


def age(moment: datetime | None) -> float:
    """Seconds since ``moment``; 0 where there is none."""
    return max((clock.now() - moment).total_seconds(), 0.0) if moment else 0.0


def own_figures() -> Iterator[Figure]:
    """The journal, its handlings and the worker."""
    unsettled = select(Entry.id).where(Entry.position.is_(None))
    oldest = select(Entry.at).where(Entry.position.is_(None)).order_by(Entry.id).limit(1)
    yield Figure("journal_unsettled", "Entries without a position", bounded(unsettled))
    yield Figure(
        "journal_unsettled_age_seconds",
        "Age of the oldest entry without a position",
        age(db.session.scalar(oldest)),
    )
    waiting = select(Handling.entry_id).where(
        Handling.done_at.is_(None), Handling.set_aside_at.is_(None)
    )
    aside = select(Handling.entry_id).where(
        Handling.done_at.is_(None), Handling.set_aside_at.is_not(None)
    )
    for state, query in (("waiting", waiting), ("set_aside", aside)):
        yield Figure(
            "handlings", "Entries that handlers owe work", bounded(query), {"state": state}
        )
    if (answers := broker_answers()) is not None:
        yield Figure("broker_up", "Whether the broker answers", float(answers))
    beat = Path(current_app.config["DATA_DIR"]) / "worker-beat"
    if beat.exists():  # its content may just be being written, its time is always whole
        moment = datetime.fromtimestamp(beat.stat().st_mtime, UTC)
        yield Figure("worker_beat_age_seconds", "Time since a worker of this host led", age(moment))
