"""What goes out at present, for the operator: by queue, in a fixed number of queries.

Every count has a bound, so that looking costs little however much waits.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import case, func, literal, select, union_all

from config import clock
from config.database import db
from notifications.models import Attempt, ChannelPause, Delivery
from notifications.states import Queue, State

AT_MOST = 20_000
LAST_MINUTES = timedelta(minutes=5)
LAST_HOUR = timedelta(hours=1)
_WELL = ("accepted", "written", "reported")
_FAILED = ("refused", "gave_up", "address", "reported_failed")


@dataclass(frozen=True)
class Line:
    """One queue: what waits, since when, and what went out lately.

    ``per_minute`` is what it managed in the last five minutes. ``seconds_left`` is what waits by
    that rate; None where nothing moved.
    """

    queue: Queue
    waiting: int
    oldest_at: datetime | None
    tried_lately: int
    tried: int
    failed: int
    per_minute: float
    pause: ChannelPause | None

    @property
    def seconds_left(self) -> int | None:
        """How long what waits will take at the present rate."""
        if not self.waiting:
            return 0
        return round(self.waiting / self.per_minute * 60) if self.per_minute else None


def lines() -> list[Line]:
    """Each queue as it stands."""
    waiting = {row.queue: row for row in db.session.execute(union_all(*map(_waiting, Queue)))}
    lately = {row.queue: row for row in db.session.execute(union_all(*map(_tried, Queue)))}
    pauses = {one.channel: one for one in db.session.scalars(select(ChannelPause))}
    return [
        Line(
            queue,
            waiting[queue].amount,
            waiting[queue].oldest_at,
            lately[queue].recent,
            lately[queue].amount,
            lately[queue].failed,
            _per_minute(lately[queue]),
            pauses.get(queue.channel),
        )
        for queue in Queue
    ]


def rates_of(queues: Iterable[Line]) -> Mapping[Queue, float]:
    """How many each queue manages in a minute."""
    return {line.queue: line.per_minute for line in queues}


def left(going: Mapping[Queue, int], rates: Mapping[Queue, float]) -> int | None:
    """How many seconds the slowest of these queues will take for what waits in it.

    0 where nothing waits, at least 1 else; None where one of them does not move.
    """
    waiting = [(count, rates.get(queue, 0.0)) for queue, count in going.items()]
    if not all(rate for _count, rate in waiting):
        return None
    return max((max(1, round(count / rate * 60)) for count, rate in waiting), default=0)


def _waiting(queue: Queue) -> Any:
    some = (
        select(Delivery.created_at)
        .where(
            Delivery.state == State.QUEUED,
            Delivery.channel == queue.channel,
            Delivery.urgent.is_(queue.urgent),
        )
        .order_by(Delivery.next_try_at)
        .limit(AT_MOST)
        .subquery()
    )
    return select(
        literal(queue.value).label("queue"),
        func.count().label("amount"),
        func.min(some.c.created_at).label("oldest_at"),
    ).select_from(some)


def _tried(queue: Queue) -> Any:
    now = clock.now()
    some = (
        select(Attempt.ended_at, Attempt.outcome)
        .where(Attempt.queue == queue, Attempt.ended_at > now - LAST_HOUR)
        .order_by(Attempt.ended_at.desc())
        .limit(AT_MOST)
        .subquery()
    )
    recent = some.c.ended_at > now - LAST_MINUTES
    return select(
        literal(queue.value).label("queue"),
        func.count().label("amount"),
        func.count(case((recent, 1))).label("recent"),
        func.count(case((recent & some.c.outcome.in_(_WELL), 1))).label("went"),
        func.count(case((some.c.outcome.in_(_FAILED), 1))).label("failed"),
        func.min(some.c.ended_at).label("first_at"),
    ).select_from(some)


def _per_minute(row: Any) -> float:
    """What went out in a minute lately; of so many that counting stopped, by the time they took."""
    span = LAST_MINUTES
    if row.first_at is not None and row.amount == AT_MOST:
        span = min(span, max(clock.now() - row.first_at, timedelta(seconds=1)))
    return float(row.went / (span.total_seconds() / 60))
