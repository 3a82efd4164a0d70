"""Setting, changing and asking anew for a password."""

from collections.abc import Mapping
from datetime import timedelta

from flask_babel import gettext as _
from sqlalchemy import select

from agencies import passwords, throttle
from agencies.actors import Actor, begin_sign_in, current_sign_in
from agencies.inputs import ChangePasswordInput, NewPasswordInput, normal_username
from agencies.invitations import by_token
from agencies.models import Contact, Invitation, Person
from agencies.permissions import require
from agencies.services.invitations import issue
from agencies.services.people import person
from agencies.services.sign_in import end_all
from agencies.states import LOCKED_FOR_GOOD, Channel, Way
from config import clock, journal
from config.database import db, writing
from config.errors import Invalid, NotFound, TooMany

DAY = timedelta(days=1)
WAY_OF = {Channel.MAIL: Way.MAIL, Channel.SMS: Way.SMS}


def _refuse(data: NewPasswordInput, someone: Person, so_far: Mapping[str, str]) -> None:
    """Raise Invalid for all that is wrong, with what is wrong ``so_far``."""
    errors = dict(so_far)
    if weak := passwords.fault(data.password, someone):
        errors["password"] = weak
    if data.password != data.password_again:
        errors["password_again"] = _("两次输入的密码不一样。")
    if errors:
        raise Invalid(errors=errors)


def change(actor: Actor, data: ChangePasswordInput) -> None:
    """Change one's own password; the other browsers are signed out.

    Raises Invalid where the password so far is wrong or the new one too weak, TooMany where the
    password so far was guessed at too often.
    """
    require(actor, "account.own")
    guessing = f"change:{actor.person_id}"
    throttle.check("password", guessing, limit=10, within=timedelta(hours=1))
    wrong = {}
    if not passwords.matches(data.current_password, actor.person.password):
        with writing():
            throttle.note("password", guessing)
        wrong["current_password"] = _("现在的密码不正确。")
    _refuse(data, actor.person, wrong)
    new = passwords.hashed(data.password, actor.person)
    with writing():
        someone = person(actor.person_id, lock=True)
        someone.password = new
        row = current_sign_in()
        end_all(someone.id, but=row.id if row else None)
        journal.record("person.password_changed", subject=("person", someone.id), by=actor)


def set_by_invitation(word: str, data: NewPasswordInput) -> Person:
    """Set the password by an invitation's link and begin this browser's session.

    The link is used up; the address it was sent to counts as verified. Raises NotFound for a link
    that is forged, used or expired.
    """
    invitation = by_token(word)
    if invitation is None:
        raise NotFound
    someone = person(invitation.person_id)
    _refuse(data, someone, {})
    new = passwords.hashed(data.password, someone)
    person_id = someone.id
    with writing():
        someone = person(person_id, lock=True)
        invitation = by_token(word)  # only now: until the lock another could use it up
        if invitation is None or not someone.active:
            raise NotFound
        _use_up(invitation)
        someone.password = new
        someone.failed_sign_ins = 0
        end_all(someone.id)
        journal.record(
            "person.password_set",
            subject=("person", someone.id),
            by=Actor(someone),
            way=invitation.way,
        )
        if someone.locked_until != LOCKED_FOR_GOOD:
            someone.locked_until = None
            begin_sign_in(someone)
    return someone


def _use_up(used: Invitation) -> None:
    now = clock.now()
    for invitation in db.session.scalars(
        select(Invitation)
        .where(Invitation.person_id == used.person_id, Invitation.used_at.is_(None))
        .with_for_update()
    ):
        invitation.expires_at = min(invitation.expires_at, now)
    used.used_at = now
    if used.contact_id is None:
        return
    contact = db.session.get_one(Contact, used.contact_id)
    if contact.verified_at is None:
        contact.verified_at = now
        contact.bounced_at = None
        journal.record("contact.verified", subject=("contact", contact.id))


def forgotten(typed: str, address: str) -> None:
    """Send a new invitation to a verified address of the person, if there is one.

    Nothing tells the caller whether there is. Raises TooMany by network address.
    """
    throttle.check("forgotten", address, limit=10, within=timedelta(hours=1))
    try:
        username = normal_username(typed)
    except ValueError:
        username = ""
    with writing():
        throttle.note("forgotten", address)
        contact = db.session.scalars(
            select(Contact)
            .join(Person, Person.id == Contact.person_id)
            .where(Person.username == username, Person.active, Contact.verified_at.is_not(None))
            .order_by(Contact.channel)
        ).first()
        if contact is None:
            return
        try:
            throttle.check("forgotten", f"person:{contact.person_id}", limit=3, within=DAY)
        except TooMany:
            return
        throttle.note("forgotten", f"person:{contact.person_id}")
        issue(contact.person_id, WAY_OF[Channel(contact.channel)], contact.id, by=None)
