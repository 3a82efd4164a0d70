"""The journal as an auditor reads it: filtered by index, a page at a time."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Annotated, Any
from zoneinfo import ZoneInfo

from pydantic import BaseModel, Field
from sqlalchemy import select

from agencies.models import Agency, Person
from config.database import db
from config.journal import Entry
from config.pages import Page, keyset
from config.text import Line


class RecordFilter(BaseModel):
    """What an auditor looks for; everything may be left out."""

    kind: Annotated[Line, Field(max_length=64)] = ""
    subject_kind: Annotated[Line, Field(max_length=32)] = ""
    subject_id: Annotated[int, Field(ge=0, lt=2**63)] | None = None
    agency: Annotated[Line, Field(max_length=32)] = ""
    username: Annotated[Line, Field(max_length=64)] = ""
    from_day: date | None = None
    until_day: date | None = None


@dataclass(frozen=True)
class Names:
    """The names of whom and what the entries of a page tell of."""

    people: dict[int, str]
    agencies: dict[int, str]


def records(wanted: RecordFilter, zone: ZoneInfo, size: int = 50) -> Page[Entry]:
    """A page of entries, newest first; days are days in ``zone``."""
    query = select(Entry)
    if wanted.kind:
        query = query.where(Entry.kind == wanted.kind)
    if wanted.subject_kind:
        query = query.where(Entry.subject_kind == wanted.subject_kind)
    if wanted.subject_id is not None:
        query = query.where(Entry.subject_id == wanted.subject_id)
    if wanted.agency:
        agency = select(Agency.id).where(Agency.code == wanted.agency).scalar_subquery()
        query = query.where(Entry.agency_id == agency)
    if wanted.username:
        name = wanted.username.casefold()
        person = select(Person.id).where(Person.username == name).scalar_subquery()
        query = query.where(Entry.person_id == person)
    if wanted.from_day:
        query = query.where(Entry.at >= _beginning(wanted.from_day, zone))
    if wanted.until_day and wanted.until_day < date.max:
        query = query.where(Entry.at < _beginning(wanted.until_day + timedelta(days=1), zone))
    if wanted.from_day or wanted.until_day:
        return keyset(query, (Entry.at, Entry.id), lambda one: (one.at, one.id), size=size)
    return keyset(query, (Entry.id,), lambda one: (one.id,), size=size)


def facts(entry: Entry) -> dict[str, Any]:
    """What an entry tells beside its subject; nothing where somebody has spoilt its record."""
    try:
        return dict(entry.facts)
    except (ValueError, KeyError, TypeError):
        return {}


def _beginning(day: date, zone: ZoneInfo) -> datetime:
    return datetime.combine(max(day, date(1900, 1, 1)), time(), zone)


def names(entries: Collection[Entry]) -> Names:
    """The names behind the ids of these entries: two queries."""
    people = {entry.person_id for entry in entries if entry.person_id is not None}
    agencies = {entry.agency_id for entry in entries if entry.agency_id is not None}
    return Names(
        dict(db.session.execute(select(Person.id, Person.name).where(Person.id.in_(people))).all()),
        dict(
            db.session.execute(select(Agency.id, Agency.name).where(Agency.id.in_(agencies))).all()
        ),
    )
