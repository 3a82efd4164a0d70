"""When the next digest is due: pure, and safe on the days on which clocks are changed."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from notifications.states import Rhythm

ALL_DAYS = 0b1111111
_HORIZON = 62  # days; no run of holidays is longer

IsWorking = Callable[[date], bool]


@dataclass(frozen=True)
class Rule:
    """A subscription's wish. ``weekdays`` has bit 0 for Monday to bit 6 for Sunday."""

    rhythm: Rhythm
    hour: int
    weekdays: int
    zone: str

    def falls_on(self, day: date, is_working: IsWorking) -> bool:
        """Whether a digest is wanted on ``day``."""
        if self.rhythm == Rhythm.WORKDAYS:
            return is_working(day)
        return bool(self.weekdays >> day.weekday() & 1)


def next_due(rule: Rule, after: datetime, is_working: IsWorking) -> datetime | None:
    """The first moment later than ``after`` at which a digest is due, in UTC.

    None where none is wanted, or where no day within two months fits.
    """
    if rule.rhythm == Rhythm.OFF:
        return None
    zone = ZoneInfo(rule.zone)
    first = after.astimezone(zone).date()
    for count in range(_HORIZON):
        day = first + timedelta(days=count)
        if rule.falls_on(day, is_working):
            due = moment(day, rule.hour, zone)
            # A whole day can be left out too (Samoa, 2011); it has no digest of its own.
            if due > after and due.astimezone(zone).date() == day:
                return due
    return None


def moment(day: date, hour: int, zone: ZoneInfo) -> datetime:
    """When it is ``hour`` o'clock on ``day``, in UTC.

    An hour that comes twice counts the first time; one that is left out, when the gap ends.
    """
    wall = datetime.combine(day, time(hour), zone)
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
