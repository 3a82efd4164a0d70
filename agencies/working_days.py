"""Working days: the national calendar with its exchanged weekends (调休), and our table over it.

The library knows the years the State Council has announced; for others Monday to Friday counts,
and ``is_announced`` says so. What an administrator enters in the table decides over both.
"""

from calendar import Calendar, isleap
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import chinese_calendar
from chinese_calendar.constants import holidays
from sqlalchemy import select

from agencies.models import SpecialDay
from config.database import db

_YEARS = {day.year for day in holidays}
_CHUNK = 92  # days read from the table at once


def is_announced(year: int) -> bool:
    """Whether the holidays of ``year`` are known to the library."""
    return year in _YEARS


def by_library(day: date) -> bool:
    """Whether ``day`` is a working day as far as the library knows."""
    if is_announced(day.year):
        return bool(chinese_calendar.is_workday(day))
    return day.weekday() < 5


def special_days(start: date, end: date) -> dict[date, bool]:
    """What the editable table says of the days from ``start`` to ``end``, both included."""
    rows = db.session.execute(
        select(SpecialDay.day, SpecialDay.is_working).where(SpecialDay.day.between(start, end))
    )
    return {row.day: row.is_working for row in rows}


def is_working(day: date) -> bool:
    """Whether people work on ``day``."""
    return special_days(day, day).get(day, by_library(day))


def after(day: date, count: int) -> date:
    """The ``count``-th working day after ``day``; with 0 the day itself.

    Raises ValueError for a negative count and OverflowError beyond the year 9999.
    """
    if count < 0:
        raise ValueError("count can't be negative")
    while count:
        special = special_days(day, day + timedelta(days=_CHUNK))
        for _ in range(_CHUNK):
            day += timedelta(days=1)
            count -= special.get(day, by_library(day))
            if not count:
                break
    return day


def between(start: date, end: date) -> int:
    """How many working days lie after ``start`` up to and with ``end``; 0 if it is not later."""
    special = special_days(start, end)
    days = (start + timedelta(days=number) for number in range(1, (end - start).days + 1))
    return sum(special.get(day, by_library(day)) for day in days)


class Counter:
    """Working days between many pairs of days from ``start`` to ``end``, in one reading."""

    def __init__(self, start: date, end: date) -> None:
        special = special_days(start, end)
        self._start = start
        self._until = [0]
        for number in range(1, (end - start).days + 1):
            day = start + timedelta(days=number)
            self._until.append(self._until[-1] + special.get(day, by_library(day)))

    def between(self, start: date, end: date) -> int:
        """How many working days lie after ``start`` up to and with ``end``; 0 if not later."""
        return max(0, self._at(end) - self._at(start))

    def _at(self, day: date) -> int:
        number = (day - self._start).days
        return self._until[min(max(number, 0), len(self._until) - 1)]


def end_of_day(day: date, zone: ZoneInfo) -> datetime:
    """The moment in UTC at which ``day`` is over in ``zone``."""
    return datetime.combine(day + timedelta(days=1), time(), zone).astimezone(UTC)


@dataclass(frozen=True)
class Exceptional:
    """A day that isn't what its weekday says, why, and whether our own table decided it."""

    day: date
    is_working: bool
    remark: str
    is_ours: bool


def exceptions(year: int) -> list[Exceptional]:
    """The days of a year that differ from Monday to Friday, or that our own table decides."""
    rows = db.session.scalars(
        select(SpecialDay).where(SpecialDay.day.between(date(year, 1, 1), date(year, 12, 31)))
    )
    ours = {row.day: row for row in rows}
    found = []
    for day in _days_of(year):
        row = ours.get(day)
        if row is not None:
            found.append(Exceptional(day, row.is_working, row.remark, True))
        elif by_library(day) != (day.weekday() < 5):
            found.append(Exceptional(day, by_library(day), _name(day), False))
    return found


def _days_of(year: int) -> Iterator[date]:
    first = date(year, 1, 1)
    return (first + timedelta(days=number) for number in range(365 + isleap(year)))


def _name(day: date) -> str:
    """The holiday's name as the library has it, in Chinese."""
    _is_off, name = chinese_calendar.get_holiday_detail(day)
    return str(chinese_calendar.Holiday(name).chinese) if name else ""


def months(year: int) -> list[list[list[tuple[date, bool] | None]]]:
    """The months of a year as weeks from Monday: each day with whether people work on it."""
    special = special_days(date(year, 1, 1), date(year, 12, 31))
    return [
        [
            [
                (day, special.get(day, by_library(day))) if day.month == month else None
                for day in week
            ]
            for week in Calendar().monthdatescalendar(year, month)
        ]
        for month in range(1, 13)
    ]
