"""The editable calendar: days that the library doesn't know, or knows differently."""

from datetime import date

from flask_babel import gettext as _
from sqlalchemy import select

from agencies.actors import Actor
from agencies.inputs import SpecialDayInput
from agencies.models import SpecialDay
from agencies.permissions import require
from config import journal
from config.database import db, found, writing
from config.errors import Invalid

FIRST, LAST = 2004, 2100
"""The years that the calendar covers."""


def set_day(actor: Actor, data: SpecialDayInput) -> None:
    """Decide whether people work on a day, whatever the library says.

    Raises Invalid for a day outside the years that the calendar covers.
    """
    require(actor, "calendar.edit")
    if not FIRST <= data.day.year <= LAST:
        raise Invalid(errors={"day": _("只能设置 2004 年到 2100 年的日期。")})
    with writing():
        row = db.session.get(SpecialDay, data.day)
        if row is None:
            row = SpecialDay(day=data.day)
            db.session.add(row)
        row.is_working = data.is_working
        row.remark = data.remark
        row.changed_by = actor.person_id
        number = int(data.day.strftime("%Y%m%d"))
        journal.record(
            "calendar.day_set", subject=("day", number), by=actor, is_working=data.is_working
        )


def clear_day(actor: Actor, day: date) -> None:
    """Leave a day to the library again; raises NotFound where nothing was set."""
    require(actor, "calendar.edit")
    with writing():
        row = found(select(SpecialDay).where(SpecialDay.day == day), lock=True)
        db.session.delete(row)
        number = int(day.strftime("%Y%m%d"))
        journal.record("calendar.day_cleared", subject=("day", number), by=actor)
