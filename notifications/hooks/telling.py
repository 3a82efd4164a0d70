"""What an endpoint is told: one thing that happened, with the link that opens it after sign-in."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flask_babel import force_locale
from flask_babel import gettext as _

from coordination import deadlines
from notifications.hooks import labels
from notifications.hooks.sealing import tag
from notifications.hooks.states import EndpointKind, Event
from notifications.words import base_url

LONGEST = 2048
"""Bytes of a text that WeCom's robot takes; those of others take more."""

_WITH_DEADLINE = (Event.ASSIGNED, Event.SENT_BACK, Event.DUE_SOON, Event.OVERDUE)


@dataclass(frozen=True)
class Told:
    """One call: whom, what, and under which id that stays the same over all attempts.

    ``text`` is what a robot says, ``data`` what a webhook does; ``old_secrets`` sign beside
    ``secret``.
    """

    call_id: int
    endpoint_id: int
    attempts: int
    began_at: datetime
    kind: EndpointKind
    target: str
    secret: str
    old_secrets: Sequence[str]
    message_id: str
    event: Event
    at: datetime
    text: str
    data: Mapping[str, Any]


def told(row: Any, old_secrets: Sequence[str]) -> Told:
    """What the row of a call says (``queries.to_send``); address and secrets still sealed."""
    link = base_url() + _path(row)
    return Told(
        call_id=row.id,
        endpoint_id=row.endpoint_id,
        attempts=row.attempts,
        began_at=row.began_at,
        kind=EndpointKind(row.kind),
        target=row.target,
        secret=row.secret,
        old_secrets=old_secrets,
        message_id=f"msg_{tag(_once(row))}",
        event=Event(row.event),
        at=row.at,
        text=_text(row, link),
        data={**_facts(row), "link": link},
    )


def _once(row: Any) -> str:
    """What no other call has in common with this one; after a restore ids are given again."""
    return f"{row.endpoint_id} {row.entry_id} {row.created_at.timestamp()}"


def _path(row: Any) -> str:
    if row.receipt_id is not None:
        return f"/inbox/{row.receipt_id}"
    if row.event == Event.OVERDUE_BELOW:
        return f"/tasks/issued/{row.task_id}?state=overdue"
    if row.assignment_id is not None:
        return f"/tasks/{row.assignment_id}"
    if row.bulletin_id is not None:
        return f"/bulletins/{row.bulletin_id}/questions"
    return f"/endpoints/{row.endpoint_id}"


def _facts(row: Any) -> dict[str, Any]:
    if row.receipt_id is not None:
        return {
            "receipt_id": row.receipt_id,
            "bulletin_id": row.paper_id,
            "version": row.version,
            "urgency": row.urgency,
            "title": row.title,
            "from": row.source,
        }
    if row.event == Event.OVERDUE_BELOW:
        late = json.loads(row.record)["facts"]["assignments"]
        return {"task_id": row.task_id, "assignments": late, "title": row.title}
    if row.assignment_id is not None:
        return {
            "assignment_id": row.assignment_id,
            "task_id": row.task_id,
            "due_at": row.due_at.isoformat(),
            "title": row.title,
            "from": row.source,
        }
    if row.bulletin_id is not None:
        return {"bulletin_id": row.paper_id, "title": row.title, "from": row.source}
    return {"endpoint_id": row.endpoint_id}


def _text(row: Any, link: str) -> str:
    """In Chinese a line on what happened, one each on deadline and source, and the link."""
    with force_locale("zh"):
        head = _("【畅通】%(event)s", event=labels.event(row.event))
        if row.title:
            head = _("%(head)s：%(title)s", head=head, title=row.title)
        due = _("期限：%(day)s", day=_last_day(row)) if row.event in _WITH_DEADLINE else ""
        source = _("来自：%(source)s", source=row.source) if row.source else ""
    words = "\n".join(line for line in (head, due, source) if line)
    return f"{_cut(words, LONGEST - len(link.encode()) - 1)}\n{link}"


def _last_day(row: Any) -> str:
    return deadlines.last_day(row.due_at, deadlines.zone_named(row.timezone)).isoformat()


def _cut(text: str, most: int) -> str:
    encoded = text.encode()
    if len(encoded) <= most:
        return text
    return encoded[: most - 3].decode("utf-8", "ignore") + "…"
