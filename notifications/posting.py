"""Posting: composed words become messages that many share, and a delivery for each recipient."""

import hashlib
import json
import secrets
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Literal

from sqlalchemy import cast, insert, select, true
from sqlalchemy.orm import InstrumentedAttribute

from agencies.states import Channel
from config import clock
from config.database import WIDE, advisory_lock, among, db, elements, is_sqlite
from notifications.models import Delivery, Message, Named, NamedPart
from notifications.states import Kind, State
from notifications.words import Words

_LOCK = 7_246_014


@dataclass(frozen=True, eq=False)
class Sheet:
    """A message to be: words, and the occasion (an hour, an entry) on which they are said."""

    kind: Kind
    channel: Channel
    language: str
    occasion: str
    words: Words

    @cached_property
    def key(self) -> str:
        """What makes it one message: the same for the same words on the same occasion.

        Two agencies may be told in the same words of what each has for itself: not one message.
        """
        words = self.words
        parts = [
            *(self.kind, self.channel, self.language, self.occasion),
            *(words.subject, words.text, words.html),
            *([words.variables] if words.variables else []),
            *(words.receipts, words.assignments),
        ]
        return hashlib.sha256(json.dumps(parts, ensure_ascii=False).encode()).hexdigest()

    def row(self) -> dict[str, object]:
        """Its row in the table of messages."""
        return {
            "key": self.key,
            "kind": self.kind,
            "channel": self.channel,
            "language": self.language,
            "subject": self.words.subject,
            "text": self.words.text,
            "html": self.words.html,
            "receipts": json.dumps(self.words.receipts),
            "assignments": json.dumps(self.words.assignments),
            "variables": json.dumps(self.words.variables, ensure_ascii=False),
            "created_at": clock.now(),
        }


Held = Literal["", "restored", "stopped"]


@dataclass(frozen=True)
class Letter:
    """A sheet addressed to one recipient; ``held``: why the operator decides whether it goes out.

    ``at_any_hour``: it goes out in quiet hours too.
    """

    sheet: Sheet
    recipient_id: int
    address: str
    digest_id: int | None = None
    notice_id: int | None = None
    urgent: bool = False
    at_any_hour: bool = False
    held: Held = ""


def why_held(was_restored: bool, is_stopped: bool) -> Held:
    """The outcome of what waits for the operator from the beginning; empty for what goes out."""
    return "restored" if was_restored else "stopped" if is_stopped else ""


def post(letters: Sequence[Letter]) -> None:
    """Write messages and deliveries. Call inside ``writing()``, once for each letter."""
    message_ids = _messages({letter.sheet.key: letter.sheet for letter in letters}.values())
    now = clock.now()
    rows = [
        {
            "message_id": message_ids[letter.sheet.key],
            "recipient_id": letter.recipient_id,
            "channel": letter.sheet.channel,
            "digest_id": letter.digest_id,
            "notice_id": letter.notice_id,
            "address": letter.address,
            "ref": secrets.token_hex(12),
            "urgent": letter.urgent,
            "at_any_hour": letter.at_any_hour,
            "state": State.HELD if letter.held else State.QUEUED,
            "outcome": letter.held,
            "created_at": now,
            "next_try_at": now,
        }
        for letter in letters
    ]
    if rows:
        # Neighbours share their words, so that a batch for sending reads each of them once.
        rows.sort(key=lambda row: (row["message_id"], row["recipient_id"]))
        db.session.execute(insert(Delivery), rows)


def _messages(sheets: Collection[Sheet]) -> dict[str, int]:
    ids = dict(_known([sheet.key for sheet in sheets]))
    missing = [sheet.key for sheet in sheets if sheet.key not in ids]
    if missing and not is_sqlite():
        advisory_lock(_LOCK)  # another worker may compose the same words now
        ids.update(_known(missing))
    rows = [sheet.row() for sheet in sheets if sheet.key not in ids]
    if rows:
        made = db.session.execute(insert(Message).returning(Message.key, Message.id), rows)
        added = {row.key: row.id for row in made}
        _name(Named, Message.receipts, [*added.values()])
        _name(NamedPart, Message.assignments, [*added.values()])
        ids |= added
    return ids


def _name(
    thing: type[Named] | type[NamedPart], listed: InstrumentedAttribute[str], ids: Sequence[int]
) -> None:
    """Write down which receipts, or parts of tasks, the new messages name."""
    named = elements(listed)
    pairs = select(cast(named.c.value, WIDE), Message.id).join(named, true()).distinct()
    columns = [column.name for column in thing.__table__.primary_key]
    db.session.execute(insert(thing).from_select(columns, pairs.where(among(Message.id, ids))))


def _known(keys: Sequence[str]) -> Iterable[tuple[str, int]]:
    for row in db.session.execute(select(Message.key, Message.id).where(among(Message.key, keys))):
        yield row.key, row.id
