"""Days on which people are away; their deputies act in the meantime."""

from datetime import date, timedelta

from flask import current_app
from flask_babel import gettext as _
from sqlalchemy import and_, or_, select

from agencies.actors import Actor
from agencies.models import Absence, Person
from agencies.permissions import require
from config import clock, journal
from config.database import db, end_reading, found, writing
from config.errors import Conflict, Invalid

LONGEST = timedelta(days=366)


def enter(actor: Actor, person_id: int, from_day: date, until_day: date) -> Absence:
    """Note that a person is away, both days included: they themselves or the administrator do.

    Raises Invalid for days that can't be, or on which the person is away already.
    """
    with writing():
        person = found(select(Person).where(Person.id == person_id), lock=True)
        require(actor, "absence.set", person)
        _check(person, from_day, until_day)
        absence = Absence(
            person_id=person_id, from_day=from_day, until_day=until_day, created_at=clock.now()
        )
        db.session.add(absence)
        db.session.flush()
        journal.record("absence.entered", subject=("absence", absence.id), by=actor, away=person_id)
    return absence


def _check(person: Person, from_day: date, until_day: date) -> None:
    if person.role is not None:
        raise Invalid(errors={"from_day": _("管理员不担任岗位，不用登记请假。")})
    if until_day < from_day:
        raise Invalid(errors={"until_day": _("结束日期不能早于开始日期。")})
    if until_day < clock.today(current_app.extensions["settings"].zone):
        raise Invalid(errors={"until_day": _("结束日期已经过去。")})
    if until_day - from_day > LONGEST:
        raise Invalid(errors={"until_day": _("一次最多登记一年。")})
    earlier = db.session.scalars(
        select(Absence)
        .where(
            Absence.person_id == person.id,
            Absence.from_day <= until_day,
            Absence.until_day >= from_day,
        )
        .order_by(Absence.from_day)
    ).first()
    if earlier is not None:
        message = _(
            "与已登记的 %(start)s 至 %(end)s 重叠，请改日期，或先取消那一次。",
            start=earlier.from_day,
            end=earlier.until_day,
        )
        raise Invalid(errors={"from_day": message})


def end(actor: Actor, absence_id: int) -> int:
    """The person is back, or doesn't go; returns whose absence it was.

    What has begun stays on record up to yesterday, what hasn't is taken back. Raises Conflict for
    what is over.
    """
    today = clock.today(current_app.extensions["settings"].zone)
    with writing():
        absence = found(select(Absence).where(Absence.id == absence_id), lock=True)
        person = found(select(Person).where(Person.id == absence.person_id))
        require(actor, "absence.set", person)
        if absence.until_day < today:
            raise Conflict(_("这次请假已经结束。"))
        kind = "absence.ended" if absence.from_day < today else "absence.withdrawn"
        entry = journal.record(kind, subject=("absence", absence.id), by=actor, away=person.id)
        if absence.from_day < today:
            absence.until_day = today - timedelta(days=1)
            absence.ended_entry_id = entry.id
        else:
            db.session.delete(absence)
        return person.id


def keep_up() -> None:
    """Put down in the journal which absences have begun and which are over by today.

    What a deputy is told, and from where on, follows from the positions of these entries.
    """
    today = clock.today(current_app.extensions["settings"].zone)
    begins = and_(
        Absence.began_entry_id.is_(None), Absence.from_day <= today, Absence.until_day >= today
    )
    ends = and_(
        Absence.began_entry_id.is_not(None),
        Absence.ended_entry_id.is_(None),
        Absence.until_day < today,
    )
    turning = select(Absence).where(or_(begins, ends)).order_by(Absence.id)
    if not db.session.scalar(turning.with_only_columns(Absence.id).limit(1)):
        end_reading()
        return
    with writing():
        for absence in db.session.scalars(turning.with_for_update()):
            over = absence.began_entry_id is not None
            entry = journal.record(
                "absence.over" if over else "absence.began",
                subject=("absence", absence.id),
                away=absence.person_id,
            )
            if over:
                absence.ended_entry_id = entry.id
            else:
                absence.began_entry_id = entry.id
