"""Quiet hours: spans of the day in which nothing is sent but what can't wait. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from agencies.states import Channel

_MOST_MOVES = 8


@dataclass(frozen=True)
class Quiet:
    """A span of each day; one that begins later than it ends goes over midnight."""

    begins: time
    ends: time

    def holds(self, at: time) -> bool:
        """Whether ``at`` lies in it; its end does not."""
        if self.begins < self.ends:
            return self.begins <= at < self.ends
        return at >= self.begins or at < self.ends


SMS_NIGHT = Quiet(time(21), time(8))
"""When no text message is sent to anybody, except of a 特急 paper."""


def quiet_of(channel: Channel, begins: str, ends: str) -> tuple[Quiet, ...]:
    """The quiet hours of a wish: its own (``HH:MM``, empty for none), and a channel's night."""
    own = (Quiet(time.fromisoformat(begins), time.fromisoformat(ends)),) if begins else ()
    return (SMS_NIGHT, *own) if channel == Channel.SMS else own


def are_endless(spans: Sequence[Quiet]) -> bool:
    """Whether they leave no minute of the day, so that nothing could ever be sent."""
    return bool(spans) and all(any(one.holds(span.ends) for one in spans) for span in spans)


def awake(at: datetime, zone: ZoneInfo, spans: Sequence[Quiet]) -> datetime:
    """``at``, or the end of the quiet hours in which it lies, in UTC."""
    for _ in range(_MOST_MOVES if spans else 0):
        local = at.astimezone(zone)
        span = next((one for one in spans if one.holds(local.time())), None)
        if span is None:
            break
        day = local.date() + timedelta(days=local.time() >= span.ends)
        at = _later_than(at, day, span.ends, zone)
    return at


def _later_than(at: datetime, day: date, end: time, zone: ZoneInfo) -> datetime:
    """When the quiet hours are over; of an hour that comes twice it may be the second."""
    first = moment(day, end, zone)
    return first if first > at else datetime.combine(day, end, zone).replace(fold=1).astimezone(UTC)


def moment(day: date, at: time, zone: ZoneInfo) -> datetime:
    """When clocks show ``at`` on ``day``, in UTC.

    A time that comes twice counts the first time; one that is left out, when the gap ends.
    """
    wall = datetime.combine(day, at, zone)
    due = wall.astimezone(UTC)
    if due.astimezone(zone).replace(tzinfo=None) == wall.replace(tzinfo=None):
        return due
    return _end_of_gap(wall, zone)


def _end_of_gap(wall: datetime, zone: ZoneInfo) -> datetime:
    """The moment at which clocks jump over ``wall``, to the second."""
    later = wall.astimezone(UTC)
    earlier = wall.replace(fold=1).astimezone(UTC)
    offset = later.astimezone(zone).utcoffset()
    while later - earlier > timedelta(seconds=1):
        middle = (earlier + (later - earlier) / 2).replace(microsecond=0)
        if middle.astimezone(zone).utcoffset() == offset:
            later = middle
        else:
            earlier = middle
    return later
