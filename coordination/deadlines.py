"""Deadlines: so many working days or a day, always to the end of a day; which are near or past."""

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from flask import current_app
from flask_babel import gettext as _

from agencies import working_days
from agencies.models import Agency
from config import clock
from config.errors import Invalid, Message
from config.settings import Settings
from coordination.states import Told

MAX_WORKING_DAYS = 250
MAX_AHEAD = timedelta(days=3 * 366)
NEAR_WORKING_DAYS = 3


def zone_of(agency: Agency | None = None) -> ZoneInfo:
    """The zone in which an agency's days end: its own, else the installation's."""
    return zone_named(agency.timezone if agency else None)


def zone_named(name: str | None) -> ZoneInfo:
    """The zone of that name; the installation's where there is none."""
    settings: Settings = current_app.extensions["settings"]
    return ZoneInfo(name) if name else settings.zone


def chosen(days: int | None, due_on: date | None, zone: ZoneInfo) -> datetime | None:
    """The moment in UTC at which the time given is over; None where nothing was given.

    Raises Invalid where both are given, or a day that is past or years away.
    """
    today = clock.today(zone)
    if days is not None and due_on is not None:
        raise Invalid(errors={"due_on": _("工作日数和截止日期只填一项。")})
    if days is not None:
        return working_days.end_of_day(working_days.after(today, days), zone)
    if due_on is None:
        return None
    if due_on < today:
        raise Invalid(errors={"due_on": _("截止日期已经过去，请选今天或以后的日期。")})
    if due_on > today + MAX_AHEAD:
        raise Invalid(errors={"due_on": _("截止日期太远，请选三年以内的日期。")})
    return working_days.end_of_day(due_on, zone)


def required(days: int | None, due_on: date | None, zone: ZoneInfo) -> datetime:
    """As ``chosen``, where there must be a deadline; raises Invalid where none was given."""
    due_at = chosen(days, due_on, zone)
    if due_at is None:
        raise Invalid(errors={"days": _("请填写期限：几个工作日，或者截止日期。")})
    return due_at


def faults(
    days: int | None, due_on: date | None, zone: ZoneInfo, *, wanted: bool
) -> Mapping[str, Message]:
    """What is wrong with a deadline, at its fields; ``wanted``: that there is none, too."""
    try:
        (required if wanted else chosen)(days, due_on, zone)
    except Invalid as error:
        return error.errors
    return {}


def last_day(due_at: datetime, zone: ZoneInfo) -> date:
    """The day to whose end there is time."""
    return (due_at.astimezone(zone) - timedelta(seconds=1)).date()


def near_until(zone: ZoneInfo) -> datetime:
    """Up to which moment a deadline counts as near: three working days from today."""
    return working_days.end_of_day(working_days.after(clock.today(zone), NEAR_WORKING_DAYS), zone)


def told_by_giving(due_at: datetime, zone: ZoneInfo) -> Told:
    """What whoever gets a task with this deadline knows: that one is near is not told once more."""
    return Told.NEAR if due_at <= near_until(zone) else Told.NOTHING
