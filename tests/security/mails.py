"""What goes out: recipients from outside, wishes, deliveries in the states an operator meets."""

from datetime import timedelta
from email.message import EmailMessage
from uuid import uuid4

from sqlalchemy import select

from agencies.models import Agency, Contact
from agencies.states import Channel
from config import clock
from config.database import db, writing
from notifications.channels import outbox_folder
from notifications.inputs import OutsideInput
from notifications.links import join_url, report_path, returns_url, unsubscribe_url
from notifications.models import Delivery, Escalation, JoinLink, Message, Recipient, Subscription
from notifications.services import outside
from notifications.services.enrolment import ensure_recipients
from notifications.states import Kind, Rhythm, Rung, State
from tests.notifications.outsiders import question
from tests.worlds import World


def outsider(world: World, agency: str) -> int:
    """Somebody from outside who gets the agency's digests."""
    code = db.session.get_one(Agency, world.agencies[agency]).code
    data = OutsideInput(name="王芳", agency=code, mail="friend@changtong.example")
    return outside.add(world.actor("system"), data).id


def join_link(world: World, agency: str) -> int:
    """A link by which people from outside ask for the agency's digests."""
    return _link(world.agencies[agency])


def _link(agency_id: int) -> int:
    now = clock.now()
    until = now + timedelta(days=30)
    with writing():
        link = JoinLink(agency_id=agency_id, created_by=0, created_at=now, until=until)
        db.session.add(link)
        db.session.flush()
        return link.id


def to_call(receipt_id: int, issuer_id: int) -> int:
    """A receipt of a 特急 paper that nobody opened, whoever was told of it."""
    with writing():
        db.session.add(Escalation(receipt_id=receipt_id, issuer_id=issuer_id, rung=Rung.CALL))
    return receipt_id


def _recipient(person_id: int) -> Recipient:
    ensure_recipients([person_id])
    return db.session.scalars(select(Recipient).where(Recipient.person_id == person_id)).one()


def _wish(person_id: int) -> int:
    """A digest by mail every working day."""
    wish = Subscription(
        recipient_id=_recipient(person_id).id,
        channel=Channel.MAIL,
        rhythm=Rhythm.WORKDAYS,
        urgent_at_once=False,
        times="08:00",
        weekdays=0b11111,
        zone="Asia/Shanghai",
        cursor=0,
        changed_at=clock.now(),
    )
    db.session.add(wish)
    db.session.flush()
    return wish.id


def _delivery(person_id: int, state: State = State.SENT) -> int:
    """A mail to the person, as it stands in the outbox."""
    now, ref = clock.now(), uuid4().hex
    message = Message(
        key=ref,
        kind=Kind.DIGEST,
        channel=Channel.MAIL,
        language="zh",
        subject="您的摘要",
        text="今天有 1 件待签收。",
        html="<p>今天有 1 件待签收。</p>",
        receipts="[]",
        created_at=now,
    )
    db.session.add(message)
    db.session.flush()
    address = db.session.scalars(select(Contact.address).where(Contact.person_id == person_id))
    delivery = Delivery(
        message_id=message.id,
        recipient_id=_recipient(person_id).id,
        channel=Channel.MAIL,
        address=address.first() or "",
        ref=ref,
        urgent=False,
        state=state,
        attempts=1,
        outcome="written",
        created_at=now,
        next_try_at=now,
    )
    db.session.add(delivery)
    db.session.flush()
    _write(ref, message)
    return delivery.id


def _write(ref: str, message: Message) -> None:
    mail = EmailMessage()
    mail["Subject"] = message.subject
    mail.set_content(message.text)
    mail.add_alternative(message.html, subtype="html")
    outbox_folder().mkdir(exist_ok=True)
    (outbox_folder() / f"{ref}.eml").write_bytes(bytes(mail))


def _failed(person_id: int) -> int:
    return _delivery(person_id, State.FAILED)


def _held(person_id: int) -> int:
    return _delivery(person_id, State.HELD)


OF_PEOPLE = {"wish": _wish, "delivery": _delivery, "failed": _failed, "held_back": _held}
"""By name: what makes one of each person's own. Call inside ``writing()``."""


def words(person_id: int) -> dict[str, str]:
    """The signed words in addresses that are good for whoever has them."""
    recipient = _recipient(person_id)
    delivery = db.session.scalars(
        select(Delivery).where(Delivery.recipient_id == recipient.id).order_by(Delivery.id)
    ).first()
    assert delivery is not None
    agency_id = db.session.scalars(select(Agency.id).limit(1)).one()
    mail = "asked@changtong.example"
    with writing():
        asked = Recipient(agency_id=agency_id, name="周敏", mail=mail, created_at=clock.now())
        asked.mail_confirmed_at = clock.now()
        db.session.add(asked)
    leaving = unsubscribe_url(asked.id, asked.created_at, Channel.MAIL, mail)
    return {
        "confirming": question(asked).rpartition("/")[2],
        "join": join_url(_link(agency_id)).rpartition("/")[2],
        "unsubscribe": leaving.rpartition("/")[2],
        "returned": returns_url().rpartition("/")[2],
        "report": report_path(delivery.ref, delivery.claim or "").rpartition("/")[2],
    }
