"""When a way out counts as failing: measured over some minutes, never by one error."""

from collections.abc import Sequence
from datetime import timedelta

import pytest
from time_machine import Traveller

from config.database import writing
from notifications.services import health
from notifications.services.health import Tally
from tests.worlds import World

Calls = Sequence[tuple[int, int, int]]
"""Seconds to wait before it, how many were tried, how many of them failed."""


def judged(clock: Traveller, calls: Calls) -> bool:
    """Whether a way out is left after these calls."""
    failing = False
    for pause, attempts, failures in calls:
        clock.shift(timedelta(seconds=pause))
        with writing():
            health.count("aliyun", Tally(attempts, failures))
            failing = health.judge("aliyun", "no answer")
    return failing


@pytest.mark.parametrize(
    "calls",
    [
        pytest.param([(0, 1, 1)], id="one error"),
        pytest.param([(0, 1, 1), (20, 1, 1)], id="two errors"),
        pytest.param([(0, 50, 50)], id="many at one moment"),
        pytest.param([(0, 20, 1), (20, 20, 2), (20, 20, 3)], id="a few of many"),
        pytest.param([(0, 2, 2), (400, 1, 1)], id="long ago"),
    ],
)
def test_it_is_not_left(world: World, clock: Traveller, calls: Calls) -> None:
    assert not judged(clock, calls)
    assert health.troubles() == {}


@pytest.mark.parametrize(
    "calls",
    [
        pytest.param([(0, 1, 1), (20, 1, 1), (20, 1, 1)], id="three errors at three moments"),
        pytest.param([(0, 10, 5), (60, 10, 5)], id="every other"),
        pytest.param([(0, 2, 2), (200, 1, 1)], id="within five minutes"),
    ],
)
def test_it_is_left(world: World, clock: Traveller, calls: Calls) -> None:
    assert judged(clock, calls)
    assert list(health.troubles()) == ["aliyun"]


def test_one_worker_alone_tries_it_once_a_minute(world: World, clock: Traveller) -> None:
    judged(clock, [(0, 2, 2), (20, 2, 2)])
    with writing():
        assert not health.take_probe("aliyun")
        clock.shift(timedelta(seconds=61))
        assert health.take_probe("aliyun")
        assert not health.take_probe("aliyun")


def test_what_it_failed_before_it_recovered_counts_no_more(world: World, clock: Traveller) -> None:
    judged(clock, [(0, 2, 2), (20, 2, 2)])
    with writing():
        assert health.recovered("aliyun")
        assert not health.recovered("aliyun")
    assert not judged(clock, [(20, 1, 1), (20, 1, 1)])
