"""What became of the messages that tell of a task, as whoever gave it sees it."""

from collections.abc import Callable

import pytest
from flask.testing import FlaskClient
from time_machine import Traveller

from agencies.states import Channel
from config.database import db
from notifications.channels.base import Parcel
from notifications.inputs import WishInput
from notifications.services.decisions import DECISIONS
from notifications.services.subscriptions import choose
from notifications.states import Action, Rhythm
from notifications.which import Which
from tests.agencies.test_tokens import Api, api, key_of
from tests.bulletins.papers import published, receipt_of
from tests.coordination.tasks import given
from tests.notifications.hours import MONDAY, work
from tests.notifications.providers import Told
from tests.notifications.test_told import papers
from tests.worlds import World

__all__ = ["api", "papers"]
Browsers = Callable[[int], FlaskClient]


def test_whoever_gave_a_task_sees_the_digests_that_name_it(
    papers: World, told: Told, clock: Traveller, browser_of: Browsers, api: Api
) -> None:
    task = given(papers, "province-clerk", "county", "other_county")
    other = given(papers, "province-clerk", "sibling", title="另一项任务")
    told.answers["county-clerk@changtong.example"] = Action.REFUSE
    clock.move_to(MONDAY)
    work()
    issuer = browser_of(papers.people["province-clerk"])
    path = f"/tasks/issued/{task.id}/messages"
    assert path in issuer.get(f"/tasks/issued/{task.id}").text
    page = issuer.get(path).text
    assert "county clerk" in page
    assert "county reader" not in page
    assert "changtong.example" not in page
    page = issuer.get(f"{path}?show=done").text
    assert "county reader" in page
    assert "other_county reader" in page
    assert "sibling" not in page
    assert "sibling reader" in issuer.get(f"/tasks/issued/{other.id}/messages?show=done").text
    key = key_of(papers, "province-clerk")
    answer = api(key, "GET", f"/tasks/{task.id}/messages")[1]
    assert [(one["person"], one["agency"]) for one in answer["items"]] == [
        ("county clerk", "长安区市场监督管理局")
    ]
    done = api(key, "GET", f"/tasks/{task.id}/messages?show=done&limit=100")[1]
    people = [one["person"] for one in done["items"]]
    assert len(people) == len(set(people))
    assert sum(one["count"] for one in done["counts"]) == len(people) + 1
    assert done["seconds_left"] == 0
    DECISIONS["retry"](None, Which(task_id=task.id))
    assert api(key, "GET", f"/tasks/{task.id}/messages")[1]["seconds_left"] > 0
    assert "待发送的还要" in issuer.get(path).text


def test_nobody_else_sees_them(
    papers: World, told: Told, clock: Traveller, browser_of: Browsers, api: Api
) -> None:
    task = given(papers)
    clock.move_to(MONDAY)
    work()
    for name in ("county-clerk", "city-clerk", "unrelated-clerk"):
        browser = browser_of(papers.people[name])
        assert browser.get(f"/tasks/issued/{task.id}/messages").status_code == 404
        assert api(key_of(papers, name), "GET", f"/tasks/{task.id}/messages")[0] == 404


def test_before_anything_went_out_the_page_says_when_it_will(
    papers: World, browser_of: Browsers
) -> None:
    task = given(papers)
    page = browser_of(papers.people["province-clerk"]).get(f"/tasks/issued/{task.id}/messages")
    assert "还没有发出过提到它的消息" in page.text


@pytest.fixture
def by_sms(papers: World) -> World:
    """Two counties read their digests as SMS."""
    for name in ("county-clerk", "sibling-clerk"):
        choose(papers.actor(name), Channel.SMS, WishInput(rhythm=Rhythm.WORKDAYS))
    return papers


def texts(told: Told) -> list[Parcel]:
    return [parcel for parcel in told.parcels if parcel.report_path]


def test_two_agencies_told_in_the_same_words_are_told_apart(
    by_sms: World, told: Told, clock: Traveller, api: Api
) -> None:
    task = given(by_sms, "province-clerk", "county", "sibling")
    clock.move_to(MONDAY)
    work()
    assert len({parcel.body for parcel in texts(told)}) == 1
    path = f"/tasks/{task.id}/messages?show=done&limit=100"
    answer = api(key_of(by_sms, "province-clerk"), "GET", path)[1]
    agencies = [one["agency"] for one in answer["items"] if one["channel"] == "sms"]
    assert sorted(agencies) == ["桥西区市场监督管理局", "长安区市场监督管理局"]


def test_a_report_on_one_agencys_message_proves_nothing_of_anothers(
    by_sms: World, told: Told, clock: Traveller, client: FlaskClient
) -> None:
    paper = published(by_sms)
    clock.move_to(MONDAY)
    work()
    mine = next(one for one in texts(told) if one.address == phone_of(by_sms, "county-clerk"))
    client.get(mine.report_path, query_string={"type": 1})
    db.session.rollback()
    assert receipt_of(by_sms, "county", paper).delivered_at is not None
    assert receipt_of(by_sms, "sibling", paper).delivered_at is None


def phone_of(world: World, name: str) -> str:
    return f"+861380{world.people[name]:07d}"
