"""Signing in: one answer for every failure, growing locks, no way out to other sites."""

from datetime import timedelta

import pytest
import time_machine
from apiflask import APIFlask
from flask.testing import FlaskClient
from sqlalchemy import select

from agencies import passwords
from agencies.models import Person
from agencies.states import lock_minutes
from config.database import db, writing
from config.journal import Entry
from tests.agencies.browsing import send, text_of
from tests.worlds import World

PASSWORD = "tiger lake copper"
WRONG = "用户名或密码不正确"


@pytest.fixture
def clerk(world: World) -> str:
    """The user name of somebody who has a password."""
    set_password(world, "county-clerk")
    return "county-clerk"


def set_password(world: World, name: str, password: str = PASSWORD) -> None:
    person = db.session.get_one(Person, world.people[name])
    kept = passwords.hashed(password, person)
    with writing():
        db.session.get_one(Person, world.people[name]).password = kept


def attempt(browser: FlaskClient, username: str, password: str) -> int:
    return send(browser, "/sign-in", username=username, password=password).status_code


def test_the_right_password_signs_in(client: FlaskClient, clerk: str) -> None:
    assert client.get("/").status_code == 302
    assert attempt(client, f" {clerk.upper()} ", PASSWORD) == 303
    assert "county clerk" in client.get("/").text


def test_every_failure_gets_the_same_answer(
    app: APIFlask, client: FlaskClient, world: World, clerk: str
) -> None:
    with writing():
        gone = db.session.get_one(Person, world.people["county-reader"])
        gone.active = False
    set_password(world, "county-reader")
    set_password(world, "county-duty")
    for _ in range(5):
        attempt(client, "county-duty", "wrong wrong wrong")
    answers = {
        text_of(send(client, "/sign-in", username=name, password=word)).replace(name, "")
        for name, word in (
            (clerk, "wrong wrong wrong"),
            ("nobody-here", PASSWORD),
            ("county-reader", PASSWORD),  # inactive
            ("county-duty", PASSWORD),  # locked
            ("county-approver", PASSWORD),  # has none yet
            ("a\0b", PASSWORD),
            ("\u202ereader", PASSWORD),
        )
    }
    assert len(answers) == 1
    assert WRONG in answers.pop()


def test_unknown_names_take_the_time_of_a_hash_too(
    client: FlaskClient, world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    hashed: list[str] = []
    monkeypatch.setattr(passwords, "hash_password", hashed.append)
    attempt(client, "nobody-here", PASSWORD)
    assert hashed == [PASSWORD]


def test_the_lock_grows_and_ends(client: FlaskClient, clerk: str) -> None:
    with time_machine.travel("2026-03-02 09:00+08:00", tick=False) as clock:
        for _ in range(2):
            for _ in range(4):
                attempt(client, clerk, "wrong")
            assert attempt(client, clerk, PASSWORD) == 303  # four are free, and forgotten by it
            client.delete_cookie("session")
        for _ in range(5):
            attempt(client, clerk, "wrong")
        assert attempt(client, clerk, PASSWORD) == 422
        clock.shift(timedelta(minutes=5, seconds=1))
        assert attempt(client, clerk, "wrong") == 422
        clock.shift(timedelta(minutes=9))
        assert attempt(client, clerk, PASSWORD) == 422  # the second lock takes ten minutes
        clock.shift(timedelta(minutes=1, seconds=1))
        assert attempt(client, clerk, PASSWORD) == 303


def test_locks_double_up_to_an_hour() -> None:
    assert [lock_minutes(count) for count in range(4, 12)] == [0, 5, 10, 20, 40, 60, 60, 60]
    assert lock_minutes(10_000) == 60


def test_an_address_that_fails_too_often_is_slowed_down(
    app: APIFlask, client: FlaskClient, clerk: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(passwords, "matches", lambda typed, kept: typed == PASSWORD)
    here, elsewhere = {"REMOTE_ADDR": "192.0.2.7"}, {"REMOTE_ADDR": "192.0.2.8"}
    client.environ_base.update(here)
    for number in range(60):
        attempt(client, f"guess{number}", "wrong")
    assert attempt(client, clerk, PASSWORD) == 429
    client.environ_base.update(elsewhere)
    assert attempt(client, clerk, PASSWORD) == 303


ELSEWHERE = (
    "//evil.example",
    "/\\evil.example",
    "https:evil.example",
    "https://evil.example",
    "/a\tb",
    "javascript:alert(1)",
)


def test_nobody_is_led_to_another_site(client: FlaskClient, clerk: str) -> None:
    for target in ELSEWHERE:
        page = client.get("/sign-in", query_string={"next": target})
        assert 'name="next"' not in page.text
        answer = send(client, "/sign-in", username=clerk, password=PASSWORD, next=target)
        assert (answer.status_code, answer.location) == (303, "/")
        client.delete_cookie("session")


def test_one_goes_on_to_the_page_one_wanted(client: FlaskClient, clerk: str) -> None:
    asked = client.get("/agencies?at=3")
    assert asked.location == "/sign-in?next=/agencies?at%3D3"
    assert 'value="/agencies?at=3"' in client.get(asked.location).text
    fields = {"username": clerk, "password": PASSWORD, "next": "/agencies?at=3"}
    assert send(client, asked.location, "/sign-in", **fields).location == "/agencies?at=3"
    assert client.get("/sign-in?next=/help").location == "/help"


def test_the_journal_knows_sign_ins_and_locks_but_no_names(client: FlaskClient, clerk: str) -> None:
    attempt(client, clerk, PASSWORD)
    send(client, "/account", "/sign-out")
    for _ in range(5):
        attempt(client, clerk, "wrong")
    entries = db.session.scalars(
        select(Entry).where(Entry.subject_kind == "person").order_by(Entry.id)
    ).all()
    kinds = [entry.kind for entry in entries]
    assert kinds == ["person.signed_in", "person.signed_out", "person.locked"]
    own = entries[0].subject_id
    assert [entry.person_id for entry in entries] == [own, own, None]
    assert not any(clerk in entry.body or "127.0.0.1" in entry.body for entry in entries)
