"""People and seats: who keeps them, what ends with an account, roles that nobody can combine."""

import re
from collections.abc import Callable
from datetime import timedelta

import pytest
from apiflask import APIFlask
from flask.testing import FlaskClient
from sqlalchemy import select

from agencies import directory
from agencies.actors import console
from agencies.inputs import PersonInput, PlacementInput, TokenInput
from agencies.models import Person, Seat, SignIn, Tenure, Token
from agencies.services import people, seats, tokens
from agencies.states import AdminRole, SeatKind
from config import clock
from config.database import db, writing
from config.errors import Conflict, Forbidden
from tests.agencies.browsing import press, send, text_of
from tests.worlds import World, add_person

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


def test_an_account_is_made_with_addresses_nobody_has_proven(system: FlaskClient) -> None:
    fields = {"username": "Zhang.San", "name": " 张  三 ", "phone": "138 0013 8000"}
    answer = send(system, "/people/new", mail="", **fields)
    page = text_of(system.get(answer.location))
    assert "张 三" in page
    assert "zhang.san" in page
    assert "手机 +8613800138000 未验证" in page


def test_what_is_wrong_with_an_account_stands_at_its_field(system: FlaskClient) -> None:
    fields = {"username": "county-clerk", "name": "x" * 51, "mail": "nobody", "phone": "110"}
    answer = send(system, "/people/new", **fields)
    assert answer.status_code == 422
    for message in ("不能超过 50 个字", "已有人使用", "邮箱地址不对", "手机号不对"):
        assert message in answer.text
    for changed, message in (
        ({"name": "甲"}, "邮箱地址不对"),
        ({"name": "甲", "mail": ""}, "手机号不对"),
        ({"name": "甲", "mail": "", "phone": ""}, "已有人使用"),
        ({"name": "甲", "mail": "", "phone": "", "username": "a b"}, "用户名由"),
        ({"name": "甲\u202e", "mail": "", "phone": "", "username": "ab"}, "U+202E"),
    ):
        answer = send(system, "/people/new", **{**fields, **changed})
        assert answer.status_code == 422
        assert message in answer.text


def test_administrators_are_made_at_the_command_line_alone(world: World) -> None:
    with pytest.raises(Conflict):
        people.create(
            world.actor("system"), PersonInput(username="second", name="二"), AdminRole.AUDIT
        )
    made = people.create(console(), PersonInput(username="second", name="二"), AdminRole.AUDIT)
    assert made.is_admin


def test_whoever_leaves_leaves_nothing_open(
    world: World, system: FlaskClient, browser_of: Browser
) -> None:
    person_id = world.people["county-clerk"]
    theirs = browser_of(person_id)
    actor = world.actor("county-clerk")
    tokens.issue(actor, TokenInput(label="x", seat_id=actor.seat_id))
    assert press(system, f"/people/{person_id}/deactivate").status_code == 303
    assert theirs.get("/").status_code == 302
    assert _holder(actor.seat_id) is None
    token = db.session.scalars(select(Token).where(Token.person_id == person_id)).one()
    assert token.revoked_at is not None
    assert press(system, f"/people/{person_id}/activate").status_code == 303
    person = people.person(person_id)
    assert (person.active, directory.tenures_of([person_id])[person_id]) == (True, [])
    assert press(system, f"/people/{world.people['system']}/deactivate").status_code == 403


def test_the_security_administrator_keeps_the_doors(world: World, browser_of: Browser) -> None:
    person_id = world.people["county-clerk"]
    theirs, security = browser_of(person_id), browser_of(world.people["security"])
    page = f"/people/{person_id}"
    assert "登录于" in text_of(security.get(page))
    assert press(security, f"{page}/end-sign-ins").status_code == 303
    assert theirs.get("/").status_code == 302
    assert press(security, f"{page}/lock").status_code == 303
    assert "已锁定" in text_of(security.get(page))
    assert press(security, f"{page}/unlock").status_code == 303
    assert directory.state_of(people.person(person_id)) == "invited"
    own = f"/people/{world.people['security']}"
    assert press(security, f"{own}/lock").status_code == 403
    for action in ("deactivate", "name", "seats"):
        assert press(security, f"{page}/{action}", name="x").status_code == 403
    live = select(SignIn.id).where(SignIn.person_id == person_id, SignIn.ended_at.is_(None))
    assert db.session.scalars(live).all() == []


def test_a_locked_persons_keys_open_nothing(world: World, client: FlaskClient) -> None:
    clerk = world.actor("county-clerk")
    secret = tokens.issue(clerk, TokenInput(label="x", seat_id=clerk.seat_id))

    def status() -> int:
        return client.get("/api/v1/me", headers={"Authorization": f"Bearer {secret}"}).status_code

    assert status() == 200
    people.lock(world.actor("security"), world.people["county-clerk"])
    assert status() == 401
    people.unlock(world.actor("security"), world.people["county-clerk"])
    with writing():  # as after guesses at the password, which stop no program
        people.person(clerk.person_id).locked_until = clock.now() + timedelta(minutes=5)
    assert status() == 200


def test_what_another_did_at_the_same_moment_is_a_conflict(
    world: World, system: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    def met(*_given: object) -> None:
        with writing():
            add_person("county-clerk", "the same again")

    monkeypatch.setattr(people, "rename", met)
    person_id = world.people["county-clerk"]
    assert press(system, f"/people/{person_id}/name", name="新名字").status_code == 409


def test_the_system_administrator_keeps_out_of_the_doors(world: World, system: FlaskClient) -> None:
    page = f"/people/{world.people['county-clerk']}"
    for action in ("lock", "unlock", "end-sign-ins"):
        assert press(system, f"{page}/{action}").status_code == 403
    assert press(system, f"{page}/name", name="新名字").status_code == 303
    assert press(system, f"{page}/name", name="").status_code == 422


def test_no_administrator_comes_by_anothers_role(world: World, browser_of: Browser) -> None:
    joined = world.people["audit"]
    with writing():
        db.session.get_one(Person, joined).password = "a hash"
        fresh = add_person("second-security", "new", role=AdminRole.SECURITY).id
    system, security = (browser_of(world.people[name]) for name in ("system", "security"))
    for person_id in (joined, fresh):
        page = f"/people/{person_id}"
        assert press(system, f"{page}/deactivate").status_code == 403
        for action in ("lock", "unlock"):
            assert press(security, f"{page}/{action}").status_code == 403
        for browser in (system, security):
            assert press(browser, f"{page}/invite", way="slip").status_code == 403
            assert f"{page}/invite" not in browser.get(page).text


def test_administrators_are_kept_at_the_command_line(app: APIFlask, world: World) -> None:
    person_id = world.people["audit"]
    for state, seen in (
        ("locked", "locked"),
        ("unlocked", "invited"),
        ("inactive", "inactive"),
        ("active", "invited"),
    ):
        done = app.test_cli_runner().invoke(
            args=["people", "set", "--username", "audit", "--state", state]
        )
        assert done.exit_code == 0, done.output
        db.session.rollback()
        assert directory.state_of(people.person(person_id)) == seen


def test_people_are_found_page_by_page(
    world: World, system: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    wanted = sorted(name for name in world.people if "clerk" in name)
    monkeypatch.setattr(directory, "PEOPLE", 3)
    seen: list[str] = []
    address: str | None = "/people?q=clerk"
    while address:
        page = system.get(address).text
        seen += re.findall(r'data-label="用户名">([^<]+)<', page)
        following = re.search(r'rel="next" href="([^"]+)"', page)
        address = following[1].replace("&amp;", "&") if following else None
    assert seen == wanted
    assert system.get("/people?q=%00").status_code == 200
    for nothing in ("%25", "_lerk", "%F0%9F%98%80"):
        assert "没有符合条件" in system.get(f"/people?q={nothing}").text
    assert system.get("/people?after=rubbish").status_code == 400
    admins = text_of(system.get("/people?state=admin"))
    assert "admin audit" in admins
    assert "county" not in admins


def test_services_refuse_whom_pages_refuse(world: World) -> None:
    clerk = world.actor("province-approver")
    seat_id = clerk.seat_id
    assert seat_id is not None
    for call in (
        lambda: people.create(clerk, PersonInput(username="xx", name="x")),
        lambda: people.deactivate(clerk, world.people["county-clerk"]),
        lambda: people.lock(clerk, world.people["county-clerk"]),
        lambda: seats.give(clerk, seat_id, "county-clerk"),
        lambda: seats.end(clerk, seat_id),
        lambda: seats.place(
            clerk, clerk.person_id, PlacementInput(agency="130000", kind=SeatKind.DUTY)
        ),
    ):
        with pytest.raises(Forbidden):
            call()
    assert db.session.scalar(select(Seat.ended_at).where(Seat.id == seat_id)) is None
