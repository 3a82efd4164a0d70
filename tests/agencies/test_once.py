"""What is shown a single time: to that browser, on that page, within minutes, and sealed before."""

from collections.abc import Callable
from datetime import timedelta

import pytest
import time_machine
from flask.testing import FlaskClient
from sqlalchemy import select

from agencies import once
from agencies.models import SignIn
from config import clock
from config.database import db
from tests.agencies.browsing import send
from tests.worlds import World

Browser = Callable[[int], FlaskClient]
PAGE = "/account/keys"


def make_key(world: World, browser: FlaskClient) -> None:
    seat_id = world.actor("county-clerk").seat_id
    assert send(browser, PAGE, label="x", seat_id=seat_id, days="1").location == PAGE


def test_it_is_sealed_while_it_waits_and_gone_once_it_was_shown(
    world: World, browser_of: Browser
) -> None:
    browser = browser_of(world.people["county-clerk"])
    make_key(world, browser)
    waiting = db.session.scalars(select(SignIn.once).where(SignIn.once != "")).one()
    assert "ct_" not in waiting
    cookie = browser.get_cookie("session")
    assert cookie
    assert ">ct_" in browser.get(PAGE).text
    browser.set_cookie("session", cookie.value)  # a copy from before
    assert ">ct_" not in browser.get(PAGE).text
    db.session.rollback()
    assert not db.session.scalars(select(SignIn.once).where(SignIn.once != "")).all()


def test_nobody_else_and_no_later_look_shows_it(world: World, browser_of: Browser) -> None:
    browser, other = (browser_of(world.people["county-clerk"]) for _number in range(2))
    make_key(world, browser)
    assert ">ct_" not in other.get(PAGE).text
    with time_machine.travel(clock.now() + once.WAITS + timedelta(seconds=1)):
        assert ">ct_" not in browser.get(PAGE).text


def test_reloading_makes_no_second_one(world: World, browser_of: Browser) -> None:
    browser = browser_of(world.people["county-clerk"])
    make_key(world, browser)
    first, again = browser.get(PAGE).text, browser.get(PAGE).text
    assert first.count("/revoke") == again.count("/revoke") == 1


@pytest.mark.parametrize("cookie", ["", "x"])
def test_who_is_not_signed_in_is_shown_nothing(client: FlaskClient, cookie: str) -> None:
    client.set_cookie("session", cookie)
    assert client.get(PAGE).status_code == 302
