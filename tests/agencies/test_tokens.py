"""Keys: shown once, acting in one seat, dead with it; and what the API tells them."""

import re
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from io import BytesIO
from typing import Any

import pytest
import time_machine
from apiflask import APIFlask
from flask.testing import FlaskClient
from sqlalchemy import select

from agencies.actors import console, token_hash
from agencies.inputs import TokenInput
from agencies.models import Tenure, Token
from agencies.services import people, seats, tokens
from config import clock
from config.database import db
from tests.agencies.browsing import press, send
from tests.worlds import World

Browser = Callable[[int], FlaskClient]
Api = Callable[..., tuple[int, Any]]


def key_of(world: World, name: str) -> str:
    actor = world.actor(name)
    return tokens.issue(actor, TokenInput(label="test", seat_id=actor.seat_id))


@pytest.fixture
def api(client: FlaskClient) -> Api:
    """Ask the API with a key; returns the status and what was answered."""

    def ask(key: str, method: str, path: str, **more: Any) -> tuple[int, Any]:
        headers = {"Authorization": f"Bearer {key}"}
        answer = client.open(f"/api/v1{path}", method=method, headers=headers, **more)
        return answer.status_code, answer.json if answer.data else None

    return ask


def test_a_key_is_shown_once_and_kept_as_a_hash(
    world: World, browser_of: Browser, api: Api
) -> None:
    browser = browser_of(world.people["county-clerk"])
    seat_id = world.actor("county-clerk").seat_id
    answer = send(browser, "/account/keys", label="办公系统", seat_id=seat_id, days="30")
    assert answer.status_code == 303
    found = re.search(r">(ct_[\w-]{43})<", browser.get("/account/keys").text)
    assert found
    secret = found[1]
    assert secret not in browser.get("/account/keys").text
    token = db.session.scalars(select(Token)).one()
    assert token.token_hash == token_hash(secret)
    status, me = api(secret, "GET", "/me")
    assert status == 200
    assert me["username"] == "county-clerk"
    assert me["seat"]["agency_id"] == world.agencies["county"]
    assert press(browser, f"/keys/{token.id}/revoke").status_code == 303
    assert api(secret, "GET", "/me")[0] == 401


def test_a_wrong_key_is_nobody(api: Api, client: FlaskClient, world: World) -> None:
    for key in ("", "x", "ct_" + "a" * 43, "ct_\u00e9"):
        status, said = api(key, "GET", "/me")
        assert (status, said["code"]) == (401, "not_signed_in")
    plain = client.get("/api/v1/me", headers={"Authorization": "Basic eDp5"})
    assert plain.status_code == 401
    assert plain.headers["WWW-Authenticate"] == "Bearer"


def test_a_cookie_counts_for_nothing_at_the_api(world: World, browser_of: Browser) -> None:
    assert browser_of(world.people["county-clerk"]).get("/api/v1/me").status_code == 401


def test_a_key_dies_with_its_seat_its_time_and_its_person(world: World, api: Api) -> None:
    left, expired, gone = (key_of(world, f"county-{kind}") for kind in ("clerk", "duty", "reader"))
    assert [api(key, "GET", "/me")[0] for key in (left, expired, gone)] == [200, 200, 200]
    tenure = db.session.scalars(
        select(Tenure).where(Tenure.person_id == world.people["county-clerk"])
    ).one()
    seats.take(console(), tenure.id)
    assert api(left, "GET", "/me")[0] == 401
    people.deactivate(console(), world.people["county-reader"])
    assert api(gone, "GET", "/me")[0] == 401
    with time_machine.travel(clock.now() + timedelta(days=366)):
        assert api(expired, "GET", "/me")[0] == 401


def test_the_day_of_its_last_use_is_kept(world: World, api: Api) -> None:
    with time_machine.travel(datetime(2999, 3, 1, 20, tzinfo=UTC)):  # the 2nd here already
        key = key_of(world, "county-clerk")
        api(key, "GET", "/me")
    assert db.session.scalar(select(Token.used_on)) == date(2999, 3, 2)


def test_nobody_makes_a_key_for_anothers_seat(world: World, browser_of: Browser) -> None:
    browser = browser_of(world.people["county-clerk"])
    theirs = world.actor("city-approver").seat_id
    for seat_id in (theirs, "", "x", 2**80):
        answer = send(browser, "/account/keys", label="x", seat_id=seat_id, days="1")
        assert answer.status_code == 422
    key_of(world, "city-clerk")
    token_id = db.session.scalar(select(Token.id))
    assert press(browser, f"/keys/{token_id}/revoke").status_code == 404
    security = browser_of(world.people["security"])
    assert press(security, f"/keys/{token_id}/revoke").status_code == 303


def test_agencies_page_by_page(world: World, api: Api) -> None:
    key = key_of(world, "county-reader")
    codes: list[str] = []
    after = ""
    while True:
        query = {"limit": 3, **({"after": after} if after else {})}
        status, page = api(key, "GET", "/agencies", query_string=query)
        assert status == 200
        codes += [one["code"] for one in page["items"]]
        if page["next"] is None:
            break
        after = str(page["next"])
    assert codes == sorted(codes)
    assert len(codes) == len(world.agencies)
    _status, found = api(key, "GET", "/agencies", query_string={"q": "长安"})
    assert [one["code"] for one in found["items"]] == ["130102"]
    under = {"parent_id": world.agencies["city"]}
    _status, found = api(key, "GET", "/agencies", query_string=under)
    assert len(found["items"]) == 2
    for wrong in ({"limit": 0}, {"limit": 201}, {"limit": "x"}, {"parent_id": "x"}):
        status, said = api(key, "GET", "/agencies", query_string=wrong)
        assert (status, list(said["errors"])) == (422, list(wrong))
    assert api(key, "GET", "/agencies", query_string={"after": "x"})[0] == 400


def test_one_agency_with_those_above_and_its_seats(world: World, api: Api) -> None:
    key = key_of(world, "county-reader")
    status, agency = api(key, "GET", f"/agencies/{world.agencies['county']}")
    assert status == 200
    above = agency["above"]
    assert [one["code"] for one in above] == ["130000", "130100"]
    holders = [one["holder"] for one in agency["seats"]]
    assert "county clerk" in holders
    assert api(key, "GET", f"/agencies/{2**63 - 1}")[0] == 404
    assert api(key, "GET", f"/agencies/{2**64}")[0] == 404


def test_the_system_administrator_works_by_key(world: World, api: Api) -> None:
    key = key_of(world, "system")
    status, made = api(key, "POST", "/people", json={"username": "wu", "name": "吴"})
    assert (status, made["state"]) == (201, "invited")
    path = f"/people/{made['id']}"
    place = {"agency": "130102", "kind": "reader", "label": "二"}
    status, placed = api(key, "POST", f"{path}/seats", json=place)
    assert status == 200
    (seat,) = placed["seats"]
    assert api(key, "POST", f"{path}/seats", json=place)[0] == 422
    taken = {**place, "label": ""}
    assert api(key, "POST", f"{path}/seats", json=taken)[0] == 409
    assert api(key, "DELETE", f"/tenures/{seat['tenure_id']}")[0] == 204
    assert api(key, "GET", path)[1]["seats"] == []
    assert api(key, "POST", f"{path}/deactivate")[1]["state"] == "inactive"
    status, said = api(key, "POST", "/people", json={"username": "wu", "name": ""})
    assert (status, list(said["errors"])) == (422, ["name"])
    assert api(key, "POST", "/people", data="{", content_type="application/json")[0] == 400
    assert api(key, "POST", "/people", json=["x"])[0] == 422


def test_a_tree_is_loaded_by_key(world: World, api: Api) -> None:
    key = key_of(world, "system")

    def load(data: bytes) -> tuple[int, Any]:
        fields = {"file": (BytesIO(data), "tree.csv")}
        return api(key, "POST", "/agencies/import", data=fields)

    head = "code,name,level,parent_code\n"
    done = load(f"{head}130103,新区局,county,130100\n".encode())
    assert done == (200, {"created": 1, "changed": 0, "moved": 0, "unchanged": 0})
    status, said = load(f"{head}1,a,city,77\n".encode())
    assert (status, said["errors"]) == (422, {"2": "第 2 行：找不到上级 77。"})
    assert api(key, "POST", "/agencies/import", data={"file": "words"})[0] == 422
    assert api(key, "POST", "/agencies/import")[0] == 422


def test_who_may_not_learns_nothing_of_what_would_be_wrong(world: World, api: Api) -> None:
    key = key_of(world, "province-approver")
    assert api(key, "POST", "/people", json={})[0] == 403
    assert api(key, "POST", "/agencies/import")[0] == 403
    assert api(key, "GET", "/people/1")[0] == 403
    assert api(key, "GET", "/journal?limit=x")[0] == 403
    assert api("", "POST", "/people", json={})[0] == 401


def test_the_auditor_reads_the_journal_by_key(world: World, api: Api) -> None:
    key = key_of(world, "audit")
    status, page = api(key, "GET", "/journal", query_string={"kind": "token.issued", "limit": 1})
    assert status == 200
    (entry,) = page["items"]
    assert entry["kind"] == "token.issued"
    assert key not in str(page)


def test_the_command_prints_a_key_once(app: APIFlask, world: World, api: Api) -> None:
    runner = app.test_cli_runner()

    def issue(*args: str) -> tuple[int, str]:
        done = runner.invoke(args=["tokens", "issue", *args])
        return done.exit_code, (done.stdout or done.stderr).strip()

    code, key = issue("--username", "county-clerk", "--label", "接口")
    assert code == 0
    assert api(key, "GET", "/me")[0] == 200
    code, key = issue("--username", "audit", "--label", "审计", "--days", "1")
    assert (code, api(key, "GET", "/me")[1]["role"]) == (0, "audit")
    assert issue("--username", "nobody", "--label", "x")[0] == 1
    assert issue("--username", "audit", "--label", "x" * 51)[0] == 1
    assert issue("--username", "audit", "--label", "x", "--seat", "1")[0] == 1
    assert issue("--username", "audit")[0] == 2
