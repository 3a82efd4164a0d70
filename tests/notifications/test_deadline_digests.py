"""Digests about deadlines: told as news to those alone who are told nothing but news."""

from datetime import timedelta

import pytest
from time_machine import Traveller

from agencies.states import Channel
from config import clock as now_of
from coordination import services as tasks
from notifications.inputs import WishInput
from notifications.schedule import WINDOW
from notifications.services.subscriptions import choose
from tests.coordination.tasks import given, part_of, submitted
from tests.notifications.hours import handle, texts_to, work
from tests.worlds import World


@pytest.fixture
def readers(world: World, clock: Traveller) -> World:
    """People of both sides have their digest by default."""
    handle()
    return world


def pass_days(clock: Traveller, days: int) -> None:
    """So many days, after which what there is of digests is sent."""
    clock.shift(timedelta(days=days))
    tasks.tell_deadlines()
    work(now_of.now())
    clock.shift(WINDOW)
    work(now_of.now())


def latest(world: World, who: str) -> str:
    """The text of somebody's last digest; empty where there is none."""
    return ["", *texts_to(world.people[who])][-1]


def test_at_once_a_deadline_is_news_and_else_it_stands_once_in_the_digest(
    readers: World, clock: Traveller
) -> None:
    for who in ("county-clerk", "province-clerk"):
        choose(readers.actor(who), Channel.MAIL, WishInput.model_validate({"rhythm": "at_once"}))
    given(readers, days=10)
    pass_days(clock, 0)
    assert "下达" in latest(readers, "county-clerk")
    pass_days(clock, 12)
    assert "任务临期和逾期" in latest(readers, "county-clerk")
    assert "2018-05-18 到期" in latest(readers, "county-clerk")
    daily = latest(readers, "county-reader")
    assert daily.count("燃气安全排查") == 1
    assert "临近期限和逾期的任务" in daily
    assert latest(readers, "province-clerk") == ""
    pass_days(clock, 10)
    assert "已逾期，期限 2018-05-18" in latest(readers, "county-clerk")
    assert "下级任务到期未报送" in latest(readers, "province-clerk")
    assert "1 家逾期未报送" in latest(readers, "province-clerk")
    daily = latest(readers, "province-reader")
    assert daily.count("燃气安全排查") == 1
    assert "下级逾期任务" in daily
    count = len(texts_to(readers.people["county-clerk"]))
    pass_days(clock, 3)
    assert len(texts_to(readers.people["county-clerk"])) == count == 3


def test_what_was_handed_in_before_the_digest_was_made_is_no_news(
    readers: World, clock: Traveller
) -> None:
    wish = WishInput.model_validate({"rhythm": "at_once"})
    choose(readers.actor("county-clerk"), Channel.MAIL, wish)
    task = given(readers, days=10)
    pass_days(clock, 0)
    clock.shift(timedelta(days=40))
    tasks.tell_deadlines()
    submitted(task, readers)
    assert part_of(task, readers).told == "late"
    pass_days(clock, 0)
    assert len(texts_to(readers.people["county-clerk"])) == 1
