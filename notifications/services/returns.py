"""What comes back of mails is taken in once: addresses that are gone, mails given up, complaints.

Whoever sends us a report has to know the ref of the message that it is about: only its recipient
and the servers on its way do.
"""

from collections.abc import Sequence
from enum import StrEnum

import structlog
from flask import current_app
from sqlalchemy import select, update

from agencies.services import contacts
from agencies.states import Channel
from config import clock, journal
from config.database import db, writing
from config.settings import Settings
from config.text import harmless
from notifications.channels.base import Result
from notifications.models import Delivery, Recipient, ReturnedMail
from notifications.returned import Return, Returned, read, refused
from notifications.services.lost import note_lost
from notifications.services.subscriptions import end_mails
from notifications.states import Action, sources, target

DETAIL_LENGTH = 200
_CODE_LENGTH = 16

log = structlog.get_logger(__name__)


class Taken(StrEnum):
    """What became of a message that somebody sent us."""

    NOTED = "noted"
    AGAIN = "again"  # we know that already
    UNKNOWN = "unknown"  # it reports nothing of ours


def take(raw: bytes) -> Taken:
    """Read a message that came back, and note what it says; rubbish changes nothing."""
    settings: Settings = current_app.extensions["settings"]
    returned = read(raw, settings.return_path)
    taken = _note(returned) if returned else Taken.UNKNOWN
    log.info("mail_returned", taken=taken, kind=returned.kind if returned else None)
    return taken


def note_refused(results: Sequence[Result]) -> None:
    """Give up the addresses of which a server said on the spot that nobody has them.

    Call inside ``writing()``, after the results were written down.
    """
    for result in results:
        if result.action == Action.REFUSE and (kind := refused(result.detail)):
            delivery = db.session.get_one(Delivery, result.delivery_id, populate_existing=True)
            if delivery.channel == Channel.MAIL:
                _apply(delivery, Returned(delivery.ref, kind, "", result.detail))


def _note(returned: Returned) -> Taken:
    with writing():
        delivery = db.session.scalars(
            select(Delivery)
            .where(Delivery.ref == returned.ref, Delivery.channel == Channel.MAIL)
            .with_for_update()
        ).one_or_none()
        if delivery is None:
            return Taken.UNKNOWN
        known = select(ReturnedMail.id).where(
            ReturnedMail.delivery_id == delivery.id, ReturnedMail.kind == returned.kind
        )
        if db.session.scalar(known) is not None:
            return Taken.AGAIN
        _apply(delivery, returned)
        return Taken.NOTED


def _apply(delivery: Delivery, returned: Returned) -> None:
    detail = harmless(returned.detail)[:DETAIL_LENGTH]
    db.session.add(
        ReturnedMail(
            delivery_id=delivery.id,
            kind=returned.kind,
            status=returned.status[:_CODE_LENGTH],
            detail=detail,
            at=clock.now(),
        )
    )
    if returned.kind in (Return.GONE, Return.FAILED):
        _fail(delivery, detail)
    if returned.kind == Return.GONE and _give_up(delivery):
        _close_others(delivery)
        note_lost(delivery)
    if returned.kind == Return.COMPLAINT:
        end_mails(delivery.recipient_id)


def _fail(delivery: Delivery, detail: str) -> None:
    """It was taken by a server and given up by a later one."""
    if delivery.state in sources(Action.REPORT_FAILED):
        delivery.state = target(Action.REPORT_FAILED)
        delivery.outcome, delivery.detail = "bounced", detail
        delivery.ended_at = clock.now()


def _give_up(delivery: Delivery) -> bool:
    """Send nothing more to the address; whether that is news, and the address still theirs."""
    recipient = db.session.get_one(Recipient, delivery.recipient_id, with_for_update=True)
    if recipient.person_id is not None:
        return contacts.give_up(recipient.person_id, Channel.MAIL, delivery.address)
    if recipient.mail != delivery.address or recipient.bounced_at is not None:
        return False
    recipient.bounced_at = clock.now()
    journal.record(
        "recipient.bounced", subject=("recipient", recipient.id), agency_id=recipient.agency_id
    )
    return True


def _close_others(delivery: Delivery) -> None:
    """What waits for the same address would only come back too."""
    db.session.execute(
        update(Delivery)
        .where(
            Delivery.recipient_id == delivery.recipient_id,
            Delivery.channel == Channel.MAIL,
            Delivery.address == delivery.address,
            Delivery.state.in_(sources(Action.CLOSE)),
        )
        .values(state=target(Action.CLOSE), outcome="gone", ended_at=clock.now())
        .execution_options(synchronize_session=False)
    )
