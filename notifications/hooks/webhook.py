"""Webhooks to other systems, as Standard Webhooks has them."""

import json
from datetime import datetime

from config.outgoing import Answer
from notifications.hooks.requests import Request, Verdict, judged_by_status
from notifications.hooks.signing import webhook as signature
from notifications.hooks.telling import Told


def request(told: Told, at: datetime) -> Request:
    """The POST that tells it: ids and facts, signed for this attempt."""
    payload = {"type": told.event, "timestamp": told.at.isoformat(), "data": told.data}
    body = json.dumps(payload, ensure_ascii=False, separators=(",", ":")).encode()
    stamp = int(at.timestamp())
    headers = {
        "Content-Type": "application/json",
        "webhook-id": told.message_id,
        "webhook-timestamp": str(stamp),
        "webhook-signature": signature(
            (told.secret, *told.old_secrets), told.message_id, stamp, body
        ),
    }
    return Request(told.target, headers, body)


def judged(answer: Answer) -> Verdict:
    """What an answer means: its status alone counts."""
    return judged_by_status(answer)
