"""A province whose people get digests of made-up news, and a provider that does as it is told."""

from collections.abc import Iterator

import pytest
import time_machine
from apiflask import APIFlask

from agencies.states import Channel
from notifications import channels
from tests.notifications import news as made_up
from tests.notifications.hours import handle
from tests.notifications.news import SECTIONS
from tests.notifications.providers import Told
from tests.notifications.systems import connected
from tests.receivers import Receiver, receiving
from tests.worlds import World

FRIDAY = "2018-05-04T01:00:00+00:00"  # nine o'clock in Shanghai


@pytest.fixture
def clock() -> Iterator[time_machine.Traveller]:
    """The time stands still on a Friday morning until a test moves it."""
    with time_machine.travel(FRIDAY, tick=False) as moved:
        yield moved


@pytest.fixture
def news(app: APIFlask) -> None:
    """Digests tell made-up news and tasks instead of what the folders give them."""
    app.extensions["sections"] = list(SECTIONS)


@pytest.fixture
def province(clock: time_machine.Traveller, news: None, world: World) -> World:
    """The small province; the time stands still."""
    return world


@pytest.fixture
def told(app: APIFlask) -> Iterator[Told]:
    """A provider for mail and SMS that does as it is told."""
    provider = Told()
    app.extensions["providers"] = dict.fromkeys(Channel, provider)
    yield provider
    channels.close()


@pytest.fixture
def enrolled(province: World) -> World:
    """Everybody has the digest that is there by default."""
    handle()
    return province


@pytest.fixture(autouse=True)
def _nothing_to_do() -> None:
    made_up.tasks.clear()
    made_up.questions.clear()


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    """Another system, on loopback."""
    with receiving() as one:
        yield one


@pytest.fixture
def allowing(app: APIFlask, clock: time_machine.Traveller) -> None:
    """The operator allows loopback."""
    settings = app.extensions["settings"]
    app.extensions["settings"] = settings.model_copy(update={"webhook_allowed": "127.0.0.0/8"})


@pytest.fixture
def county(world: World, allowing: None, receiver: Receiver) -> World:
    """The county's office system hears of everything there is."""
    connected(world, receiver)
    return world
