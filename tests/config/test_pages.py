"""Pages by key: forged marks and forged query arguments change nothing but the answer."""

import base64
import json
from collections.abc import Callable
from urllib.parse import parse_qs, urlsplit

import pytest
from apiflask import APIFlask
from flask.testing import FlaskClient
from sqlalchemy import select

from agencies.models import Agency
from config.errors import DomainError
from config.journal import Entry
from config.pages import Page, decode, keyset
from tests.worlds import World

Browser = Callable[[int], FlaskClient]


def page() -> Page[Agency]:
    return keyset(select(Agency), (Agency.id,), lambda one: (one.id,), size=2)


@pytest.mark.parametrize(
    "forged", ["endpoint=x", "_method=POST", "_external=1", "_anchor=z", "agency_id=7", "q=甲%26乙"]
)
def test_arguments_of_an_address_stay_arguments(app: APIFlask, world: World, forged: str) -> None:
    assert len(world.agencies) > 2
    with app.test_request_context(f"/agencies?{forged}"):
        address = page().older_url
    assert address is not None
    assert address.startswith("/agencies?")
    name, _, _value = forged.partition("=")
    assert set(parse_qs(urlsplit(address).query)) == {name, "after"}
    with app.test_request_context(address):
        assert page().newer_url


def test_a_page_with_forged_arguments_is_shown(world: World, browser_of: Browser) -> None:
    system = browser_of(world.people["system"])
    for forged in ("endpoint=x", "_method=POST"):
        assert system.get(f"/people?{forged}").status_code == 200


@pytest.mark.parametrize("moment", ["0001-01-01T00:00:00+23:59", "9999-12-31T23:59:59-23:59"])
def test_a_moment_that_no_zone_can_hold_is_a_wrong_mark(moment: str) -> None:
    word = base64.urlsafe_b64encode(json.dumps([moment]).encode()).decode().rstrip("=")
    with pytest.raises(DomainError):
        decode(word, (Entry.at,))
