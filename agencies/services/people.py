"""People: making, naming, locking and deactivating accounts."""

from uuid import uuid4

from flask_babel import gettext as _
from sqlalchemy import select, update
from sqlalchemy.exc import IntegrityError

from agencies.actors import Actor
from agencies.inputs import PersonInput
from agencies.models import Contact, Invitation, Person, Tenure, Token
from agencies.permissions import require
from agencies.services.seats import leave
from agencies.services.sign_in import end_all
from agencies.states import LOCKED_FOR_GOOD, AdminRole, Channel
from config import clock, journal
from config.database import db, found, writing
from config.errors import Conflict, Invalid


def person(person_id: int, *, lock: bool = False) -> Person:
    """One person; raises NotFound."""
    return found(select(Person).where(Person.id == person_id), lock=lock)


def create(actor: Actor, data: PersonInput, role: AdminRole | None = None) -> Person:
    """A new account without a password. Administrators are made at the command line alone.

    Raises Invalid where the user name is taken.
    """
    require(actor, "person.create")
    if role is not None and not actor.at_console:
        raise Conflict(_("管理员账号只能在服务器的命令行上建立。"))
    try:
        with writing():
            return add(actor, data, role)
    except IntegrityError as error:
        raise Invalid(errors={"username": _("这个用户名已有人使用。")}) from error


def addresses_of(data: PersonInput) -> dict[Channel, str]:
    """The addresses of a new person, by the channels that lead there."""
    given = {Channel.MAIL: data.mail, Channel.SMS: data.phone}
    return {channel: address for channel, address in given.items() if address}


def add(actor: Actor, data: PersonInput, role: AdminRole | None) -> Person:
    """A new person with their unproven addresses. Call inside ``writing()``."""
    now = clock.now()
    made = Person(
        username=data.username,
        name=data.name,
        role=role,
        fs_uniquifier=uuid4().hex,
        created_at=now,
    )
    db.session.add(made)
    db.session.flush()
    for channel, address in addresses_of(data).items():
        db.session.add(Contact(person_id=made.id, channel=channel, address=address, created_at=now))
    journal.record("person.created", subject=("person", made.id), by=actor, role=role)
    return made


def rename(actor: Actor, person_id: int, name: str) -> None:
    """Give a person another name."""
    require(actor, "person.edit")
    with writing():
        someone = person(person_id, lock=True)
        someone.name = name
        journal.record("person.renamed", subject=("person", someone.id), by=actor)


def deactivate(actor: Actor, person_id: int) -> None:
    """Shut an account: its sessions and keys end, its seats become vacant."""
    require(actor, "person.deactivate", person(person_id))
    with writing():
        someone = person(person_id, lock=True)
        if not someone.active:
            return
        someone.active = False
        end_all(someone.id)
        _end_keys(someone.id)
        for tenure in db.session.scalars(
            select(Tenure).where(Tenure.person_id == someone.id, Tenure.ended_at.is_(None))
        ).all():
            leave(tenure, actor)
        journal.record("person.deactivated", subject=("person", someone.id), by=actor)


def _end_keys(person_id: int) -> None:
    now = clock.now()
    db.session.execute(
        update(Token)
        .where(Token.person_id == person_id, Token.revoked_at.is_(None))
        .values(revoked_at=now)
    )
    db.session.execute(
        update(Invitation)
        .where(Invitation.person_id == person_id, Invitation.used_at.is_(None))
        .values(expires_at=now)
    )


def activate(actor: Actor, person_id: int) -> None:
    """Open an account again; seats are given anew."""
    require(actor, "person.deactivate", person(person_id))
    with writing():
        someone = person(person_id, lock=True)
        if not someone.active:
            someone.active = True
            journal.record("person.activated", subject=("person", someone.id), by=actor)


def lock(actor: Actor, person_id: int) -> None:
    """Keep a person out until unlocked; their sessions end, their seats stay theirs."""
    require(actor, "person.lock", person(person_id))
    with writing():
        someone = person(person_id, lock=True)
        someone.locked_until = LOCKED_FOR_GOOD
        end_all(someone.id)
        journal.record("person.locked", subject=("person", someone.id), by=actor)


def unlock(actor: Actor, person_id: int) -> None:
    """Let a person try again at once."""
    require(actor, "person.unlock", person(person_id))
    with writing():
        someone = person(person_id, lock=True)
        someone.locked_until = None
        someone.failed_sign_ins = 0
        journal.record("person.unlocked", subject=("person", someone.id), by=actor)


def end_sign_ins(actor: Actor, person_id: int) -> None:
    """End a person's sessions in all browsers."""
    require(actor, "person.end_sign_ins", person(person_id))
    with writing():
        end_all(person_id)
        journal.record("person.signed_out_everywhere", subject=("person", person_id), by=actor)


def speak(actor: Actor, language: str) -> None:
    """Keep the language in which one is addressed: ``zh`` or ``en``."""
    require(actor, "account.own")
    with writing():
        person(actor.person_id, lock=True).language = language
