"""Loading people and their seats from a file: all of it or nothing, again without doubles."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import islice
from typing import TypeVar

from flask_babel import gettext as _
from sqlalchemy import select

from agencies import people_import
from agencies.actors import Actor
from agencies.csv_table import Fault, WrongLines
from agencies.inputs import SeatInput
from agencies.models import Agency, Contact, Person, Seat, Tenure
from agencies.people_import import PersonRow
from agencies.permissions import require
from agencies.services.people import add, addresses_of
from agencies.services.seats import make, take_seat
from config import clock, journal
from config.database import db, writing
from config.errors import DomainError

T = TypeVar("T")
SeatKey = tuple[int, str, str]


@dataclass
class Outcome:
    """Who was made by an import (ids), how many were renamed, how many seats were taken."""

    created: list[int] = field(default_factory=list)
    renamed: int = 0
    seated: int = 0


@dataclass
class Present:
    """What the database holds of those whom the file names."""

    agencies: dict[str, int]
    people: dict[str, Person]
    seats: dict[SeatKey, Seat]
    holders: dict[int, int]  # seat id → person id
    channels: set[tuple[int, str]]  # of those who were there before


def import_people(actor: Actor, data: bytes) -> Outcome:
    """Load a CSV file. Raises WrongLines with each wrong line; then nothing was changed."""
    require(actor, "person.create")
    require(actor, "seat.give")
    table = people_import.parsed(data)
    outcome = Outcome()
    with writing():
        present = _present(table.rows)
        faults = list(table.faults)
        for row in table.rows:
            try:
                fault = _fault(row, present)
                if fault is None and not faults:
                    _load(actor, row, present, outcome)
            except DomainError as error:
                fault = "".join(str(text) for text in error.errors.values()) or str(error)
            if fault:
                faults.append(Fault(row.line, fault))
        if faults:
            raise WrongLines(faults)
    return outcome


def _chunks(values: Iterable[T], size: int = 2000) -> Iterator[list[T]]:
    """Parts short enough for one statement's parameters."""
    rest = iter(values)
    while part := list(islice(rest, size)):
        yield part


def _present(rows: Iterable[PersonRow]) -> Present:
    present = Present({}, {}, {}, {}, set())
    for codes in _chunks({row.agency_code for row in rows if row.agency_code}):
        query = select(Agency.code, Agency.id).where(
            Agency.code.in_(codes), Agency.ended_on.is_(None)
        )
        present.agencies.update((row.code, row.id) for row in db.session.execute(query))
    for names in _chunks({row.person.username for row in rows}):
        for person in db.session.scalars(select(Person).where(Person.username.in_(names))):
            present.people[person.username] = person
    for person_ids in _chunks([person.id for person in present.people.values()]):
        contacts = select(Contact.person_id, Contact.channel).where(
            Contact.person_id.in_(person_ids)
        )
        present.channels.update((one, channel) for one, channel in db.session.execute(contacts))
    for agency_ids in _chunks(present.agencies.values()):
        _add_seats(present, agency_ids)
    return present


def _add_seats(present: Present, agency_ids: Sequence[int]) -> None:
    living = select(Seat).where(Seat.agency_id.in_(agency_ids), Seat.ended_at.is_(None))
    for seat in db.session.scalars(living):
        present.seats[(seat.agency_id, seat.kind, seat.label)] = seat
    held = (
        select(Tenure.seat_id, Tenure.person_id)
        .join(Seat, Seat.id == Tenure.seat_id)
        .where(
            Seat.agency_id.in_(agency_ids),
            Tenure.ended_at.is_(None),
            Tenure.is_deputy.is_(False),
        )
    )
    present.holders.update((row.seat_id, row.person_id) for row in db.session.execute(held))


def _fault(row: PersonRow, present: Present) -> str | None:
    person = present.people.get(row.person.username)
    if row.agency_code and row.agency_code not in present.agencies:
        return _("没有编码为 %(code)s 的机构。", code=row.agency_code)
    if person is not None and not person.active:
        return _("这个账号已停用。")
    if person is not None and person.role is not None and row.seats:
        return _("管理员不能兼任岗位。")
    for wanted in row.seats:
        holder = present.holders.get(_seat_id(row, wanted, present))
        if holder is not None and (person is None or holder != person.id):
            label = wanted.label or wanted.kind
            return _("岗位 %(label)s 已有人担任，可在冒号后另取名称。", label=label)
    return None


def _seat_id(row: PersonRow, wanted: SeatInput, present: Present) -> int:
    seat = present.seats.get((present.agencies[row.agency_code], wanted.kind, wanted.label))
    return seat.id if seat is not None else 0


def _load(actor: Actor, row: PersonRow, present: Present, outcome: Outcome) -> None:
    person = present.people.get(row.person.username)
    if person is None:
        person = add(actor, row.person, None)
        present.people[person.username] = person
        outcome.created.append(person.id)
    else:
        _update(actor, person, row, present, outcome)
    for wanted in row.seats:
        _seat(actor, person, row, wanted, present, outcome)


def _update(
    actor: Actor,
    person: Person,
    row: PersonRow,
    present: Present,
    outcome: Outcome,
) -> None:
    """What the file says anew of somebody known; an address they have themselves stays."""
    if person.name != row.person.name:
        person.name = row.person.name
        outcome.renamed += 1
        journal.record("person.renamed", subject=("person", person.id), by=actor)
    for channel, address in addresses_of(row.person).items():
        if (person.id, channel) not in present.channels:
            now = clock.now()
            db.session.add(
                Contact(person_id=person.id, channel=channel, address=address, created_at=now)
            )


def _seat(
    actor: Actor,
    person: Person,
    row: PersonRow,
    wanted: SeatInput,
    present: Present,
    outcome: Outcome,
) -> None:
    key = (present.agencies[row.agency_code], str(wanted.kind), wanted.label)
    seat = present.seats.get(key)
    if seat is None:
        seat = present.seats[key] = make(actor, key[0], wanted)
    if present.holders.get(seat.id) == person.id:
        return
    take_seat(actor, seat, person, "", is_deputy=False)
    present.holders[seat.id] = person.id
    outcome.seated += 1
