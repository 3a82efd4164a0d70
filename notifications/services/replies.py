"""Replies by SMS: 1 acknowledges the one thing asked about, TD stops, DY begins again.

A reply acknowledges only where nothing can be mistaken: the number is verified and one person's,
the last message to it told of one paper that still asks for it, and their agency has opened that
paper. Whoever has not read a paper does not acknowledge it by SMS.
"""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import structlog
from sqlalchemy import delete, select

from agencies import contacts
from agencies.actors import Actor
from agencies.models import Contact, Person
from agencies.permissions import require
from agencies.states import Channel
from config import clock, journal
from config.database import among, db, end_reading, found, writing
from config.errors import Invalid
from config.text import harmless
from notifications.models import Recipient
from notifications.services.answering import Answer, acknowledged, first_agency, last_message
from notifications.services.subscriptions import want_again
from notifications.texting.models import SmsReply, SmsStop
from notifications.texting.states import Became, Meaning, meaning

MOST = 200
"""Replies that one call takes in; each is a transaction of its own."""
STRANGERS = 1000
"""How many replies from numbers that are nobody's are kept."""
TEXT_LENGTH = 500

log = structlog.get_logger(__name__)


@dataclass(frozen=True)
class Incoming:
    """A reply as a provider tells it; ``mark`` is what it numbers it by, or its time."""

    phone: str
    text: str
    mark: str


def take_in(provider: str, incoming: Sequence[Incoming]) -> bool:
    """Do what replies ask for; the same one told again does nothing.

    Returns False where there were more than one call takes in: told again, more of them are.
    """
    fresh = _fresh(provider, incoming)
    for one in fresh[:MOST]:
        _take(provider, one)
    return len(fresh) <= MOST


def mark_read(actor: Actor, reply_id: int) -> None:
    """Note that the duty seat has seen a reply. Raises NotFound."""
    reply = found(select(SmsReply).where(SmsReply.id == reply_id))
    require(actor, "reply.read", reply)
    with writing():
        reply = found(select(SmsReply).where(SmsReply.id == reply_id), lock=True)
        if reply.read_at is None:
            reply.read_at, reply.read_by = clock.now(), actor.person_id
            _keep("reply.read", reply, actor)


def _fresh(provider: str, incoming: Sequence[Incoming]) -> list[Incoming]:
    """Those that were not told before, each once."""
    by_key = {_key(provider, one): one for one in incoming}
    known = set(db.session.scalars(select(SmsReply.key).where(among(SmsReply.key, by_key))))
    end_reading()
    return [one for key, one in by_key.items() if key not in known]


def _key(provider: str, one: Incoming) -> str:
    return hashlib.sha256("\n".join((provider, one.phone, one.mark, one.text)).encode()).hexdigest()


def _take(provider: str, one: Incoming) -> None:
    key = _key(provider, one)
    try:
        phone = contacts.normal_address(Channel.SMS, one.phone)
    except Invalid:
        phone = harmless(one.phone)[:32]
    with writing():
        if db.session.scalar(select(SmsReply.id).where(SmsReply.key == key)) is not None:
            return
        reply = SmsReply(
            key=key,
            provider=provider,
            phone=phone,
            text=harmless(one.text)[:TEXT_LENGTH],
            became=Became.STRANGER,
            why="",
            received_at=clock.now(),
        )
        _judge(reply, meaning(one.text))
        db.session.add(reply)
        db.session.flush()
        if reply.became == Became.STRANGER:
            log.info("reply_from_stranger", provider=provider)
            _forget_old_strangers()
        else:
            _keep("reply.received", reply, None, became=reply.became)


def _judge(reply: SmsReply, said: Meaning) -> None:
    """Do what the reply asks for, and note on it what that came to."""
    people = _people(reply.phone)
    outside = _outside(reply.phone)
    last = last_message(reply.phone)
    if not people and outside is None:
        return
    reply.became = Became.PASSED
    if last is not None and people and last.person_id not in {one.id for one in people}:
        last = None  # the number was somebody else's then
    if last is not None:
        reply.delivery_id, reply.recipient_id = last.delivery_id, last.recipient_id
        reply.agency_id, reply.receipt_id = last.agency_id, last.receipt_id
    elif people:
        reply.agency_id = first_agency(people[0].id)
    elif outside is not None:
        reply.recipient_id, reply.agency_id = outside.id, outside.agency_id
    if said == Meaning.STOP:
        reply.became = Became.STOPPED
        _stop(reply)
    elif said == Meaning.BEGIN and want_again(reply.phone):
        reply.became = Became.BEGUN
    elif said == Meaning.YES:
        answer = acknowledged(people, last)
        _note(reply, answer)


def _note(reply: SmsReply, answer: Answer) -> None:
    reply.why = answer.why
    if answer.receipt_id is not None:
        reply.became = Became.ACKNOWLEDGED


def _stop(reply: SmsReply) -> None:
    """Send nothing more to the number; the one who has it is told on their page."""
    if db.session.get(SmsStop, reply.phone) is None:
        db.session.add(SmsStop(phone=reply.phone, at=clock.now()))


def _people(phone: str) -> Sequence[Person]:
    """Those who have proved that the number is theirs."""
    return db.session.scalars(
        select(Person)
        .join(Contact, Contact.person_id == Person.id)
        .where(
            Contact.address == phone,
            Contact.channel == Channel.SMS,
            Contact.verified_at.is_not(None),
            Person.active,
        )
        .limit(2)
    ).all()


def _outside(phone: str) -> Recipient | None:
    return db.session.scalars(
        select(Recipient)
        .where(Recipient.phone == phone, Recipient.ended_at.is_(None))
        .order_by(Recipient.id)
        .limit(1)
    ).first()


def _forget_old_strangers() -> None:
    """Keep only the last so many, whoever sends how many."""
    strangers = select(SmsReply.id).where(SmsReply.became == Became.STRANGER)
    newest_gone = db.session.scalar(
        strangers.order_by(SmsReply.id.desc()).offset(STRANGERS).limit(1)
    )
    if newest_gone is not None:
        db.session.execute(
            delete(SmsReply).where(SmsReply.became == Became.STRANGER, SmsReply.id <= newest_gone)
        )


def _keep(kind: str, reply: SmsReply, actor: Actor | None, **facts: Any) -> None:
    journal.record(
        kind, subject=("sms_reply", reply.id), agency_id=reply.agency_id, by=actor, **facts
    )
