"""The pace of a provider: kept over all queues, urgent first, no burst after a rest."""

import pytest
from apiflask import APIFlask

from agencies.states import Channel
from notifications import rates
from notifications.services.handing_out import pump
from notifications.states import State
from tests.notifications.hours import deliveries
from tests.notifications.post import posted
from tests.notifications.providers import Told
from tests.worlds import World


class Stopwatch:
    """A clock for the pace that a test moves."""

    def __init__(self) -> None:
        self.now = 1000.0

    def monotonic(self) -> float:
        return self.now


@pytest.fixture
def watch(app: APIFlask, monkeypatch: pytest.MonkeyPatch) -> Stopwatch:
    made = Stopwatch()
    monkeypatch.setattr(rates, "time", made)
    app.extensions["rates"] = {Channel.MAIL: rates.Rate(5, at=made.now)}
    return made


def sent() -> list[bool]:
    return [one.urgent for one in deliveries() if one.state == State.SENT]


def test_no_more_go_out_than_the_pace_allows_and_urgent_ones_first(
    province: World, told: Told, watch: Stopwatch
) -> None:
    people = sorted(province.people.values())
    posted(people[:12])
    pump()
    assert len(sent()) == 1
    posted(people[:2], urgent=True)
    watch.now += 0.9
    pump()
    assert sent().count(True) == 2
    assert len(sent()) == 5
    watch.now += 3600
    pump()
    assert len(sent()) == 10


def test_without_a_pace_all_go_out(province: World, told: Told) -> None:
    posted(sorted(province.people.values())[:12])
    pump()
    assert len(sent()) == 12
