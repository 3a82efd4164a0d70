"""Batches of messages, for the operator: digest hours, papers, what failed alike, what is stopped.

Every count has a bound, so that looking costs little however much waits.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, ScalarSelect, Select, exists, func, literal, or_, select

from bulletins.models import Bulletin, BulletinVersion
from bulletins.queries.inbox import standing
from config import clock
from config.database import db
from notifications.models import Delivery, Digest, Notice, Stop
from notifications.queues import AT_MOST, Line
from notifications.states import OF_PAPERS, Queue, State, WorkState

_DAY = timedelta(hours=24)
_HOURS = 48  # digest hours looked at, the last ones
_SHOWN = 6
_BATCH_MOST = 100_000
_GOING = (State.QUEUED, State.CLAIMED, State.CALLING)
_DONE = (State.SENT, State.DELIVERED, State.FAILED, State.UNKNOWN, State.CLOSED)


@dataclass(frozen=True)
class Batch:
    """The digests of one hour on one channel, and how far they have come."""

    channel: str
    scheduled_at: datetime
    to_compose: int
    going: int
    held: int
    failed: int
    unknown: int
    done: int
    seconds_left: int | None

    @property
    def total(self) -> int:
        """All of it."""
        return self.to_compose + self.going + self.held + self.done


def batches(queues: Sequence[Line]) -> list[Batch]:
    """The digest hours of the last day that are largest or not done, the newest first."""
    rates = {line.queue: line.per_minute for line in queues}
    hours = list(db.session.scalars(_hours()))
    if not hours:
        return []
    some = (
        select(Digest.channel, Digest.scheduled_at, Digest.state.label("work"), Delivery.state)
        .outerjoin(Delivery, Delivery.digest_id == Digest.id)
        .where(
            Digest.scheduled_at.in_(hours),
            Digest.state.in_((WorkState.DUE, WorkState.COMPOSED)),
        )
        .order_by(Digest.scheduled_at.desc())
        .limit(_BATCH_MOST)
        .subquery()
    )
    rows = db.session.execute(
        select(
            some.c.channel, some.c.scheduled_at, some.c.work, some.c.state, func.count()
        ).group_by(some.c.channel, some.c.scheduled_at, some.c.work, some.c.state)
    )
    counted: dict[tuple[str, datetime], dict[str, int]] = {}
    for channel, scheduled_at, work, state, count in rows:
        counts = counted.setdefault((channel, scheduled_at), {})
        key = state if state is not None else str(work)
        counts[key] = counts.get(key, 0) + count
    found = [_batch(*key, counts, rates) for key, counts in counted.items()]
    found.sort(key=lambda one: (one.total > one.done, one.total), reverse=True)
    return sorted(found[:_SHOWN], key=lambda one: one.scheduled_at, reverse=True)


def _batch(
    channel: str, at: datetime, counts: Mapping[str, int], rates: Mapping[Queue, float]
) -> Batch:
    going = sum(counts.get(state, 0) for state in _GOING)
    to_compose = counts.get(WorkState.DUE, 0)
    rate = rates.get(Queue(channel), 0.0)
    left = going + to_compose
    return Batch(
        channel,
        at,
        to_compose,
        going,
        counts.get(State.HELD, 0),
        counts.get(State.FAILED, 0),
        counts.get(State.UNKNOWN, 0),
        sum(counts.get(state, 0) for state in _DONE),
        0 if not left else round(left / rate * 60) if rate else None,
    )


def _hours() -> Select[datetime]:
    """The last digest hours, each found by one step along the index."""
    since = clock.now() - _DAY
    newest = select(func.max(Digest.scheduled_at).label("at"), literal(1).label("number"))
    hours = newest.cte("hours", recursive=True)
    before = (
        select(func.max(Digest.scheduled_at))
        .where(Digest.scheduled_at < hours.c.at)
        .scalar_subquery()
    )
    step = select(before, hours.c.number + 1).where(
        hours.c.at.is_not(None), hours.c.at > since, hours.c.number < _HOURS
    )
    hours = hours.union_all(step)
    return select(hours.c.at).where(hours.c.at > since)


def _title(bulletin_id: Any) -> ScalarSelect[str]:
    """The title of a paper by its last version."""
    return (
        select(BulletinVersion.title)
        .where(BulletinVersion.bulletin_id == bulletin_id)
        .order_by(BulletinVersion.version.desc())
        .limit(1)
        .scalar_subquery()
    )


def failures() -> Sequence[Any]:
    """What failed, by channel and outcome, among the last ones: so each can be sent again alone."""
    some = (
        select(Delivery.channel, Delivery.outcome)
        .where(Delivery.state == State.FAILED)
        .order_by(Delivery.id.desc())
        .limit(AT_MOST)
        .subquery()
    )
    return db.session.execute(
        select(some.c.channel, some.c.outcome, func.count().label("amount"))
        .group_by(some.c.channel, some.c.outcome)
        .order_by(func.count().desc())
    ).all()


def stops() -> Sequence[Any]:
    """The batches that are stopped, the newest first, with the title where it is a paper.

    One of which nothing is held any more is shown for a day: as long as something may be composed.
    """
    return db.session.execute(
        select(Stop, _title(Stop.bulletin_id).label("title"), *standing())
        .outerjoin(Bulletin, Bulletin.id == Stop.bulletin_id)
        .where(Stop.ended_at.is_(None), or_(Stop.created_at > clock.now() - _DAY, _still_holds()))
        .order_by(Stop.id.desc())
        .limit(_SHOWN * 2)
    ).all()


def _still_holds() -> ColumnElement[bool]:
    """Whether a stop holds anything."""
    held = Delivery.state == State.HELD
    of_hour = (Digest.id == Delivery.digest_id) & (Digest.scheduled_at == Stop.scheduled_at)
    on_channel = or_(Stop.channel.is_(None), Stop.channel == Delivery.channel)
    about = (Notice.id == Delivery.notice_id) & (Notice.subject_id == Stop.bulletin_id)
    return or_(
        exists().where(held, of_hour, on_channel),
        exists().where(held, about, Notice.kind.in_(OF_PAPERS)),
    )
