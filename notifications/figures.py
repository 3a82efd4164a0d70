"""What waits to go out, for the metrics."""

from collections.abc import Iterator

from sqlalchemy import func, select

from agencies.states import Channel
from config import clock
from config.database import db
from config.figures import AT_MOST, Figure, age, bounded
from notifications.models import ChannelPause, Delivery, Digest, Notice
from notifications.states import Queue, State, WorkState

_WATCHED = (State.QUEUED, State.CLAIMED, State.CALLING, State.UNKNOWN, State.HELD)


def figures() -> Iterator[Figure]:
    """Deliveries by state, digests and notices that wait, and channels in trouble."""
    for state in _WATCHED:
        counts = _by_channel(state)
        for channel in Channel:
            yield Figure(
                "deliveries",
                "Deliveries that are not done",
                counts.get(channel, 0),
                {"channel": channel, "state": state},
            )
    yield from _by_queue()
    oldest = select(func.min(Delivery.created_at)).where(Delivery.state == State.QUEUED)
    yield Figure(
        "deliveries_oldest_age_seconds",
        "Age of the oldest queued delivery",
        age(db.session.scalar(oldest)),
    )
    digests = select(Digest.id).where(Digest.state == WorkState.DUE)
    notices = select(Notice.id).where(Notice.state == WorkState.DUE)
    yield Figure("digests_waiting", "Digests to be composed", bounded(digests))
    failing = digests.where(Digest.failures > 0)
    yield Figure("digests_failing", "Digests that could not be composed yet", bounded(failing))
    yield Figure("notices_waiting", "Notices to be composed", bounded(notices))
    troubled = set(db.session.scalars(select(ChannelPause.channel)))
    for channel in Channel:
        yield Figure(
            "channel_down",
            "Whether a provider could not be reached",
            float(channel in troubled),
            {"channel": channel},
        )


def _by_queue() -> Iterator[Figure]:
    """What waits in each queue, how long the first has been due, and whether its channel rests."""
    now = clock.now()
    resting = set(db.session.scalars(select(ChannelPause.channel).where(ChannelPause.until > now)))
    for queue in Queue:
        due = (
            Delivery.state == State.QUEUED,
            Delivery.channel == queue.channel,
            Delivery.urgent.is_(queue.urgent),
            Delivery.next_try_at <= now,
        )
        labels = {"queue": queue.value}
        first = age(db.session.scalar(select(func.min(Delivery.next_try_at)).where(*due)))
        waiting = bounded(select(Delivery.id).where(*due))
        told = bounded(select(Delivery.id).where(*due, Delivery.handed_out_at.is_not(None)))
        paused = float(queue.channel in resting)
        yield Figure("queue_waiting", "Deliveries that are due", waiting, labels)
        yield Figure("queue_handed_out", "Of these, told to a worker", told, labels)
        yield Figure("queue_oldest_age_seconds", "Since when the first is due", first, labels)
        yield Figure("queue_paused", "Whether nothing is handed out of it now", paused, labels)


def _by_channel(state: State) -> dict[str, int]:
    some = select(Delivery.channel).where(Delivery.state == state).limit(AT_MOST).subquery()
    rows = db.session.execute(select(some.c.channel, func.count()).group_by(some.c.channel))
    return {row[0]: row[1] for row in rows}
