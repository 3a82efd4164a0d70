"""Browsers of both sides."""

from collections.abc import Callable

import pytest
from flask.testing import FlaskClient

from tests.worlds import World


@pytest.fixture
def province(world: World, browser_of: Callable[[int], FlaskClient]) -> FlaskClient:
    return browser_of(world.people["province-clerk"])


@pytest.fixture
def county(world: World, browser_of: Callable[[int], FlaskClient]) -> FlaskClient:
    return browser_of(world.people["county-clerk"])
