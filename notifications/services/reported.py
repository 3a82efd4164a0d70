"""What a provider's word on a message changes: in any order, again and again; never backwards."""

import json
from typing import Any

from sqlalchemy import case, select, update

from bulletins.services import mark_delivered
from config import clock
from config.database import db
from config.text import harmless
from notifications.models import Delivery, Message, Notice, Recipient
from notifications.services.attempts import keep_unanswered
from notifications.states import Action, State, sources, target

DETAIL_LENGTH = 200


def note(delivery_id: int, action: Action, detail: str, claim: str = "", serial: str = "") -> bool:
    """Note a report on the attempt made under ``claim``, or on the last. Call inside ``writing()``.

    Returns whether it changed anything. What was delivered proves the papers that it names.
    """
    moved = _moved(delivery_id, action, claim, detail, serial)
    if moved and action == Action.REPORT_DELIVERED:
        mark_delivered(_named_receipts(delivery_id), how="sms")
    return moved


def _moved(delivery_id: int, action: Action, claim: str, detail: str, serial: str) -> bool:
    now = clock.now()
    change: dict[str, Any] = {"state": target(action), "outcome": "reported"}
    change["detail"] = harmless(detail)[:DETAIL_LENGTH]
    # The report may come before the answer to the call: then it counts the attempt.
    under_way = Delivery.state == State.CALLING
    change["attempts"] = case((under_way, Delivery.attempts + 1), else_=Delivery.attempts)
    current = Delivery.id == delivery_id
    if claim and action != Action.REPORT_DELIVERED:
        # Whichever attempt was delivered: the message is there.
        current = Delivery.claim == claim
    if serial:
        change["serial"] = serial
    if action == Action.REPORT_DELIVERED:
        change["delivered_at"] = now
    elif action == Action.REPORT_FAILED:
        change |= {"outcome": "reported_failed", "ended_at": now}
    if action != Action.REPORT_FAILED:
        change["sent_at"] = case((Delivery.sent_at.is_(None), now), else_=Delivery.sent_at)
    which = (Delivery.id == delivery_id, Delivery.state.in_(sources(action)), current)
    keep_unanswered(which, change["outcome"], change["detail"])
    moved = db.session.execute(
        update(Delivery)
        .where(*which)
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
