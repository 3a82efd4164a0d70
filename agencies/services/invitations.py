"""Inviting people to set their password: by mail, by SMS, or on a printed slip."""

import secrets
from datetime import timedelta

from flask_babel import gettext as _
from sqlalchemy import select

from agencies import throttle
from agencies.actors import Actor
from agencies.contacts import plain
from agencies.invitations import VALID_FOR, by_code
from agencies.models import Contact, Invitation, Person
from agencies.permissions import require
from agencies.states import Channel, Way
from config import clock, journal
from config.database import db, found, writing
from config.errors import Invalid, NotFound

CHANNEL_OF = {Way.MAIL: Channel.MAIL, Way.SMS: Channel.SMS}


def invite(actor: Actor, person_id: int, way: Way) -> Invitation:
    """Invite a person for the first time, or (the security administrator) to a new password.

    Raises Invalid where the person has no address for that way.
    """
    with writing():
        someone = found(select(Person).where(Person.id == person_id), lock=True)
        _check(actor, someone)
        if not someone.active:
            raise Invalid(errors={"way": _("这个账号已停用。")})
        return issue(someone.id, way, _contact_for(someone, way), by=actor)


def _check(actor: Actor, someone: Person) -> None:
    """The system administrator invites newcomers, the security administrator resets."""
    action = "person.invite" if someone.password is None else "person.reset"
    require(actor, action, someone)


def slip(actor: Actor, invitation_id: int) -> Invitation:
    """A live slip to print; raises NotFound, Forbidden where its person isn't yours."""
    invitation = found(
        select(Invitation).where(
            Invitation.id == invitation_id,
            Invitation.way == Way.SLIP,
            Invitation.used_at.is_(None),
            Invitation.expires_at > clock.now(),
        )
    )
    _check(actor, found(select(Person).where(Person.id == invitation.person_id)))
    return invitation


def _contact_for(someone: Person, way: Way) -> int | None:
    channel = CHANNEL_OF.get(way)
    if channel is None:
        return None
    contact = db.session.scalars(
        select(Contact).where(Contact.person_id == someone.id, Contact.channel == channel)
    ).one_or_none()
    if contact is None:
        raise Invalid(errors={"way": _("此人还没有登记这种联系方式。")})
    if someone.password is not None and contact.verified_at is None:
        raise Invalid(errors={"way": _("这个联系方式还没有验证，不能用来重设密码。")})
    return contact.id


def issue(person_id: int, way: Way, contact_id: int | None, *, by: Actor | None) -> Invitation:
    """A new invitation; those before it end. Call inside ``writing()``."""
    now = clock.now()
    for earlier in db.session.scalars(
        select(Invitation).where(
            Invitation.person_id == person_id,
            Invitation.used_at.is_(None),
            Invitation.expires_at > now,
        )
    ):
        earlier.expires_at = now
    invitation = Invitation(
        person_id=person_id,
        way=way,
        contact_id=contact_id,
        nonce=secrets.token_urlsafe(32),
        created_at=now,
        expires_at=now + VALID_FOR,
    )
    db.session.add(invitation)
    db.session.flush()
    journal.record(
        "person.invited",
        subject=("invitation", invitation.id),
        by=by,
        way=way,
        invited=person_id,
    )
    return invitation


def redeem(username: str, code: str, address: str) -> Invitation:
    """The invitation of a printed slip's code. Raises NotFound, or TooMany after many tries."""
    within = timedelta(minutes=15)
    guessing = f"name:{plain(username).casefold()}"
    throttle.check("slip", address, limit=20, within=within)
    throttle.check("slip", guessing, limit=10, within=within)
    invitation = by_code(username, code)
    if invitation is None:
        with writing():
            throttle.note("slip", address)
            throttle.note("slip", guessing)
        raise NotFound
    return invitation
