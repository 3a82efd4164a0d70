"""Noting which outside pages papers and relays at work link to, so that the worker looks there."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from flask import current_app
from sqlalchemy import delete, insert, or_, select, update

from bulletins.models import LinkReading, LinkVisit
from bulletins.outside.addresses import digest, host_of, outside
from bulletins.outside.states import WANTED
from bulletins.queries import visits
from bulletins.states import OwnerKind
from config import clock
from config.database import advisory_lock, among, db, end_reading, writing

LOCK = 7_246_033
_MOST = 100


def note_links() -> int:
    """Read the papers and relays that changed since the last run, at most 100 each; how many."""
    now = clock.now()
    unread = visits.unread(now, _MOST)
    end_reading()
    if not unread:
        return 0
    base = current_app.extensions["settings"].base_url
    leads = [list(outside(one.html, base).values()) for one in unread]
    wanted = {digest(where): where for several in leads for where in several}
    with writing():
        advisory_lock(LOCK)
        _want(wanted, now)
        for kind in OwnerKind:
            _read(
                kind,
                [pair for pair in zip(unread, leads, strict=True) if pair[0].kind == kind],
                now,
            )
    return len(unread)


def _want(wanted: Mapping[str, str], now: datetime) -> None:
    """New addresses are due at once; known ones when what was seen there holds no longer."""
    if not wanted:
        return
    mine = among(LinkVisit.digest, list(wanted))
    known = set(db.session.scalars(select(LinkVisit.digest).where(mine)))
    _change(mine, wanted_at=now)
    stale = or_(LinkVisit.holds_until.is_(None), LinkVisit.holds_until <= now)
    _change(mine & stale & LinkVisit.due_at.is_(None), due_at=now)
    new = [
        {"digest": key, "url": where, "host": host_of(where), "due_at": now, "wanted_at": now}
        for key, where in wanted.items()
        if key not in known
    ]
    if new:
        db.session.execute(insert(LinkVisit), new)


def _change(which: Any, **values: object) -> None:
    db.session.execute(
        update(LinkVisit).where(which).values(values).execution_options(synchronize_session=False)
    )


def _read(kind: OwnerKind, pairs: Sequence[tuple[Any, Sequence[str]]], now: datetime) -> None:
    if not pairs:
        return
    ids = [one.id for one, _leads in pairs]
    db.session.execute(
        delete(LinkReading)
        .where(LinkReading.owner_kind == kind, among(LinkReading.owner_id, ids))
        .execution_options(synchronize_session=False)
    )
    rows = [
        {
            "owner_kind": kind,
            "owner_id": one.id,
            "revision": one.revision,
            "has_links": bool(leads),
            "read_at": now,
        }
        for one, leads in pairs
    ]
    db.session.execute(insert(LinkReading), rows)


def forget_links() -> None:
    """Remove addresses that no paper at work has linked to for a month, and old readings."""
    before = clock.now() - WANTED
    with writing():
        for old in (
            delete(LinkVisit).where(LinkVisit.wanted_at < before),
            delete(LinkReading).where(LinkReading.read_at < before),
        ):
            db.session.execute(old.execution_options(synchronize_session=False))
