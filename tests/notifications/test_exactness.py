"""Whatever happens in whatever order, each piece of news stands in exactly one digest of each for
whom it was meant."""

import pytest
from apiflask import APIFlask
from hypothesis import HealthCheck, settings
from hypothesis.stateful import run_state_machine_as_test as play
from time_machine import Traveller

from config.database import is_sqlite
from tests.notifications.plays import Digests

MOST = {True: (40, 30), False: (8, 20)}
"""How many plays of how many steps, on SQLite and on PostgreSQL."""


@pytest.fixture
def anybody_may_choose(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whoever has just left their seat may change their wish all the same."""
    monkeypatch.setattr("notifications.services.subscriptions.require", lambda actor, _: actor)


def test_everything_is_told_exactly_once(
    app: APIFlask, clock: Traveller, news: None, anybody_may_choose: None
) -> None:
    examples, steps = MOST[is_sqlite()]
    Digests.clock, Digests.heard = clock, 0
    play(
        Digests,
        settings=settings(
            max_examples=examples,
            stateful_step_count=steps,
            deadline=None,
            derandomize=True,
            suppress_health_check=list(HealthCheck),
        ),
    )
    assert Digests.heard > examples
