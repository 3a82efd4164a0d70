"""When the next digest is due: pure, and safe on the days on which clocks are changed."""

from calendar import monthrange
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from typing import Any, Self
from zoneinfo import ZoneInfo

from agencies.states import Channel
from notifications.quiet import Quiet, awake, moment, quiet_of
from notifications.states import Rhythm

ALL_DAYS = 0b1111111
WINDOW = timedelta(minutes=2)
"""How long news that is told at once is gathered, so that a burst of it is one digest."""

_HORIZON = 62  # days; no run of holidays is longer, nor is a month
_SELDOM = (Rhythm.WEEKLY, Rhythm.MONTHLY)
UNTIMED = (Rhythm.OFF, Rhythm.AT_ONCE)
"""Rhythms without times of the day."""

IsWorking = Callable[[date], bool]


@dataclass(frozen=True)
class Rule:
    """A subscription's wish. ``weekdays`` has bit 0 for Monday to bit 6 for Sunday."""

    rhythm: Rhythm
    times: tuple[time, ...]
    weekdays: int
    zone: str
    month_day: int = 1
    quiet: tuple[Quiet, ...] = ()

    @classmethod
    def of(cls, wish: Any) -> Self:
        """The rule of a subscription, or of a row with its columns."""
        return cls(
            rhythm=Rhythm(wish.rhythm),
            times=tuple(time.fromisoformat(one) for one in wish.times.split()),
            weekdays=wish.weekdays,
            zone=wish.zone,
            month_day=wish.month_day,
            quiet=quiet_of(Channel(wish.channel), wish.quiet_from, wish.quiet_until),
        )

    def falls_on(self, day: date, is_working: IsWorking) -> bool:
        """Whether a digest is wanted on ``day``; a month too short has it on its last day."""
        if self.rhythm == Rhythm.WORKDAYS:
            return is_working(day)
        if self.rhythm == Rhythm.MONTHLY:
            return day.day == min(self.month_day, monthrange(day.year, day.month)[1])
        return bool(self.weekdays >> day.weekday() & 1)

    def soon(self) -> Self:
        """The rule by which the digest comes that waited for somebody to be back."""
        return replace(self, rhythm=Rhythm.WORKDAYS) if self.rhythm in _SELDOM else self

    def awake(self, at: datetime) -> datetime:
        """``at``, or the end of the quiet hours in which it lies."""
        return awake(at, ZoneInfo(self.zone), self.quiet)


def next_due(rule: Rule, after: datetime, is_working: IsWorking) -> datetime | None:
    """The first moment later than ``after`` at which a digest is due, in UTC.

    What falls into quiet hours is due at their end. None where no digest is wanted at set times,
    or where no day within two months fits.
    """
    if rule.rhythm in UNTIMED:
        return None
    zone = ZoneInfo(rule.zone)
    # An hour of the day before may have waited for the end of quiet hours.
    first = after.astimezone(zone).date() - timedelta(days=1)
    for day in (first + timedelta(days=count) for count in range(_HORIZON)):
        if rule.falls_on(day, is_working):
            for due in _moments(rule, day, zone):
                if due > after:
                    return due
    return None


def _moments(rule: Rule, day: date, zone: ZoneInfo) -> Iterator[datetime]:
    for at in sorted(rule.times):
        due = moment(day, at, zone)
        # A whole day can be left out too (Samoa, 2011); it has no digest of its own.
        if due.astimezone(zone).date() == day:
            yield awake(due, zone, rule.quiet)
