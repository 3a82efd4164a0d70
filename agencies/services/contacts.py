"""Addresses: one's own, proven by a code; and those to which newcomers are invited."""

import hmac
from datetime import timedelta

from flask_babel import gettext as _
from sqlalchemy import select, update

from agencies import throttle
from agencies.actors import Actor
from agencies.contacts import CODE_VALID_FOR, TRIES, code, normal_address, plain
from agencies.inputs import ContactInput
from agencies.models import Contact, Invitation, Person
from agencies.permissions import require
from agencies.states import Channel
from config import clock, journal
from config.database import db, found, writing
from config.errors import Conflict, Invalid, TooMany

PAUSE = timedelta(minutes=1)
CODES_A_DAY = 10


def own(actor: Actor, contact_id: int, *, lock: bool = False) -> Contact:
    """One of one's own addresses; raises NotFound."""
    return found(
        select(Contact).where(Contact.id == contact_id, Contact.person_id == actor.person_id),
        lock=lock,
    )


def save(actor: Actor, data: ContactInput) -> Contact:
    """Set one's address on a channel; another one than before has to be proven anew."""
    require(actor, "account.own")
    address = normal_address(Channel(data.channel), data.address)
    with writing():
        return _set(actor, actor.person_id, Channel(data.channel), address)


def save_for(actor: Actor, person_id: int, data: ContactInput) -> Contact:
    """Set the address to which a newcomer shall be invited; whoever has a password does it alone.

    What was sent to another address before is void.
    """
    address = normal_address(Channel(data.channel), data.address)
    with writing():
        newcomer = found(select(Person).where(Person.id == person_id), lock=True)
        require(actor, "person.invite", newcomer)
        return _set(actor, newcomer.id, Channel(data.channel), address)


def _set(actor: Actor, person_id: int, channel: Channel, address: str) -> Contact:
    contact = db.session.scalars(
        select(Contact)
        .where(Contact.person_id == person_id, Contact.channel == channel)
        .with_for_update()
    ).one_or_none()
    if contact is None:
        contact = Contact(
            person_id=person_id, channel=channel, address=address, created_at=clock.now()
        )
        db.session.add(contact)
        db.session.flush()
    elif contact.address == address:
        return contact
    else:
        _forget_proof(contact)
        contact.address = address
    journal.record("contact.changed", subject=("contact", contact.id), by=actor)
    return contact


def _forget_proof(contact: Contact) -> None:
    """What was sent to the old address proves nothing of the new one."""
    contact.verified_at = None
    contact.bounced_at = None
    contact.code_sent_at = None
    contact.code_tries = 0
    db.session.execute(
        update(Invitation)
        .where(Invitation.contact_id == contact.id, Invitation.used_at.is_(None))
        .values(expires_at=clock.now())
    )


def send_code(actor: Actor, contact_id: int) -> None:
    """Send a code to one's address. Raises TooMany within a minute of the last, or ten a day."""
    require(actor, "account.own")
    with writing():
        contact = own(actor, contact_id, lock=True)
        now = clock.now()
        if contact.verified_at is not None:
            raise Conflict(_("这个联系方式已经验证过了。"))
        if contact.code_sent_at is not None and contact.code_sent_at > now - PAUSE:
            raise TooMany(_("验证码刚刚发出，请 1 分钟后再试。"))
        who = f"person:{actor.person_id}"
        throttle.check("code", who, limit=CODES_A_DAY, within=timedelta(days=1))
        throttle.note("code", who)
        contact.code_sent_at = now
        contact.code_tries = 0
        journal.record("contact.code_requested", subject=("contact", contact.id), by=actor)


def verify(actor: Actor, contact_id: int, typed: str) -> None:
    """Prove an address by its code. Raises Invalid for a wrong or old one; five tries a code."""
    require(actor, "account.own")
    with writing():
        contact = own(actor, contact_id, lock=True)
        fault = _fault(contact, typed)
        if fault is None:
            contact.verified_at = clock.now()
            contact.bounced_at = None
            contact.code_sent_at = None
            journal.record("contact.verified", subject=("contact", contact.id), by=actor)
    if fault:
        raise Invalid(errors={"code": fault})


def _fault(contact: Contact, typed: str) -> str | None:
    if contact.code_sent_at is None or contact.code_sent_at < clock.now() - CODE_VALID_FOR:
        return _("验证码已过期，请重新获取。")
    if contact.code_tries >= TRIES:
        return _("输错次数太多，请重新获取验证码。")
    contact.code_tries += 1
    if not hmac.compare_digest(code(contact).encode(), plain(typed).encode()):
        return _("验证码不正确。")
    return None


def give_up(person_id: int, channel: Channel, address: str) -> bool:
    """Nobody has this address any more: nothing goes there until it is verified anew.

    Call inside ``writing()``. False where it is not theirs, or was given up before.
    """
    contact = db.session.scalars(
        select(Contact)
        .where(
            Contact.person_id == person_id,
            Contact.channel == channel,
            Contact.address == address,
            Contact.bounced_at.is_(None),
        )
        .with_for_update()
    ).one_or_none()
    if contact is None:
        return False
    contact.verified_at = None
    contact.bounced_at = clock.now()
    journal.record("contact.bounced", subject=("contact", contact.id))
    return True


def bounced(person_id: int) -> str | None:
    """The mail address of a person that nobody has any more; None where all is well."""
    return db.session.scalar(
        select(Contact.address).where(
            Contact.person_id == person_id,
            Contact.channel == Channel.MAIL,
            Contact.bounced_at.is_not(None),
        )
    )


def remove(actor: Actor, contact_id: int) -> None:
    """Remove one of one's own addresses: nothing is sent there any more."""
    require(actor, "account.own")
    with writing():
        contact = own(actor, contact_id, lock=True)
        db.session.execute(
            update(Invitation)
            .where(Invitation.contact_id == contact.id)
            .values(contact_id=None, expires_at=clock.now())
        )
        journal.record("contact.removed", subject=("contact", contact.id), by=actor)
        db.session.delete(contact)
