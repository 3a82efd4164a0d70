"""Settling: committed entries get a gapless position and a hash chained to the one before."""

import hashlib
import hmac
import json
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from os import SEEK_END
from pathlib import Path
from typing import Any

from flask import current_app
from sqlalchemy import insert, select

from config import clock
from config.database import advisory_lock, db, writing
from config.handling import Handling, handlers_of
from config.journal import Entry

LOCK = 7_246_001
GENESIS = "0" * 64


def chained(previous: str, position: int, body: str) -> str:
    """The hash of an entry: SHA-256 over the one before, the position and the stored bytes."""
    return hashlib.sha256(f"{previous}\n{position}\n{body}".encode()).hexdigest()


def settle(batch: int = 500) -> int:
    """Give the next ``batch`` committed entries their positions; returns how many there were."""
    with writing():
        advisory_lock(LOCK)
        position, previous = _tail()
        entries = db.session.scalars(
            select(Entry).where(Entry.position.is_(None)).order_by(Entry.id).limit(batch)
        ).all()
        for entry in entries:
            position += 1
            previous = chained(previous, position, entry.body)
            entry.position, entry.hash = position, previous
        _await_handling(entries)
    return len(entries)


def settle_all() -> int:
    """Settle whatever is committed now; returns how many entries that were."""
    count = 0
    while settled := settle():
        count += settled
    return count


def _tail() -> tuple[int, str]:
    last = db.session.execute(
        select(Entry.position, Entry.hash)
        .where(Entry.position.is_not(None))
        .order_by(Entry.position.desc())
        .limit(1)
    ).one_or_none()
    return (last.position, last.hash) if last else (0, GENESIS)


def _await_handling(entries: Collection[Entry]) -> None:
    now = clock.now()
    rows = [
        {"entry_id": entry.id, "handler": name, "attempts": 0, "next_try_at": now}
        for entry in entries
        for name in handlers_of(entry.kind)
    ]
    if rows:
        db.session.execute(insert(Handling), rows)


@dataclass(frozen=True)
class Verdict:
    """What checking the chain found: ``fault`` is None where every link holds."""

    checked: int
    fault: str | None = None


def verify() -> Verdict:
    """Check every link of the chain, every index column, and the head against its checkpoints."""
    settled = (
        select(
            Entry.position, Entry.kind, Entry.subject_kind, Entry.subject_id, Entry.body, Entry.hash
        )
        .where(Entry.position.is_not(None))
        .order_by(Entry.position)
    )
    with db.session.execute(settled, execution_options={"yield_per": 1000}) as rows:
        return _walk(rows, dict(_checkpoints()))


def _walk(rows: Iterable[Any], known: dict[int, str]) -> Verdict:
    previous, position = GENESIS, 0
    for row in rows:
        position += 1
        previous = chained(previous, position, row.body)
        if row.position != position:
            return Verdict(position, f"position {position} is missing")
        if row.hash != previous:
            return Verdict(position, f"position {position} was altered")
        content = json.loads(row.body)
        if [content["kind"], content["subject"]] != [row.kind, [row.subject_kind, row.subject_id]]:
            return Verdict(position, f"position {position}: its index differs from its record")
        if known.pop(position, previous) != previous:
            return Verdict(position, f"position {position} differs from its checkpoint")
    if known:
        return Verdict(position, f"the journal ends at {position}, a checkpoint knows {max(known)}")
    return Verdict(position)


def _checkpoint_path() -> Path:
    return Path(current_app.config["DATA_DIR"]) / "journal-checkpoints"


def _signature(position: int, digest: str) -> str:
    key = current_app.config["SECRET_KEY"].encode()
    return hmac.new(key, f"journal:{position}:{digest}".encode(), hashlib.sha256).hexdigest()


def checkpoint() -> None:
    """Keep the head, signed, outside the database, so that a cut tail is noticed."""
    position, digest = _tail()
    db.session.rollback()
    line = f"{position} {digest} {_signature(position, digest)}\n".encode("ascii")
    if position == 0:
        return
    with _checkpoint_path().open("a+b") as file:
        file.seek(max(0, file.seek(0, SEEK_END) - len(line)))
        if file.read() != line:
            file.write(line)


def _checkpoints() -> list[tuple[int, str]]:
    """The checkpoints whose signature is ours; others were not written by this installation."""
    path = _checkpoint_path()
    if not path.exists():
        return []
    kept = []
    for line in path.read_text(encoding="ascii", errors="replace").splitlines():
        match line.split():
            case [position, digest, signature] if position.isdecimal() and hmac.compare_digest(
                signature.encode(), _signature(int(position), digest).encode()
            ):
                kept.append((int(position), digest))
    return kept
