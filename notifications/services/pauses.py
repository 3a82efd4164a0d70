"""Pauses of a whole channel: a dead provider is asked seldom, and no delivery pays for it."""

from datetime import timedelta

from sqlalchemy import delete

from agencies.states import Channel
from config import clock
from config.database import advisory_lock, db
from config.text import harmless
from notifications.models import ChannelPause

PAUSES = tuple(timedelta(seconds=s) for s in (5, 15, 30, 60, 120, 300))
REASON_LENGTH = 200
_LOCK = 7_246_015


def pause(channel: Channel, reason: str) -> None:
    """Send nothing over ``channel`` for a while, longer each time. Call inside ``writing()``."""
    advisory_lock(_LOCK)  # two threads may find the same failure at once
    now = clock.now()
    row = paused(channel)
    if row is None:
        row = ChannelPause(channel=channel, failures=0, since=now, until=now, reason="")
        db.session.add(row)
    elif row.until > now:
        return
    row.until = now + PAUSES[min(row.failures, len(PAUSES) - 1)]
    row.failures += 1
    row.reason = harmless(reason)[:REASON_LENGTH]


def resume(channel: Channel) -> None:
    """The provider answers again. Call inside ``writing()``."""
    db.session.execute(delete(ChannelPause).where(ChannelPause.channel == channel))


def rests(channel: Channel) -> bool:
    """Whether nothing may be sent over ``channel`` now."""
    row = paused(channel)
    return row is not None and row.until > clock.now()


def paused(channel: Channel) -> ChannelPause | None:
    """Why and since when a channel has trouble; None where it has none."""
    return db.session.get(ChannelPause, channel, populate_existing=True)
