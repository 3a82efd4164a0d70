"""The editable calendar: days that the library doesn't know, or knows differently."""

from datetime import date

from sqlalchemy import select

from agencies.actors import Actor
from agencies.inputs import SpecialDayInput
from agencies.models import SpecialDay
from agencies.permissions import require
from config import journal
from config.database import db, found, writing


def set_day(actor: Actor, data: SpecialDayInput) -> None:
    """Decide whether people work on a day, whatever the library says."""
    require(actor, "calendar.edit")
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
