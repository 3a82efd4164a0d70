"""Sessions are rows: a cookie copied before sign-out is dead after it."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date, timedelta

import time_machine
from apiflask import APIFlask
from flask.testing import FlaskClient
from sqlalchemy import Engine, event, select

from agencies.actors import actor_for, console
from agencies.models import Person, SignIn
from agencies.services import absences, seats
from agencies.states import SeatKind
from config import clock
from config.database import db, writing
from tests.agencies.browsing import press, send
from tests.agencies.test_sign_in import PASSWORD, attempt, set_password
from tests.worlds import World, seat_person

Browser = Callable[[int], FlaskClient]


@contextmanager
def statements() -> Iterator[list[str]]:
    """What is sent to the database meanwhile."""
    sent: list[str] = []

    def note(_connection: object, _cursor: object, statement: str, *_rest: object) -> None:
        sent.append(statement)

    event.listen(Engine, "before_cursor_execute", note)
    try:
        yield sent
    finally:
        event.remove(Engine, "before_cursor_execute", note)


def test_a_cookie_copied_before_sign_out_is_dead_after_it(
    app: APIFlask, world: World, browser_of: Browser
) -> None:
    browser = browser_of(world.people["county-clerk"])
    cookie = browser.get_cookie("session")
    assert cookie is not None
    thief = app.test_client()
    thief.set_cookie("session", cookie.value)
    assert thief.get("/").status_code == 200
    assert send(browser, "/", "/sign-out").status_code == 303
    assert thief.get("/").status_code == 302
    thief.set_cookie("session", cookie.value)
    assert thief.get("/").status_code == 302
    assert browser.get("/").status_code == 302


def test_signing_out_ends_this_browser_alone(world: World, browser_of: Browser) -> None:
    here, there = (browser_of(world.people["county-clerk"]) for _ in range(2))
    send(here, "/", "/sign-out")
    assert there.get("/").status_code == 200


def test_signing_in_again_ends_what_was_open_in_that_browser(
    client: FlaskClient, world: World
) -> None:
    set_password(world, "county-clerk")
    assert attempt(client, "county-clerk", PASSWORD) == 303
    press(client, "/sign-in", username="county-clerk", password=PASSWORD)
    assert client.get("/account").status_code == 200
    live = select(SignIn.id).where(SignIn.ended_at.is_(None))
    assert len(db.session.scalars(live).all()) == 1


def test_a_session_ends_by_itself(world: World, browser_of: Browser) -> None:
    browser = browser_of(world.people["county-clerk"])
    with time_machine.travel(clock.now() + timedelta(days=367)):
        assert browser.get("/").status_code == 302


def test_whoever_is_deactivated_is_out_at_once(world: World, browser_of: Browser) -> None:
    for name in ("county-clerk", "system"):
        browser = browser_of(world.people[name])
        with writing():
            db.session.get_one(Person, world.people[name]).active = False
        assert browser.get("/").status_code == 302


def test_one_acts_in_the_seat_chosen_in_this_browser(world: World, browser_of: Browser) -> None:
    person_id = world.people["county-reader"]
    with writing():
        second = seat_person(person_id, world.agencies["sibling"], SeatKind.CLERK, "second").id
    here, there = browser_of(person_id), browser_of(person_id)
    assert send(here, "/", f"/seat/{second}").status_code == 303
    assert "桥西区市场监督管理局 · second" in here.get("/").text
    assert "长安区市场监督管理局 · 阅文" in there.get("/").text


def test_who_signs_in_again_goes_on_in_the_seat(client: FlaskClient, world: World) -> None:
    set_password(world, "county-reader")
    with writing():
        person_id, agency_id = world.people["county-reader"], world.agencies["sibling"]
        seat = seat_person(person_id, agency_id, SeatKind.CLERK, "second")
    there, here = "桥西区市场监督管理局 · second", "长安区市场监督管理局 · 阅文"
    attempt(client, "county-reader", PASSWORD)
    assert send(client, "/", f"/seat/{seat.id}").status_code == 303
    with writing():
        for row in db.session.scalars(select(SignIn)):
            row.expires_at = clock.now() - timedelta(minutes=1)
    attempt(client, "county-reader", PASSWORD)
    assert there in client.get("/").text
    send(client, "/", "/sign-out")
    attempt(client, "county-reader", PASSWORD)
    assert here in client.get("/").text


def test_nobody_acts_in_another_persons_seat(world: World, browser_of: Browser) -> None:
    theirs = world.actor("city-approver").seat_id
    browser = browser_of(world.people["county-reader"])
    assert send(browser, "/", f"/seat/{theirs}").status_code == 404
    assert send(browser, "/", f"/seat/{2**70}").status_code == 404


def test_a_deputy_acts_while_the_holder_is_away(world: World) -> None:
    seat_id = world.actor("county-approver").seat_id
    holder, deputy = world.people["county-approver"], world.people["city-reader"]
    assert seat_id is not None
    seats.give(console(), seat_id, "city-reader", is_deputy=True)

    def seats_of_deputy() -> set[int]:
        person = db.session.get_one(Person, deputy)
        return {seat.id for seat in actor_for(person, None).seats}

    with time_machine.travel("2026-03-02 09:00+08:00", tick=False) as now:
        assert seat_id not in seats_of_deputy()
        absences.enter(console(), holder, date(2026, 3, 3), date(2026, 3, 4))
        assert seat_id not in seats_of_deputy()
        now.shift(timedelta(days=1))
        assert seat_id in seats_of_deputy()
        now.shift(timedelta(days=1))
        assert seat_id in seats_of_deputy()
        now.shift(timedelta(days=1))
        assert seat_id not in seats_of_deputy()


def test_the_actor_of_a_page_costs_two_queries(world: World, browser_of: Browser) -> None:
    browser = browser_of(world.people["county-clerk"])
    browser.get("/help")
    with statements() as sent:
        assert browser.get("/account/password").status_code == 200
    about_actor = [one for one in sent if "sign_ins" in one or "tenures" in one]
    assert len(about_actor) == 2


def test_static_files_ask_the_database_nothing(world: World, browser_of: Browser) -> None:
    browser = browser_of(world.people["county-clerk"])
    with statements() as sent, browser.get("/static/app.css") as answer:
        assert answer.status_code == 200
    assert not [one for one in sent if not one.startswith("BEGIN")]


def test_a_forged_cookie_is_nobody(client: FlaskClient, world: World) -> None:
    for value in ("x", "eyJzaWduX2luIjoiYSJ9.aaaa.bbbb"):
        client.set_cookie("session", value)
        assert client.get("/").status_code == 302


def test_a_page_is_kept_by_no_cache(world: World, browser_of: Browser) -> None:
    browser = browser_of(world.people["county-clerk"])
    assert browser.get("/").headers["Cache-Control"] == "no-store"
    assert press(browser, "/sign-out").headers["Cache-Control"] == "no-store"
