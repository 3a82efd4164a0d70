"""People as administrators meet them, and what is a person's own."""

from collections.abc import Collection
from datetime import timedelta

from flask import current_app
from sqlalchemy import select, update

from agencies import contacts, passwords
from agencies.models import Absence, Contact, Person, Seat, Tenure, Token
from agencies.services import invitations
from agencies.states import Channel, SeatKind, Way
from config import clock
from config.database import db, writing
from tests.worlds import World, add_person, seat_person

PASSWORD = "芦花-白如雪-2026"


def _newcomer(_world: World, agency: str) -> int:
    """Somebody invited who has not set a password yet."""
    with writing():
        return add_person(f"newcomer-{agency}", f"newcomer of {agency}").id


def _member(world: World, agency: str) -> int:
    """Somebody with a password and a seat."""
    with writing():
        number = seated(world, f"member-{agency}", agency)
        db.session.get_one(Person, number).password = "a hash"
        return number


def seated(world: World, username: str, agency: str) -> int:
    person = add_person(username, username)
    seat_person(person.id, world.agencies[agency], SeatKind.READER, label=username)
    return person.id


def _vacant(world: World, agency: str) -> int:
    with writing():
        seat = Seat(
            agency_id=world.agencies[agency],
            kind=SeatKind.DUTY,
            label="夜班",
            created_at=clock.now(),
        )
        db.session.add(seat)
        db.session.flush()
        return seat.id


def _tenure(world: World, agency: str) -> int:
    person_id = db.session.scalars(
        select(Person.id).where(Person.username == f"member-{agency}")
    ).one()
    return db.session.scalars(select(Tenure.id).where(Tenure.person_id == person_id)).one()


def _slip(world: World, agency: str) -> int:
    return _invited(world, f"newcomer-{agency}", "system")


def _reset_slip(world: World, agency: str) -> int:
    return _invited(world, f"member-{agency}", "security")


def _invited(world: World, username: str, by: str) -> int:
    person_id = db.session.scalars(select(Person.id).where(Person.username == username)).one()
    return invitations.invite(world.actor(by), person_id, Way.SLIP).id


OF_AGENCIES = {
    "newcomer": _newcomer,
    "member": _member,
    "vacant": _vacant,
    "tenure": _tenure,
    "slip": _slip,
    "reset_slip": _reset_slip,
}
"""By name: what makes one of each agency's."""


def _contact(person_id: int, channel: Channel) -> Contact:
    return db.session.scalars(
        select(Contact).where(Contact.person_id == person_id, Contact.channel == channel)
    ).one()


def _phone(person_id: int) -> int:
    """A number that was not proven yet."""
    contact = _contact(person_id, Channel.SMS)
    contact.verified_at = None
    return contact.id


def _mail(person_id: int) -> int:
    """An address to which a code was sent just now."""
    contact = _contact(person_id, Channel.MAIL)
    contact.verified_at, contact.code_sent_at = None, clock.now()
    return contact.id


def _code(person_id: int) -> str:
    db.session.flush()
    return contacts.code(_contact(person_id, Channel.MAIL))


def _absence(person_id: int) -> int:
    day = clock.today(current_app.extensions["settings"].zone) + timedelta(days=30)
    absence = Absence(person_id=person_id, from_day=day, until_day=day, created_at=clock.now())
    db.session.add(absence)
    db.session.flush()
    return absence.id


def _key(person_id: int) -> int:
    one = Token(
        person_id=person_id,
        label="old",
        token_hash=f"of {person_id}",
        created_at=clock.now(),
        expires_at=clock.now() + timedelta(days=30),
    )
    db.session.add(one)
    db.session.flush()
    return one.id


def _itself(person_id: int) -> int:
    return person_id


def _held(person_id: int) -> int | str:
    """The seat that the person holds; empty for who holds none."""
    query = select(Tenure.seat_id).where(Tenure.person_id == person_id, Tenure.ended_at.is_(None))
    return db.session.scalar(query) or ""


OF_PEOPLE = {
    "self": _itself,
    "held": _held,
    "phone": _phone,
    "mail": _mail,
    "code": _code,
    "absence": _absence,
    "key": _key,
}
"""By name: what makes, or finds, one of each person's own. Call inside ``writing()``."""


def give_passwords(person_ids: Collection[int]) -> None:
    """Give these people the same password."""
    some = db.session.scalars(select(Person).where(Person.id.in_(person_ids))).first()
    assert some is not None
    hashed = passwords.hashed(PASSWORD, some)
    db.session.execute(update(Person).where(Person.id.in_(person_ids)).values(password=hashed))
