"""Signing in and out: one failure message for all, growing locks, sessions as rows."""

from datetime import datetime, timedelta

from flask import current_app
from sqlalchemy import select, update

from agencies import passwords, throttle
from agencies.actors import Actor, begin_sign_in, current_sign_in, seats_of
from agencies.inputs import normal_username
from agencies.models import Person, SignIn
from agencies.security import store
from agencies.states import lock_minutes
from config import clock, journal
from config.database import db, writing
from config.errors import Forbidden, Invalid, NotFound

LIMIT_OF_ADDRESS = 60
WITHIN = timedelta(minutes=15)


def sign_in(username: str, password: str, address: str) -> Person:
    """Check the credentials and begin this browser's session.

    Raises Invalid with the same words whether name or password is wrong or the account locked,
    TooMany where too many failures came from ``address``.
    """
    throttle.check("sign_in", address, limit=LIMIT_OF_ADDRESS, within=WITHIN)
    person = store().find_user(username=_readable(username))
    kept = person.password if person is not None and person.active else None
    known = person.id if person is not None else None
    db.session.rollback()  # the connection is not held while the hash is computed
    right = passwords.matches(password, kept)
    if not _admitted(known, right, address):
        raise Invalid
    return db.session.get_one(Person, known)


def _readable(username: str) -> str:
    try:
        return normal_username(username)
    except ValueError:
        return ""


def _admitted(person_id: int | None, right: bool, address: str) -> bool:
    with writing():
        person = _locked_row(person_id)
        if person is None:
            throttle.note("sign_in", address)
            return False
        now = clock.now()
        if person.locked_until is not None and person.locked_until > now:
            throttle.note("sign_in", address)
            return False
        if not right or not person.active:
            throttle.note("sign_in", address)
            _count_failure(person, now)
            return False
        person.failed_sign_ins = 0
        person.locked_until = None
        journal.record("person.signed_in", subject=("person", person.id), by=Actor(person))
        begin_sign_in(person)
        return True


def _locked_row(person_id: int | None) -> Person | None:
    if person_id is None:
        return None
    return db.session.scalars(
        select(Person).where(Person.id == person_id).with_for_update()
    ).one_or_none()


def _count_failure(person: Person, now: datetime) -> None:
    person.failed_sign_ins += 1
    minutes = lock_minutes(person.failed_sign_ins)
    if minutes:
        person.locked_until = now + timedelta(minutes=minutes)
        journal.record("person.locked", subject=("person", person.id), minutes=minutes)


def sign_out() -> None:
    """End this browser's session: every copy of its cookie is dead from now on."""
    with writing():
        row = current_sign_in()
        if row is not None:
            row.ended_at = clock.now()
            someone = db.session.get_one(Person, row.person_id)
            journal.record("person.signed_out", subject=("person", someone.id), by=Actor(someone))


def switch_seat(actor: Actor, seat_id: int) -> None:
    """Act in another of one's seats in this browser. Raises NotFound for a seat not one's own."""
    with writing():
        day = clock.today(current_app.extensions["settings"].zone)
        if seat_id not in {seat.id for seat in seats_of(actor.person_id, day)}:
            raise NotFound
        row = current_sign_in()
        if row is None:
            raise Forbidden
        row.seat_id = seat_id


def end_all(person_id: int, *, but: int | None = None) -> None:
    """End a person's sessions in all browsers (but one). Call inside ``writing()``."""
    query = (
        update(SignIn)
        .where(SignIn.person_id == person_id, SignIn.ended_at.is_(None))
        .values(ended_at=clock.now())
        .execution_options(synchronize_session=False)
    )
    db.session.execute(query if but is None else query.where(SignIn.id != but))
