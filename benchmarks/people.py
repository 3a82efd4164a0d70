"""Trees and people for benchmarks and the soak: made up, many, written at once."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from flask_security.utils import hash_password
from sqlalchemy import insert, text

from agencies import tree
from agencies.actors import Actor, actor_for
from agencies.models import Agency, Contact, Person, Seat, Tenure
from agencies.states import AgencyKind, Channel, Level, SeatKind
from config import clock
from config.database import db, writing

PASSWORD = "throwaway-Passw0rd-of-nobody"
NATION = {Level.PROVINCE: 31, Level.CITY: 342, Level.COUNTY: 2854}
"""How many bureaus there are below the one of the nation: 3,227."""


@dataclass(frozen=True)
class Somebody:
    """A person to be, in one seat."""

    username: str
    agency_id: int
    kind: SeatKind


def plant(root: Level, below: dict[Level, int]) -> list[int]:
    """A tree: one agency on top and ``below`` it so many of each level, spread evenly.

    Returns the ids, the one on top first. Call inside ``writing()``.
    """
    above = _agencies(root, [None])
    ids = [*above]
    for level, count in below.items():
        above = _agencies(level, [above[number % len(above)] for number in range(count)])
        ids += above
    tree.rebuild()
    return ids


def _agencies(level: Level, parents: Sequence[int | None]) -> list[int]:
    rows = [
        {
            "code": f"{level}-{number}",
            "name": f"第{number}{level}市场监督管理局",
            "level": level,
            "kind": AgencyKind.BUREAU,
            "parent_id": parent,
            "created_at": clock.now(),
        }
        for number, parent in enumerate(parents, 1)
    ]
    return _inserted(Agency, rows)


def settle_in(people: Sequence[Somebody]) -> list[int]:
    """Write people with a verified mail address and the seat they hold; returns their ids.

    All have the same password. Call inside ``writing()``.
    """
    now, password = clock.now(), hash_password(PASSWORD)
    ids = _inserted(
        Person,
        [
            {
                "username": one.username,
                "name": one.username,
                "password": password,
                "fs_uniquifier": one.username.rjust(16, "-"),
                "active": True,
                "created_at": now,
            }
            for one in people
        ],
    )
    seats = _inserted(
        Seat,
        [
            {
                "agency_id": one.agency_id,
                "kind": one.kind,
                "label": one.username,
                "created_at": now,
            }
            for one in people
        ],
    )
    _inserted(
        Tenure,
        [
            {"seat_id": seat_id, "person_id": person_id, "began_at": now}
            for seat_id, person_id in zip(seats, ids, strict=True)
        ],
    )
    _inserted(
        Contact,
        [
            {
                "person_id": person_id,
                "channel": Channel.MAIL,
                "address": mail_of(one.username),
                "verified_at": now,
                "created_at": now,
            }
            for person_id, one in zip(ids, people, strict=True)
        ],
    )
    return ids


def mail_of(username: str) -> str:
    """The mail address of a person made here."""
    return f"{username}@changtong.example"


def actor(person_id: int) -> Actor:
    """The person, acting in their seat."""
    return actor_for(db.session.get_one(Person, person_id), None)


def know_the_tables() -> None:
    """Let the engine count what was written at once, as it does by itself in the long run."""
    db.session.rollback()
    with writing():
        db.session.execute(text("ANALYZE"))


def _inserted(model: Any, rows: Iterable[dict[str, Any]]) -> list[int]:
    made = db.session.execute(
        insert(model).returning(model.id, sort_by_parameter_order=True), list(rows)
    )
    return list(made.scalars())
