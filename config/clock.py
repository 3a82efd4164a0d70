"""The one place that reads the clock: always UTC, always aware."""

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo


def now() -> datetime:
    """The present moment in UTC."""
    return datetime.now(UTC)


def today(zone: ZoneInfo) -> date:
    """The calendar day it is now in ``zone``."""
    return now().astimezone(zone).date()
