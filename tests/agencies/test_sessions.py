"""Sessions are rows: a cookie copied before sign-out is dead after it."""

from collections.abc import Callable

from apiflask import APIFlask
from flask.testing import FlaskClient

from tests.worlds import World, csrf_of

Browser = Callable[[int], FlaskClient]


def test_a_cookie_copied_before_sign_out_is_dead_after_it(
    app: APIFlask, world: World, browser_of: Browser
) -> None:
    browser = browser_of(world.people["county-clerk"])
    cookie = browser.get_cookie("session")
    assert cookie is not None
    thief = app.test_client()
    thief.set_cookie("session", cookie.value)
    page = thief.get("/")
    assert page.status_code == 200
    token = csrf_of(browser.get("/").text)
    assert browser.post("/sign-out", data={"csrf_token": token}).status_code == 303
    assert thief.get("/").status_code == 302
    assert browser.get("/").status_code == 302
