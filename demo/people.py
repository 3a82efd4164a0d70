"""The people of the demo province: who holds which seat, written at once."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import uuid4

from sqlalchemy import bindparam, insert, select, update

from agencies import passwords
from agencies.models import Agency, Contact, Person, Seat, Tenure
from agencies.states import AdminRole, AgencyKind, Channel, Level, SeatKind
from config import clock, journal
from config.database import db
from demo.names import names

DOMAIN = "changtong.example"
READERS = {Level.PROVINCE: 3, Level.CITY: 3, Level.COUNTY: 2}
OFFICES = ("办公室", "质量监管", "食品安全")


@dataclass(frozen=True)
class Place:
    """A seat to be, and the user name of whoever shall hold it."""

    agency_id: int
    kind: SeatKind
    label: str
    username: str
    name: str


def places() -> list[Place]:
    """The seats of every agency there is, with a person for each."""
    people = names(seed=130000)
    agencies = db.session.scalars(select(Agency).order_by(Agency.id))
    return [
        Place(agency.id, kind, label, f"{agency.code.lower()}-{suffix}", next(people))
        for agency in agencies
        for kind, label, suffix in _seats(agency)
    ]


def _seats(agency: Agency) -> Iterator[tuple[SeatKind, str, str]]:
    if agency.kind != AgencyKind.BUREAU:
        yield SeatKind.LIAISON, "", "liaison"
        return
    yield SeatKind.CLERK, "", "clerk"
    yield SeatKind.APPROVER, "", "approver"
    for number, office in enumerate(OFFICES[: READERS[Level(agency.level)]], 1):
        yield SeatKind.READER, office, "reader" if number == 1 else f"reader{number}"


def hashed(given: Mapping[str, str]) -> dict[str, str]:
    """The hashes of these passwords by user name: slow, so before anything is written."""
    return {
        username: passwords.hashed(word, Person(username=username))
        for username, word in given.items()
    }


def settle(wanted: Sequence[Place], hashes: Mapping[str, str]) -> list[int]:
    """Write people with a verified mail address, and the seats that they hold from now on.

    Whoever has no hash can't sign in until invited. Returns their ids. Call inside ``writing()``.
    """
    now = clock.now()
    people = _inserted(
        Person, [_person(one.username, one.name, hashes.get(one.username)) for one in wanted]
    )
    _inserted(
        Contact,
        [
            {
                "person_id": person_id,
                "channel": Channel.MAIL,
                "address": f"{one.username}@{DOMAIN}",
                "verified_at": now,
                "created_at": now,
            }
            for person_id, one in zip(people, wanted, strict=True)
        ],
    )
    seats = _inserted(
        Seat,
        [
            {"agency_id": one.agency_id, "kind": one.kind, "label": one.label, "created_at": now}
            for one in wanted
        ],
    )
    held = list(zip(people, seats, wanted, strict=True))
    tenures = _inserted(
        Tenure,
        [{"seat_id": seat, "person_id": person, "began_at": now} for person, seat, _ in held],
    )
    _record(tenures, held)
    return people


def administrators(hashes: Mapping[str, str], titles: Mapping[AdminRole, tuple[str, str]]) -> None:
    """Write the three administrators: user name and name by role. Call inside ``writing()``."""
    for role, (username, name) in titles.items():
        [made] = _inserted(Person, [_person(username, name, hashes.get(username)) | {"role": role}])
        journal.record("person.created", subject=("person", made), role=role)


def _person(username: str, name: str, password: str | None) -> dict[str, Any]:
    return {
        "username": username,
        "name": name,
        "password": password,
        "fs_uniquifier": uuid4().hex,
        "created_at": clock.now(),
    }


def _record(tenures: Sequence[int], held: Sequence[tuple[int, int, Place]]) -> None:
    """One entry for each tenure, which is kept with it: from there its holder is told things."""
    began = []
    for tenure, (person, seat, place) in zip(tenures, held, strict=True):
        entry = journal.record(
            "seat.taken",
            subject=("tenure", tenure),
            agency_id=place.agency_id,
            holder=person,
            seat=seat,
        )
        began.append({"key": tenure, "entry": entry.id})
    db.session.connection().execute(
        update(Tenure)
        .where(Tenure.id == bindparam("key"))
        .values(began_entry_id=bindparam("entry")),
        began,
    )


def _inserted(model: Any, rows: list[dict[str, Any]]) -> list[int]:
    made = db.session.execute(insert(model).returning(model.id, sort_by_parameter_order=True), rows)
    return list(made.scalars())
