"""Seats: given and taken at entries of the journal, ended and opened again."""

from collections.abc import Callable

import pytest
from flask.testing import FlaskClient
from sqlalchemy import insert, select, update
from sqlalchemy.exc import IntegrityError

from agencies.actors import console
from agencies.inputs import SeatInput
from agencies.models import Person, Tenure
from agencies.services import seats
from agencies.states import AdminRole, SeatKind
from config import clock
from config.database import db, writing
from config.errors import Invalid, NotFound
from config.journal import Entry
from tests.agencies.browsing import send, text_of
from tests.worlds import World

Browser = Callable[[int], FlaskClient]


@pytest.fixture
def system(world: World, browser_of: Browser) -> FlaskClient:
    """The system administrator's browser."""
    return browser_of(world.people["system"])


def _holder(seat_id: int | None, *, deputy: bool = False) -> int | None:
    return db.session.scalar(
        select(Tenure.person_id).where(
            Tenure.seat_id == seat_id, Tenure.is_deputy.is_(deputy), Tenure.ended_at.is_(None)
        )
    )


def test_no_administrator_holds_a_seat(world: World) -> None:
    audit, clerk = world.people["audit"], world.people["county-clerk"]
    seat_id = world.actor("county-duty").seat_id
    assert seat_id is not None
    for name in ("system", "security", "audit"):
        with pytest.raises(Invalid):
            seats.give(console(), seat_id, name, is_deputy=True)
    # Nor does the database let it happen by another way.
    now = clock.now()
    held = {"seat_id": seat_id, "person_id": audit, "is_deputy": True, "began_at": now}
    clerks = update(Person).where(Person.id == clerk)
    for forbidden in (
        insert(Tenure).values(held),
        insert(Tenure).values(held | {"holder_is_admin": True}),
        clerks.values(role=AdminRole.AUDIT, is_admin=True),
        clerks.values(role=AdminRole.AUDIT),
    ):
        with pytest.raises(IntegrityError), writing():
            db.session.execute(forbidden)


def test_a_seat_is_given_and_taken_at_entries_of_the_journal(
    world: World, system: FlaskClient
) -> None:
    agency = world.agencies["county"]
    answer = send(
        system, f"/agencies/{agency}", f"/agencies/{agency}/seats", kind="reader", label=""
    )
    assert answer.status_code == 422  # there is one like it
    page = f"/agencies/{agency}"
    made = send(system, page, f"{page}/seats", kind="reader", label="综合科阅文").location
    assert send(system, made, f"{made}/give", username="nobody").status_code == 422
    assert send(system, made, f"{made}/give", username="COUNTY-CLERK").status_code == 303
    assert send(system, made, f"{made}/give", username="county-duty").status_code == 409
    fields = {"username": "county-duty", "is_deputy": "1"}
    assert send(system, made, f"{made}/give", **fields).status_code == 303
    seat_id = int(made.rpartition("/")[2])
    assert _holder(seat_id) == world.people["county-clerk"]
    assert _holder(seat_id, deputy=True) == world.people["county-duty"]
    tenure = db.session.scalars(
        select(Tenure).where(Tenure.seat_id == seat_id, Tenure.is_deputy.is_(False))
    ).one()
    taken = db.session.get_one(Entry, tenure.began_entry_id)
    assert (taken.kind, taken.subject_id) == ("seat.taken", tenure.id)
    assert taken.facts["holder"] == world.people["county-clerk"]
    assert send(system, made, f"/tenures/{tenure.id}/end").status_code == 303
    assert _holder(seat_id) is None
    db.session.refresh(tenure)
    left = db.session.get_one(Entry, tenure.ended_entry_id)
    assert (left.kind, left.id > taken.id) == ("seat.left", True)


def test_a_person_is_placed_by_agency_and_kind(world: World, system: FlaskClient) -> None:
    answer = send(system, "/people/new", username="li", name="李", mail="", phone="")
    page = answer.location

    def place(**fields: str) -> int:
        return send(system, page, f"{page}/seats", **fields).status_code

    assert place(agency="没有这个局", kind="clerk", label="") == 422
    assert place(agency="130102", kind="clerk", label="") == 409
    assert place(agency="长安区市场监督管理局", kind="clerk", label="二") == 303
    assert place(agency="130102", kind="clerk", label="二") == 422
    assert place(agency="130102", kind="chief", label="") == 422
    assert "长安区市场监督管理局 · 二" in text_of(system.get(page))


def test_ending_a_seat_ends_its_tenures_and_it_can_be_opened_again(world: World) -> None:
    seat_id = world.actor("county-liaison").seat_id
    assert seat_id is not None
    seats.end(console(), seat_id)
    assert _holder(seat_id) is None
    with pytest.raises(NotFound):
        seats.seat(seat_id)
    agency = world.agencies["county"]
    again = seats.create(console(), agency, SeatInput(kind=SeatKind.LIAISON))
    assert again.id == seat_id
