"""Handling: each settled entry goes through the joined handlers, each in its own transaction."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime, timedelta

import structlog
from flask import current_app
from sqlalchemy import ForeignKey, Index, String, select, tuple_, update
from sqlalchemy.orm import Mapped, mapped_column

from config import clock
from config.database import Base, db, writing
from config.journal import Entry
from config.queueing import HEAVY, UnreachableError, broker

Handler = Callable[[Entry], None]
Handlers = Mapping[str, Sequence[Handler]]

PAUSES = tuple(timedelta(seconds=s) for s in (1, 5, 30, 120, 600, 3600, 4 * 3600, 12 * 3600))

log = structlog.get_logger(__name__)
_HEAVY: set[str] = set()


class Handling(Base):
    """That one handler owes one entry its work; set aside after its last try."""

    __tablename__ = "handlings"
    __table_args__ = (
        Index("ix_handlings_waiting", "done_at", "set_aside_at", "next_try_at", "entry_id"),
    )

    entry_id: Mapped[int] = mapped_column(ForeignKey("journal.id"), primary_key=True)
    handler: Mapped[str] = mapped_column(String(128), primary_key=True)
    attempts: Mapped[int] = mapped_column(default=0)
    next_try_at: Mapped[datetime]
    done_at: Mapped[datetime | None]
    set_aside_at: Mapped[datetime | None]
    error: Mapped[str | None] = mapped_column(String(200))


def name_of(handler: Handler) -> str:
    """The name under which a handler's work is kept: its folder and its function."""
    return f"{handler.__module__}.{handler.__qualname__}"


def joined(*parts: Handlers) -> dict[str, dict[str, Handler]]:
    """The handlers of all folders by kind of entry and by name."""
    table: dict[str, dict[str, Handler]] = {}
    for part in parts:
        for kind, handlers in part.items():
            table.setdefault(kind, {}).update({name_of(one): one for one in handlers})
    return table


def _table() -> dict[str, dict[str, Handler]]:
    table: dict[str, dict[str, Handler]] = current_app.extensions["handlers"]
    return table


def handlers_of(kind: str) -> list[str]:
    """The names of the handlers that entries of ``kind`` go through."""
    return list(_table().get(kind, ()))


def heavy(handler: Handler) -> Handler:
    """Mark a handler that takes long and that nobody waits for."""
    _HEAVY.add(name_of(handler))
    return handler


def handle_waiting(batch: int = 200) -> int:
    """Try what waits and is due; returns how many were tried or left to a broker's workers."""
    now = clock.now()
    waiting = db.session.execute(
        select(Handling.entry_id, Handling.handler)
        .where(
            Handling.done_at.is_(None),
            Handling.set_aside_at.is_(None),
            Handling.next_try_at <= now,
        )
        .order_by(Handling.next_try_at, Handling.entry_id)
        .limit(batch)
    ).all()
    db.session.rollback()
    left = _leave([(row.entry_id, row.handler) for row in waiting if row.handler in _HEAVY])
    handle_these((row.entry_id, row.handler) for row in waiting if tuple(row) not in left)
    return len(waiting)


def handle_these(pairs: Iterable[tuple[int, str]]) -> None:
    """Try these entries with these handlers, as far as they are still to be done."""
    for entry_id, name in pairs:
        _try(entry_id, name)


def _leave(pairs: Sequence[tuple[int, str]]) -> set[tuple[int, str]]:
    """Leave these to the workers of a broker, if there is one; which of them were.

    What became of none by the end of a lease is handed out again.
    """
    sender = broker() if pairs else None
    if sender is None:
        return set()
    lease = current_app.extensions["settings"].lease_seconds
    try:
        sender.send(HEAVY, "handle", [pairs], lease)
    except UnreachableError as error:
        log.warning("broker_unreachable", queue=HEAVY, reason=str(error))
        return set()
    again_at = clock.now() + timedelta(seconds=lease)
    with writing():
        db.session.execute(
            update(Handling)
            .where(
                tuple_(Handling.entry_id, Handling.handler).in_(pairs), Handling.done_at.is_(None)
            )
            .values(next_try_at=again_at)
        )
    return set(pairs)


def _try(entry_id: int, name: str) -> None:
    try:
        with writing():
            handling = _locked(entry_id, name)
            if handling is None:
                return
            entry = db.session.get_one(Entry, entry_id)
            _table()[entry.kind][name](entry)
            handling.done_at = clock.now()
            handling.attempts += 1
    except Exception as error:  # one entry's failure must never hold up the others
        log.exception("handler_failed", entry_id=entry_id, handler=name)
        _postpone(entry_id, name, type(error).__name__)


def _locked(entry_id: int, name: str) -> Handling | None:
    return db.session.scalars(
        select(Handling)
        .where(
            Handling.entry_id == entry_id,
            Handling.handler == name,
            Handling.done_at.is_(None),
            Handling.set_aside_at.is_(None),
        )
        .with_for_update(skip_locked=True)
    ).one_or_none()


def _postpone(entry_id: int, name: str, error: str) -> None:
    with writing():
        handling = _locked(entry_id, name)
        if handling is None:
            return
        handling.error = error
        if handling.attempts >= len(PAUSES):
            handling.set_aside_at = clock.now()
        else:
            handling.next_try_at = clock.now() + PAUSES[handling.attempts]
        handling.attempts += 1


def set_aside() -> Sequence[Handling]:
    """What failed its last try and waits for the operator, newest first (at most 100)."""
    return db.session.scalars(
        select(Handling)
        .where(Handling.set_aside_at.is_not(None))
        .order_by(Handling.set_aside_at.desc())
        .limit(100)
    ).all()


def resume(entry_id: int, name: str) -> None:
    """Give what was set aside a fresh row of tries."""
    with writing():
        handling = db.session.get_one(Handling, (entry_id, name))
        handling.set_aside_at = None
        handling.attempts = 0
        handling.next_try_at = clock.now()
