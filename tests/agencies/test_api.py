"""What administrators do by the API: the calendar, seats and accounts, by the pages' services."""

from collections.abc import Callable
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select

from agencies.inputs import TokenInput
from agencies.models import Invitation, Person, Seat
from agencies.services import tokens
from config.database import db, writing
from tests.worlds import World

Ask = Callable[..., tuple[int, Any]]


@pytest.fixture
def ask(client: FlaskClient, world: World) -> Ask:
    """Ask the API as one of the administrators."""
    keys = {
        name: tokens.issue(world.actor(name), TokenInput(label="test"))
        for name in ("system", "security")
    }

    def asked(who: str, method: str, path: str, data: Any = None) -> tuple[int, Any]:
        headers = {"Authorization": f"Bearer {keys[who]}"}
        answer = client.open(f"/api/v1{path}", method=method, headers=headers, json=data)
        return answer.status_code, answer.json if answer.data else None

    return asked


def test_a_day_is_decided_and_left_to_the_library_again(ask: Ask) -> None:
    day = {"day": "2026-10-10", "is_working": False, "remark": "抗洪"}
    status, year = ask("system", "POST", "/working-days", day)
    assert (status, year["year"]) == (200, 2026)
    assert {**day, "is_ours": True} in year["days"]
    assert ask("security", "GET", "/working-days?year=2026")[1] == year
    assert ask("system", "DELETE", "/working-days/2026-10-10")[0] == 204
    assert ask("system", "DELETE", "/working-days/2026-10-10")[0] == 404
    assert ask("system", "DELETE", "/working-days/morgen")[0] == 404
    _status, year = ask("system", "GET", "/working-days?year=2026")
    assert not any(one["is_ours"] for one in year["days"])


@pytest.mark.parametrize(
    ("method", "path", "data"),
    [
        ("GET", "/working-days?year=1900", None),
        ("POST", "/working-days", {"day": "1999-01-01", "is_working": True}),
        ("POST", "/working-days", {"day": "2018-02-30", "is_working": True}),
    ],
)
def test_days_outside_the_calendar_are_refused(
    ask: Ask, method: str, path: str, data: object
) -> None:
    assert ask("system", method, path, data)[0] == 422


def test_a_seat_is_made_and_ended(ask: Ask, world: World) -> None:
    path = f"/agencies/{world.agencies['county']}/seats"
    given = {"kind": "liaison", "label": "三号"}
    status, made = ask("system", "POST", path, given)
    assert (status, made["kind"], made["holder"]) == (201, "liaison", None)
    assert ask("system", "POST", path, given)[0] == 422
    assert ask("system", "POST", "/agencies/999/seats", given)[0] == 404
    assert ask("system", "DELETE", f"/seats/{made['id']}")[0] == 204
    assert ask("system", "DELETE", f"/seats/{made['id']}")[0] == 404
    ended = db.session.scalar(select(Seat.ended_at).where(Seat.id == made["id"]))
    assert ended is not None


def test_a_person_is_renamed_locked_and_let_in_again(ask: Ask, world: World) -> None:
    here = f"/people/{world.people['county-clerk']}"
    with writing():
        db.session.get_one(Person, world.people["county-clerk"]).password = "set"
    assert ask("system", "PATCH", here, {"name": "王芳"})[1]["name"] == "王芳"
    assert ask("system", "PATCH", here, {"name": ""})[0] == 422
    assert ask("security", "POST", f"{here}/lock")[1]["state"] == "locked"
    assert ask("system", "POST", f"{here}/unlock")[0] == 403
    assert ask("security", "POST", f"{here}/unlock")[1]["state"] == "active"
    assert ask("security", "POST", f"{here}/end-sign-ins")[0] == 200
    assert ask("system", "POST", f"{here}/deactivate")[1]["state"] == "inactive"
    assert ask("system", "POST", f"{here}/activate")[1]["state"] == "active"


def test_a_newcomer_is_invited_and_only_a_slip_shows_its_code(ask: Ask, world: World) -> None:
    clerk = world.people["county-clerk"]
    with writing():
        db.session.get_one(Person, clerk).password = None
    status, slip = ask("system", "POST", f"/people/{clerk}/invite", {"way": "slip"})
    assert (status, slip["person_id"], slip["way"]) == (201, clerk, "slip")
    assert "/invitation/" in slip["link"]
    assert slip["code"]
    status, mail = ask("system", "POST", f"/people/{clerk}/invite", {"way": "mail"})
    assert (status, mail["link"], mail["code"]) == (201, None, None)
    assert ask("system", "POST", f"/people/{clerk}/invite", {"way": "taube"})[0] == 422
    assert ask("security", "POST", f"/people/{clerk}/invite", {"way": "slip"})[0] == 403
    assert len(db.session.scalars(select(Invitation)).all()) == 2
