"""Joining by oneself: whoever is given an agency's link asks for its digests by mail.

What an agency gets is internal, so the link is what its administrator gives away, and for a month.
Whether an address is known is told to nobody: the answer is the same, and at most one mail goes
there, which asks whether they want more.
"""

from datetime import datetime, timedelta

from sqlalchemy import func, select

from agencies import contacts, throttle
from agencies.actors import Actor
from agencies.models import Agency
from agencies.permissions import require
from agencies.states import Channel
from config import clock
from config.database import db, found, writing
from config.errors import NotFound, TooMany
from notifications.inputs import JoinInput, WishInput
from notifications.links import JOIN_WITHIN, address_tag, join_url, joining
from notifications.models import Recipient
from notifications.services.outside import enter, named
from notifications.services.subscriptions import BadLink
from notifications.states import Rhythm

_HOUR, _DAY = timedelta(hours=1), timedelta(days=1)
_USUAL = WishInput(rhythm=Rhythm.WORKDAYS)


def offer(actor: Actor, code_or_name: str) -> tuple[Agency, str, datetime]:
    """The agency of that code or name, the link to give away, and until when it is good.

    Raises Invalid.
    """
    require(actor, "recipient.edit")
    agency, now = named(code_or_name), clock.now()
    return agency, join_url(agency.id, now), now + JOIN_WITHIN


def offered(word: str) -> Agency:
    """The agency whose digests a link offers; raises BadLink."""
    parts = joining(word)
    if parts is None or parts[1] + JOIN_WITHIN < clock.now():
        raise BadLink
    try:
        return found(select(Agency).where(Agency.id == parts[0], Agency.ended_on.is_(None)))
    except NotFound as error:
        raise BadLink from error


def join(word: str, data: JoinInput, language: str, network: str) -> None:
    """Ask whoever has this address whether they want the digests; of one that is known nothing.

    Raises BadLink, Invalid at the field that is wrong, and TooMany: ten an hour from a network
    address, a hundred a day for an agency.
    """
    agency_id = offered(word).id
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
