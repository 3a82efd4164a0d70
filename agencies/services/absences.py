"""Days on which people are away; their deputies act in the meantime."""

from datetime import date, timedelta

from flask import current_app
from flask_babel import gettext as _
from sqlalchemy import select

from agencies.actors import Actor
from agencies.models import Absence, Person
from agencies.permissions import require
from config import clock, journal
from config.database import db, found, writing
from config.errors import Invalid

LONGEST = timedelta(days=366)


def enter(actor: Actor, person_id: int, from_day: date, until_day: date) -> Absence:
    """Note that a person is away, both days included. Raises Invalid for days that can't be."""
    person = found(select(Person).where(Person.id == person_id))
    require(actor, "absence.set", person)
    if until_day < from_day:
        raise Invalid(errors={"until_day": _("结束日期不能早于开始日期。")})
    if until_day < clock.today(current_app.extensions["settings"].zone):
        raise Invalid(errors={"until_day": _("结束日期已经过去。")})
    if until_day - from_day > LONGEST:
        raise Invalid(errors={"until_day": _("一次最多登记一年。")})
    with writing():
        absence = Absence(
            person_id=person_id, from_day=from_day, until_day=until_day, created_at=clock.now()
        )
        db.session.add(absence)
        db.session.flush()
        journal.record("absence.entered", subject=("absence", absence.id), by=actor, away=person_id)
    return absence


def withdraw(actor: Actor, absence_id: int) -> int:
    """Take an absence back; returns whose it was."""
    with writing():
        absence = found(select(Absence).where(Absence.id == absence_id), lock=True)
        person = found(select(Person).where(Person.id == absence.person_id))
        require(actor, "absence.set", person)
        journal.record("absence.withdrawn", subject=("absence", absence.id), by=actor)
        db.session.delete(absence)
        return person.id
