"""Joining by oneself: whoever is given an agency's link asks for its digests by mail.

What an agency gets is internal, so the link is what its administrator gives away, and for a month.
Whether an address is known is told to nobody: the answer is the same, and at most one mail goes
there, which asks whether they want more.
"""

from datetime import timedelta

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from sqlalchemy import func, select

from agencies import contacts, throttle
from agencies.actors import Actor
from agencies.models import Agency
from agencies.permissions import require
from agencies.states import Channel
from config import clock, journal
from config.database import db, found, writing
from config.errors import TooMany
from notifications.inputs import JoinInput, WishInput
from notifications.links import address_tag, joining
from notifications.models import JoinLink, Recipient
from notifications.services.outside import enter, named
from notifications.services.subscriptions import BadLink
from notifications.states import Rhythm

_HOUR, _DAY = timedelta(hours=1), timedelta(days=1)
GOOD_FOR = timedelta(days=30)
"""How long a link is good unless it is withdrawn before."""
_USUAL = WishInput(rhythm=Rhythm.WORKDAYS)


class OverLink(BadLink):
    """A link whose month is over; with other words, one that was withdrawn."""

    message = _l("这个登记链接已过期。")
    hint = _l("链接一个月内有效。请向给您链接的单位索要新的链接。")


def make(actor: Actor, code_or_name: str) -> JoinLink:
    """A link to give away for the agency of that code or name; raises Invalid."""
    require(actor, "recipient.edit")
    with writing():
        agency, now = named(code_or_name), clock.now()
        link = JoinLink(
            agency_id=agency.id,
            created_by=actor.person_id,
            created_at=now,
            until=now + GOOD_FOR,
        )
        db.session.add(link)
        db.session.flush()
        _record("join_link.made", actor, link)
        return link


def withdraw(actor: Actor, link_id: int) -> None:
    """Let a link lead nowhere from now on; who came by it stays. Raises NotFound.

    Of one that is withdrawn already or is over nothing changes.
    """
    require(actor, "recipient.edit")
    with writing():
        link = found(select(JoinLink).where(JoinLink.id == link_id), lock=True)
        if link.withdrawn_at is None and link.until > clock.now():
            link.withdrawn_at = clock.now()
            _record("join_link.withdrawn", actor, link)


def _record(kind: str, actor: Actor, link: JoinLink) -> None:
    journal.record(kind, subject=("join_link", link.id), agency_id=link.agency_id, by=actor)


def offered(word: str) -> JoinLink:
    """The link whose word that is; raises BadLink, and OverLink for one that is good no more."""
    number = joining(word)
    link = db.session.get(JoinLink, number) if number is not None else None
    if link is None or link.agency.ended_on is not None:
        raise BadLink
    if link.withdrawn_at is not None:
        raise OverLink(
            _("这个登记链接已被收回，不能再用。"), hint=_("请向给您链接的单位索要新的链接。")
        )
    if link.until < clock.now():
        raise OverLink
    return link


def join(word: str, data: JoinInput, language: str, network: str) -> None:
    """Ask whoever has this address whether they want the digests; of one that is known nothing.

    Raises BadLink, Invalid at the field that is wrong, and TooMany: ten an hour from a network
    address, a hundred a day for an agency.
    """
    link = offered(word)
    link_id, agency_id = link.id, link.agency_id
    mail = contacts.normal_address(Channel.MAIL, data.mail, "mail")
    throttle.check("join", network, limit=10, within=_HOUR)
    throttle.check("join", f"agency:{agency_id}", limit=100, within=_DAY)
    tag = f"mail:{address_tag(mail)}"
    with writing():
        # Locked: of two who ask at once with one address the second sees the first one's.
        agency = found(select(Agency).where(Agency.id == agency_id), lock=True)
        throttle.note("join", network)
        if _is_known(agency_id, mail) or _is_bothered(tag):
            return
        throttle.note("join", f"agency:{agency_id}")
        throttle.note("join", tag)
        recipient = Recipient(agency_id=agency_id, name=data.name, mail=mail, language=language)
        recipient.join_link_id = link_id
        enter(recipient, agency, _USUAL, None)


def _is_known(agency_id: int, mail: str) -> bool:
    known = select(Recipient.id).where(
        Recipient.agency_id == agency_id,
        Recipient.ended_at.is_(None),
        func.lower(Recipient.mail) == mail.lower(),
    )
    return db.session.scalar(known.limit(1)) is not None


def _is_bothered(tag: str) -> bool:
    """Whether an address was asked three times in a day, be it for several agencies."""
    try:
        throttle.check("join", tag, limit=3, within=_DAY)
    except TooMany:
        return True
    return False
