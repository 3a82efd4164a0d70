"""Passwords: what is asked of them, changing one, forgetting one."""

from collections.abc import Callable

import pytest
from apiflask import APIFlask
from flask.testing import FlaskClient
from sqlalchemy import func, select

from agencies import invitations, passwords
from agencies.actors import console
from agencies.inputs import PersonInput
from agencies.models import Invitation, Person
from agencies.services import people
from agencies.services.invitations import invite
from agencies.states import Way
from config.database import db
from config.journal import Entry
from tests.agencies.browsing import send, text_of
from tests.agencies.test_sign_in import PASSWORD, attempt, set_password
from tests.worlds import World

Browser = Callable[[int], FlaskClient]
NEW = {"password": PASSWORD, "password_again": PASSWORD}


@pytest.fixture
def newcomer(world: World) -> int:
    """Somebody with addresses nobody has proven, and no password."""
    given = PersonInput(
        username="newcomer", name="新人", mail="new@example.com", phone="13800138000"
    )
    return people.create(console(), given).id


def path_of(invitation: Invitation) -> str:
    link = invitations.link(invitation)
    assert link.startswith("http://127.0.0.1:8000/invitation/")
    return link.removeprefix("http://127.0.0.1:8000")


WEAK = (
    ("short", "short", "至少要有 10 个字符"),
    ("x" * 201, "x" * 201, "不能超过 200 个字符"),
    ("password123", "password123", "太常见"),
    ("ababababab", "ababababab", "太常见"),
    ("newcomer2026", "newcomer2026", "用户名加数字"),
    (PASSWORD, "another one again", "两次输入的密码不一样"),
)


def test_weak_passwords_are_refused_and_use_nothing_up(client: FlaskClient, newcomer: int) -> None:
    path = path_of(invite(console(), newcomer, Way.SLIP))
    for password, again, fault in WEAK:
        answer = send(client, path, password=password, password_again=again)
        assert answer.status_code == 422
        assert fault in answer.text
        assert password not in answer.text
    assert send(client, path, **NEW).status_code == 303


def test_all_that_is_wrong_with_a_password_is_said_at_once(
    client: FlaskClient, newcomer: int, world: World, browser_of: Browser
) -> None:
    path = path_of(invite(console(), newcomer, Way.SLIP))
    answer = send(client, path, password="short", password_again="other")
    for fault in ("至少要有 10 个字符", "两次输入的密码不一样"):
        assert fault in answer.text
    set_password(world, "county-clerk")
    clerk = browser_of(world.people["county-clerk"])
    fields = {"current_password": "wrong", "password": "short", "password_again": "other"}
    answer = send(clerk, "/account/password", **fields)
    for fault in ("现在的密码不正确", "至少要有 10 个字符", "两次输入的密码不一样"):
        assert fault in answer.text


def test_nothing_but_length_and_rarity_is_asked(client: FlaskClient, newcomer: int) -> None:
    for good in ("四个汉字组成的一句话也行", "aaaabbbbccccd", "UPPER lower only"):
        path = path_of(invite(console(), newcomer, Way.SLIP))
        assert send(client, path, password=good, password_again=good).status_code == 303
        client.delete_cookie("session")
        assert attempt(client, "newcomer", good) == 303
        client.delete_cookie("session")


def test_changing_the_password_ends_the_other_browsers(world: World, browser_of: Browser) -> None:
    set_password(world, "county-clerk")
    here, there = (browser_of(world.people["county-clerk"]) for _ in range(2))
    fields = {"password": "another good one", "password_again": "another good one"}
    page = "/account/password"
    assert send(here, page, current_password="wrong", **fields).status_code == 422
    assert send(here, page, current_password=PASSWORD, **fields).status_code == 303
    assert here.get("/account").status_code == 200
    assert there.get("/account").status_code == 302
    for _ in range(9):
        send(here, page, current_password="wrong", **fields)
    assert send(here, page, current_password="another good one", **fields).status_code == 429


def _invited() -> int:
    query = select(func.count()).select_from(Entry).where(Entry.kind == "person.invited")
    return db.session.scalar(query) or 0


def test_forgetting_a_password_tells_nothing_and_sends_where_it_can(
    client: FlaskClient, world: World, newcomer: int
) -> None:
    before = _invited()
    answers = set()
    for name in ("county-clerk", "newcomer", "nobody", "a\0b"):
        answer = send(client, "/forgotten", username=name)
        answers.add((answer.status_code, text_of(answer)))
    assert len(answers) == 1
    assert _invited() == before + 1
    made = db.session.scalars(select(Invitation).order_by(Invitation.id.desc())).first()
    assert made is not None
    assert (made.person_id, made.way) == (world.people["county-clerk"], "mail")


def test_nobody_is_flooded_with_links(client: FlaskClient, world: World) -> None:
    for number in range(5):
        client.environ_base["REMOTE_ADDR"] = f"192.0.2.{number}"
        assert send(client, "/forgotten", username="county-clerk").status_code == 200
    assert _invited() == 3
    client.environ_base["REMOTE_ADDR"] = "192.0.2.99"
    codes = [send(client, "/forgotten", username="nobody").status_code for _ in range(11)]
    assert codes == [200] * 10 + [429]


def test_hashes_are_argon2_and_hang_on_no_secret(world: World, app: APIFlask) -> None:
    set_password(world, "county-clerk")
    kept = db.session.get_one(Person, world.people["county-clerk"]).password
    assert kept is not None
    assert kept.startswith("$argon2id$")
    app.config.update(SECRET_KEY="another", SECURITY_PASSWORD_SALT="another")
    assert passwords.matches(PASSWORD, kept)
