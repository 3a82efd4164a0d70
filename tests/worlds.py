"""A small world for tests: a province, two cities, three counties, an enterprise; all seated."""

import re
from dataclasses import dataclass, field

from flask import Flask
from flask.testing import FlaskClient

from agencies import tree
from agencies.actors import COOKIE_KEY, Actor, actor_for, token_hash
from agencies.models import Agency, Contact, Person, Seat, SignIn, Tenure
from agencies.states import AdminRole, AgencyKind, Channel, Level, SeatKind
from config import clock, journal
from config.database import db, writing

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
                for seat_kind in SeatKind:
                    person = add_person(f"{name}-{seat_kind}", f"{name} {seat_kind}")
                    seat_person(person.id, agency.id, seat_kind)
                    world.people[person.username] = person.id
            for role in AdminRole:
                world.people[role] = add_person(role, f"admin {role}", role=role).id
        return world

    def actor(self, name: str) -> Actor:
        """The person of that name, acting in their seat or role."""
        return actor_for(db.session.get_one(Person, self.people[name]), None)


def add_person(username: str, name: str, role: AdminRole | None = None) -> Person:
    """A person with a verified mail address and phone number."""
    now = clock.now()
    person = Person(
        username=username,
        name=name,
        fs_uniquifier=username.rjust(16, "-"),
        active=True,
        role=role,
        created_at=now,
    )
    db.session.add(person)
    db.session.flush()
    for channel, address in (
        (Channel.MAIL, f"{username}@changtong.example"),
        (Channel.SMS, f"+861380{person.id:07d}"),
    ):
        db.session.add(
            Contact(
                person_id=person.id,
                channel=channel,
                address=address,
                verified_at=now,
                created_at=now,
            )
        )
    return person


def seat_person(person_id: int, agency_id: int, kind: SeatKind, label: str = "") -> Seat:
    """A new seat that the person holds from now on."""
    now = clock.now()
    seat = Seat(agency_id=agency_id, kind=kind, label=label, created_at=now)
    db.session.add(seat)
    db.session.flush()
    tenure = Tenure(seat_id=seat.id, person_id=person_id, is_deputy=False, began_at=now)
    db.session.add(tenure)
    db.session.flush()
    entry = journal.record(
        "seat.taken", subject=("tenure", tenure.id), agency_id=agency_id, holder=person_id
    )
    tenure.began_entry_id = entry.id
    return seat


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
