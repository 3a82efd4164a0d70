"""A small world for tests: a province, two cities, three counties, an enterprise; all seated."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from flask import Flask
from flask.testing import FlaskClient

from agencies import tree
from agencies.actors import COOKIE_KEY, Actor, actor_for, token_hash
from agencies.models import Agency, Contact, Person, Seat, SignIn, Tenure
from agencies.states import AdminRole, AgencyKind, Channel, Level, SeatKind
from config import clock, journal
from config.database import db, writing
from config.journal import Event

AGENCIES = (
    ("province", "130000", "河北省市场监督管理局", Level.PROVINCE, AgencyKind.BUREAU, None),
    ("city", "130100", "石家庄市市场监督管理局", Level.CITY, AgencyKind.BUREAU, "province"),
    ("other_city", "130200", "唐山市市场监督管理局", Level.CITY, AgencyKind.BUREAU, "province"),
    ("county", "130102", "长安区市场监督管理局", Level.COUNTY, AgencyKind.BUREAU, "city"),
    ("sibling", "130104", "桥西区市场监督管理局", Level.COUNTY, AgencyKind.BUREAU, "city"),
    (
        "other_county",
        "130202",
        "路南区市场监督管理局",
        Level.COUNTY,
        AgencyKind.BUREAU,
        "other_city",
    ),
    ("enterprise", "E0001", "冀东水泥有限公司", Level.COUNTY, AgencyKind.ENTERPRISE, "province"),
    ("unrelated", "140000", "山西省市场监督管理局", Level.PROVINCE, AgencyKind.BUREAU, None),
)


@dataclass
class World:
    """Ids by name; people are called ``<agency>-<seat kind>``, e.g. ``county-clerk``."""

    agencies: dict[str, int] = field(default_factory=dict)
    people: dict[str, int] = field(default_factory=dict)

    @classmethod
    def built(cls) -> "World":
        """Write the world to the database in hand."""
        world = cls()
        with writing():
            for name, code, title, level, kind, parent in AGENCIES:
                agency = Agency(
                    code=code,
                    name=title,
                    level=level,
                    kind=kind,
                    parent_id=world.agencies.get(parent) if parent else None,
                    created_at=clock.now(),
                )
                tree.plant(agency)
                world.agencies[name] = agency.id
            seats = [(name, kind) for name in world.agencies for kind in SeatKind]
            people = add_people(
                [(f"{name}-{kind}", f"{name} {kind}", None) for name, kind in seats]
            )
            people += add_people([(role, f"admin {role}", role) for role in AdminRole])
            world.people = {person.username: person.id for person in people}
            seat_people(
                [
                    (person.id, world.agencies[name], kind)
                    for person, (name, kind) in zip(people, seats, strict=False)
                ]
            )
        return world

    def actor(self, name: str) -> Actor:
        """The person of that name, acting in their seat or role."""
        return actor_for(db.session.get_one(Person, self.people[name]), None)


def add_person(username: str, name: str, role: AdminRole | None = None) -> Person:
    """A person with a verified mail address and phone number."""
    (person,) = add_people([(username, name, role)])
    return person


def add_people(people: Sequence[tuple[str, str, AdminRole | None]]) -> list[Person]:
    """People by user name, name and role, each with a verified mail address and phone number."""
    now = clock.now()
    made = [
        Person(
            username=username,
            name=name,
            fs_uniquifier=username.rjust(16, "-"),
            active=True,
            role=role,
            created_at=now,
        )
        for username, name, role in people
    ]
    db.session.add_all(made)
    db.session.flush()
    db.session.add_all(
        Contact(
            person_id=person.id, channel=channel, address=address, verified_at=now, created_at=now
        )
        for person in made
        for channel, address in (
            (Channel.MAIL, f"{person.username}@changtong.example"),
            (Channel.SMS, f"+861380{person.id:07d}"),
        )
    )
    db.session.flush()
    return made


def seat_person(person_id: int, agency_id: int, kind: SeatKind, label: str = "") -> Seat:
    """A new seat that the person holds from now on."""
    (seat,) = seat_people([(person_id, agency_id, kind)], label)
    return seat


def seat_people(people: Sequence[tuple[int, int, SeatKind]], label: str = "") -> list[Seat]:
    """A new seat for each person, of an agency and a kind, that they hold from now on."""
    now = clock.now()
    seats = [
        Seat(agency_id=agency_id, kind=kind, label=label, created_at=now)
        for _person, agency_id, kind in people
    ]
    db.session.add_all(seats)
    db.session.flush()
    tenures = [
        Tenure(seat_id=seat.id, person_id=person_id, is_deputy=False, began_at=now)
        for seat, (person_id, _agency, _kind) in zip(seats, people, strict=True)
    ]
    db.session.add_all(tenures)
    db.session.flush()
    entries = journal.record_all(
        "seat.taken",
        [
            Event(("tenure", tenure.id), agency_id, {"holder": person_id})
            for tenure, (person_id, agency_id, _kind) in zip(tenures, people, strict=True)
        ],
    )
    for tenure, entry in zip(tenures, entries, strict=True):
        tenure.began_entry_id = entry.id
    return seats


def sign_in(app: Flask, person_id: int) -> FlaskClient:
    """A browser in which that person is signed in."""
    token = f"test-{person_id}-{clock.now().timestamp()}"
    with writing():
        now = clock.now()
        db.session.add(
            SignIn(
                token_hash=token_hash(token),
                person_id=person_id,
                created_at=now,
                expires_at=now.replace(year=now.year + 1),
            )
        )
    client = app.test_client()
    with client.session_transaction() as session:
        session[COOKIE_KEY] = token
    return client


def csrf_of(page: str) -> str:
    """The CSRF token that a page's form carries."""
    match = re.search(r'name="csrf_token"[^>]*value="([^"]+)"', page)
    assert match, "the page has no form with a CSRF token"
    return match[1]
