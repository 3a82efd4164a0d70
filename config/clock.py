"""The one place that reads the clock: always UTC, always aware."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

_shift: ContextVar[timedelta] = ContextVar("shift", default=timedelta(0))


def now() -> datetime:
    """The present moment in UTC."""
    return datetime.now(UTC) + _shift.get()


def today(zone: ZoneInfo) -> date:
    """The calendar day it is now in ``zone``."""
    return now().astimezone(zone).date()


@contextmanager
def shifted(by: timedelta) -> Iterator[None]:
    """Let it be another time inside, for data that has a past."""
    token = _shift.set(by)
    try:
        yield
    finally:
        _shift.reset(token)
