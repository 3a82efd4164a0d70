"""Handing out: the leader picks what is due for each queue, and picks up what others dropped."""

import time
from datetime import timedelta
from typing import Any

from sqlalchemy import ColumnElement, or_, select, update

from agencies.states import Channel
from config import clock
from config.database import among, db, end_reading, is_sqlite, writing
from config.scheduling import still_leads
from notifications import rates
from notifications.engine import Engine, engine
from notifications.leases import lease
from notifications.models import Delivery
from notifications.services.attempts import keep_unanswered
from notifications.services.pacing import is_paced, let_go
from notifications.services.pauses import paused
from notifications.states import Action, Queue, State, sources, target

_BATCH = 200
_PROBE = 10  # how many are risked on a provider that failed before
_REPEAT_AFTER = timedelta(minutes=1)


def pump(seconds: float = 5.0) -> int:
    """Hand out what is due as there is room for it; returns how many were.

    It ends when nothing is left, when another process leads, or after ``seconds``: the schedule
    calls it again.
    """
    at_work, count, until = engine(), 0, time.monotonic() + seconds
    queues = sorted(Queue, key=lambda queue: not queue.urgent)
    while time.monotonic() < until and still_leads():
        handed_out = sum(_feed(at_work, queue) for queue in queues)
        count += handed_out
        if not handed_out and not at_work.busy():
            break
        at_work.wait()
    return count


def _feed(at_work: Engine, queue: Queue) -> int:
    count = 0
    while (most := rates.allowed(queue.channel, at_work.batch)) and at_work.room(queue):
        ids = hand_out(queue, most)
        if not ids:
            break
        rates.spend(queue.channel, len(ids))
        dispatch(queue, ids)
        count += len(ids)
    return count


def dispatch(queue: Queue, ids: list[int]) -> None:
    """Give the deliveries that were handed out to whatever does the work.

    This is the one seam to it: the pool of this process, or a broker's queue of that name.
    """
    engine().submit(queue, ids)


def hand_out(queue: Queue, batch: int = _BATCH) -> list[int]:
    """Mark the next deliveries of ``queue`` as handed out; their ids, oldest first.

    What was handed out and never claimed is handed out again once its lease is over.
    """
    trouble = paused(queue.channel)
    waiting = _waiting(queue)
    if (trouble and trouble.until > clock.now()) or not db.session.scalar(waiting.limit(1)):
        end_reading()
        return []
    query = waiting.limit(min(_PROBE, batch) if trouble else batch)
    if not is_sqlite():
        query = query.with_for_update(skip_locked=True)
    ids: list[int] = []
    while not ids:  # where all of a batch was booked for later, the next one may go
        with writing():
            some = db.session.scalars(query).all()
            ids = let_go(queue, some) if is_paced(queue) else list(some)
            db.session.execute(
                update(Delivery).where(among(Delivery.id, ids)).values(handed_out_at=clock.now())
            )
        if not some:
            break
    return ids


def _waiting(queue: Queue) -> Any:
    now = clock.now()
    return (
        select(Delivery.id)
        .where(
            Delivery.state == State.QUEUED,
            Delivery.channel == queue.channel,
            Delivery.urgent.is_(queue.urgent),
            Delivery.next_try_at <= now,
            or_(Delivery.handed_out_at.is_(None), Delivery.handed_out_at <= now - lease()),
        )
        .order_by(Delivery.next_try_at, Delivery.id)
    )


def recover() -> None:
    """Free what a dead worker had claimed; what it was calling for is unknown.

    An unknown mail is queued once more, with the same id, and counted as possibly doubled.
    """
    now = clock.now()
    end = now - lease()
    dropped = Delivery.claimed_at <= end
    silent = Delivery.calling_at <= end
    twice = _open(Action.REPEAT) & (Delivery.channel == Channel.MAIL)
    twice &= Delivery.possibly_doubled.is_(False)
    lost = (Delivery.state == State.CALLING) & silent
    freed = (Delivery.state == State.CLAIMED) & dropped
    if not db.session.scalar(select(Delivery.id).where(or_(freed, lost, twice)).limit(1)):
        end_reading()
        return
    unclaimed = {"claim": None, "claimed_at": None, "handed_out_at": None}
    with writing():
        _move(Action.SPARE, freed, **unclaimed)
        keep_unanswered([lost], "no_answer")
        _move(Action.LOSE, lost, outcome="no_answer", attempts=Delivery.attempts + 1)
        _move(
            Action.REPEAT,
            twice,
            possibly_doubled=True,
            next_try_at=now + _REPEAT_AFTER,
            **unclaimed,
        )


def _open(action: Action) -> ColumnElement[bool]:
    return Delivery.state.in_(sources(action))


def _move(action: Action, condition: ColumnElement[bool], **change: Any) -> None:
    db.session.execute(
        update(Delivery)
        .where(_open(action), condition)
        .values(state=target(action), **change)
        .execution_options(synchronize_session=False)
    )
