"""The journal: the append-only record of everything that happened, and the bridge upward.

An entry is committed with the change it tells of. It holds ids and facts, never addresses, names,
texts or tokens: an auditor reads it, and personal data must stay erasable.
"""

import json
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol

from flask import g, has_request_context
from sqlalchemy import Index, String, Text, func, select, text
from sqlalchemy.orm import Mapped, mapped_column

from config import clock
from config.database import Base, Key, Wide, db

Fact = int | bool | str | None | Sequence[int]
_WORD = re.compile(r"[a-z0-9_.:+-]{1,64}")


class Entry(Base):
    """One thing that happened. ``body`` is its exact record; the other columns only index it."""

    __tablename__ = "journal"
    __table_args__ = (
        Index(
            "ix_journal_unsettled",
            "id",
            sqlite_where=text("position IS NULL"),
            postgresql_where=text("position IS NULL"),
        ),
        Index("ix_journal_kind_position", "kind", "position"),
        Index("ix_journal_subject", "subject_kind", "subject_id", "id"),
        Index("ix_journal_agency", "agency_id", "id"),
        Index("ix_journal_person", "person_id", "id"),
        Index("ix_journal_at", "at", "id"),
    )

    id: Mapped[Key]
    position: Mapped[Wide | None] = mapped_column(unique=True)
    kind: Mapped[str] = mapped_column(String(64))
    at: Mapped[datetime]
    subject_kind: Mapped[str] = mapped_column(String(32))
    subject_id: Mapped[Wide]
    agency_id: Mapped[Wide | None]
    person_id: Mapped[Wide | None]
    body: Mapped[str] = mapped_column(Text)
    hash: Mapped[str | None] = mapped_column(String(64))

    @property
    def facts(self) -> dict[str, Fact]:
        """What the entry tells beside its subject."""
        facts: dict[str, Fact] = json.loads(self.body)["facts"]
        return facts


class Acting(Protocol):
    """Whoever does something: what an entry keeps of them."""

    @property
    def person_id(self) -> int | None: ...

    @property
    def seat_id(self) -> int | None: ...


def _checked(facts: Mapping[str, Fact]) -> dict[str, Fact]:
    for name, value in facts.items():
        if isinstance(value, str) and not _WORD.fullmatch(value):
            raise ValueError(f"journal fact {name!r} must be an id or a code word, not text")
    return {
        name: list(value) if isinstance(value, Sequence) and not isinstance(value, str) else value
        for name, value in sorted(facts.items())
    }


@dataclass(frozen=True)
class Event:
    """What one of many entries of a kind tells: of which thing, in whose matter, which facts."""

    subject: tuple[str, int]
    agency_id: int | None = None
    facts: Mapping[str, Fact] = field(default_factory=dict)


def record(
    kind: str,
    *,
    subject: tuple[str, int],
    agency_id: int | None = None,
    by: Acting | None = None,
    **facts: Fact,
) -> Entry:
    """Add an entry to the transaction in hand and flush it, so that its id is known.

    ``kind`` is a past-tense event (``bulletin.published``), ``subject`` a kind of thing and its id.
    Raises ValueError where a fact is text instead of an id or a code word.
    """
    (entry,) = record_all(kind, [Event(subject, agency_id, facts)], by=by)
    return entry


def record_all(kind: str, events: Iterable[Event], *, by: Acting | None = None) -> list[Entry]:
    """Add an entry for each event, in their order; else like ``record``.

    It is one statement on PostgreSQL; SQLite, in this process, takes them one by one.
    """
    entries = [_entry(kind, event, by) for event in events]
    db.session.add_all(entries)
    db.session.flush()
    return entries


def _entry(kind: str, event: Event, by: Acting | None) -> Entry:
    subject_kind, subject_id = event.subject
    at = clock.now()
    content = {
        "kind": kind,
        "at": at.isoformat(timespec="microseconds"),
        "subject": [subject_kind, subject_id],
        "agency": event.agency_id,
        "person": by.person_id if by else None,
        "seat": by.seat_id if by else None,
        "request": g.get("request_id") if has_request_context() else None,
        "facts": _checked(event.facts),
    }
    return Entry(
        kind=kind,
        at=at,
        subject_kind=subject_kind,
        subject_id=subject_id,
        agency_id=event.agency_id,
        person_id=by.person_id if by else None,
        body=json.dumps(content, ensure_ascii=False, sort_keys=True, separators=(",", ":")),
    )


def head() -> int:
    """The last settled position; 0 for an empty journal."""
    return db.session.scalar(select(func.max(Entry.position))) or 0
