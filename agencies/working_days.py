"""Working days: the national calendar with its exchanged weekends (调休), and our table over it.

The library knows the years the State Council has announced; for others Monday to Friday counts,
and ``is_announced`` says so. What an administrator enters in the table decides over both.
"""

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


def end_of_day(day: date, zone: ZoneInfo) -> datetime:
    """The moment in UTC at which ``day`` is over in ``zone``."""
    return datetime.combine(day + timedelta(days=1), time(), zone).astimezone(UTC)
