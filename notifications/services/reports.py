"""What a gateway reports of messages it took: in any order, again and again, perhaps forged."""

import json
from typing import Any

from sqlalchemy import and_, case, or_, select, update

from bulletins.services import mark_delivered
from config import clock
from config.database import db, found, writing
from config.errors import NotFound
from config.text import harmless
from notifications.links import reported
from notifications.models import Delivery, Message, Notice, Recipient
from notifications.states import Action, State, sources, target

ACTIONS = {
    1: Action.REPORT_DELIVERED,
    2: Action.REPORT_FAILED,
    4: Action.REPORT_ACCEPTED,  # kept until the phone is there
    8: Action.REPORT_ACCEPTED,
    16: Action.REPORT_FAILED,
    32: Action.REPORT_ACCEPTED,
}
"""What Kannel's bits mean."""


def report(word: str, bit: int, detail: str = "") -> None:
    """Note what a gateway says of one attempt; a state never goes back.

    Raises NotFound for an address we never gave, and for a bit that means nothing.
    """
    known = reported(word)
    if known is None or bit not in ACTIONS:
        raise NotFound
    ref, attempt = known
    action = ACTIONS[bit]
    with writing():
        delivery_id = found(select(Delivery.id).where(Delivery.ref == ref))
        if _moved(delivery_id, action, attempt, detail) and action == Action.REPORT_DELIVERED:
            mark_delivered(_named_receipts(delivery_id), how="sms")


def _moved(delivery_id: int, action: Action, attempt: int, detail: str) -> bool:
    now = clock.now()
    change: dict[str, Any] = {"state": target(action), "outcome": "reported"}
    change["detail"] = harmless(detail)
    # The report may come before the answer to the call: then it counts the attempt.
    under_way = Delivery.state == State.CALLING
    change["attempts"] = case((under_way, Delivery.attempts + 1), else_=Delivery.attempts)
    current = or_(
        and_(under_way, Delivery.attempts + 1 == attempt),
        and_(~under_way, Delivery.attempts == attempt),
    )
    if action == Action.REPORT_DELIVERED:
        # Whichever attempt it was: the message is there.
        change["delivered_at"] = now
        current = Delivery.id == delivery_id
    elif action == Action.REPORT_FAILED:
        change |= {"outcome": "reported_failed", "ended_at": now}
    if action != Action.REPORT_FAILED:
        change["sent_at"] = case((Delivery.sent_at.is_(None), now), else_=Delivery.sent_at)
    moved = db.session.execute(
        update(Delivery)
        .where(Delivery.id == delivery_id, Delivery.state.in_(sources(action)), current)
        .values(change)
        .returning(Delivery.id)
        .execution_options(synchronize_session=False)
    )
    return moved.first() is not None


def _named_receipts(delivery_id: int) -> list[int]:
    """The receipts that the message names: those of its words, and the one its link leads to.

    None where it went to somebody from outside: an agency has a paper once its own people do.
    """
    row = db.session.execute(
        select(Message.receipts, Notice.receipt_id, Recipient.person_id)
        .select_from(Delivery)
        .join(Message, Message.id == Delivery.message_id)
        .join(Recipient, Recipient.id == Delivery.recipient_id)
        .outerjoin(Notice, Notice.id == Delivery.notice_id)
        .where(Delivery.id == delivery_id)
    ).one()
    if row.person_id is None:
        return []
    named: list[int] = json.loads(row.receipts)
    return [*named, row.receipt_id] if row.receipt_id else named
