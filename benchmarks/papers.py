"""Many papers and receipts for benchmarks, written at once instead of one by one."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from sqlalchemy import insert, literal, null, select

from agencies.models import Agency
from bulletins.models import Bulletin, BulletinVersion, Receipt
from bulletins.states import BulletinType, Part, State, Urgency
from config import clock
from config.database import db, reserved_ids
from config.journal import Entry

BATCH = 5000
TYPES = tuple(BulletinType)


def publish(issuer_id: int, person_id: int, texts: Sequence[tuple[str, str]]) -> list[int]:
    """Published papers with these titles and texts, an hour between two; returns their ids.

    They have no receipts yet. Call inside ``writing()``.
    """
    ids: list[int] = []
    for start in range(0, len(texts), BATCH):
        some = texts[start : start + BATCH]
        entries, papers = reserved_ids(Entry, len(some)), reserved_ids(Bulletin, len(some))
        began = clock.now() - timedelta(hours=len(texts) - start)
        db.session.execute(
            insert(Entry),
            [_entry(*pair) for pair in zip(entries, papers, strict=True)],
        )
        rows = [
            _paper(number, text, issuer_id, person_id) | {"signed_at": began + timedelta(hours=at)}
            for at, (number, text) in enumerate(zip(papers, some, strict=True))
        ]
        db.session.execute(insert(Bulletin), [_bulletin(row) for row in rows])
        db.session.execute(
            insert(BulletinVersion),
            [_version(row, entry) for row, entry in zip(rows, entries, strict=True)],
        )
        ids += papers
    return ids


def send(agency_ids: Sequence[int]) -> None:
    """A receipt of every paper for each of these agencies, and none that is asked back for."""
    columns = ["bulletin_id", "version", "agency_id", "part", "needs_acknowledgement", "sent_at"]
    every = (
        select(
            *(Bulletin.id, Bulletin.version, Agency.id, literal(Part.TO)),
            *(Bulletin.needs_acknowledgement, Bulletin.signed_at),
            null(),
        )
        .join(Agency, Agency.id.in_(agency_ids))
        .where(Bulletin.version == 1)
        .order_by(Bulletin.id)
    )
    db.session.execute(insert(Receipt).from_select([*columns, "opened_at"], every))


def _entry(entry_id: int, paper_id: int) -> dict[str, Any]:
    return {
        "id": entry_id,
        "kind": "bulletin.published",
        "at": clock.now(),
        "subject_kind": "bulletin",
        "subject_id": paper_id,
        "body": "{}",
    }


def _paper(number: int, text: tuple[str, str], issuer_id: int, person_id: int) -> dict[str, Any]:
    title, body = text
    return {
        "id": number,
        "issuer_id": issuer_id,
        "type": TYPES[number % len(TYPES)],
        "urgency": Urgency.NORMAL,
        "title": title,
        "body": body,
        "html": f"<p>{body}</p>",
        "needs_acknowledgement": False,
        "person_id": person_id,
    }


def _bulletin(row: dict[str, Any]) -> dict[str, Any]:
    person_id, at = row["person_id"], row["signed_at"]
    given = {name: value for name, value in row.items() if name != "person_id"}
    return given | {
        "state": State.PUBLISHED,
        "version": 1,
        "created_at": at,
        "created_by": person_id,
        "updated_at": at,
        "updated_by": person_id,
        "signed_by": person_id,
    }


def _version(row: dict[str, Any], entry_id: int) -> dict[str, Any]:
    given = {name: row[name] for name in row if name not in ("id", "issuer_id", "person_id")}
    return given | {
        "bulletin_id": row["id"],
        "version": 1,
        "entry_id": entry_id,
        "receipt_count": 0,
        "signed_by": row["person_id"],
    }
