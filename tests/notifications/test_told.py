"""What became of a paper's messages, as its issuer and those who passed it on see it."""

from collections.abc import Callable

import pytest
from flask.testing import FlaskClient
from sqlalchemy import event
from time_machine import Traveller

from bulletins.states import Urgency
from config.database import db
from notifications.services.returns import take
from notifications.states import Action
from tests.agencies.test_tokens import Api, api, key_of
from tests.bulletins.papers import published
from tests.notifications.hours import MONDAY, deliveries, handle, work
from tests.notifications.providers import Told
from tests.notifications.reports import report
from tests.notifications.test_outside import outsider
from tests.notifications.test_secrets import ask_for_code_numbered
from tests.worlds import World

__all__ = ["api"]
Browsers = Callable[[int], FlaskClient]


@pytest.fixture
def papers(clock: Traveller, world: World) -> World:
    """Everybody has the digest that is there by default, with what papers give it."""
    handle()
    return world


def test_the_issuer_sees_what_became_of_an_urgent_paper(
    papers: World, told: Told, browser_of: Browsers, api: Api
) -> None:
    paper = published(papers, urgency=Urgency.URGENT)
    told.answers["county-clerk@changtong.example"] = Action.REFUSE
    work()
    issuer = browser_of(papers.people["province-clerk"])
    page = issuer.get(f"/bulletins/{paper.id}/messages").text
    assert "长安区市场监督管理局" in page
    assert "county clerk" in page
    assert "county reader" not in page
    assert "changtong.example" not in page
    assert "county reader" in issuer.get(f"/bulletins/{paper.id}/messages?show=done").text
    assert f"/bulletins/{paper.id}/messages" in issuer.get(f"/bulletins/{paper.id}").text
    key = key_of(papers, "province-clerk")
    answer = api(key, "GET", f"/bulletins/{paper.id}/messages")[1]
    assert [one["person"] for one in answer["items"]] == ["county clerk"]
    assert sum(one["count"] for one in answer["counts"]) == len(deliveries())


def test_a_digest_that_names_the_paper_is_told_of(
    papers: World, told: Told, clock: Traveller, api: Api
) -> None:
    paper, other = published(papers), published(papers)
    clock.move_to(MONDAY)
    work()
    key = key_of(papers, "province-clerk")
    for one in (paper, other):
        answer = api(key, "GET", f"/bulletins/{one.id}/messages?show=done&limit=100")[1]
        people = [row["person"] for row in answer["items"]]
        assert "county reader" in people
        assert "unrelated reader" not in people
        assert len(people) == len(set(people))
        assert {row["kind"] for row in answer["items"]} == {"digest"}


def test_others_see_nothing_or_what_is_below_them(
    papers: World, told: Told, browser_of: Browsers
) -> None:
    paper = published(papers, urgency=Urgency.URGENT)
    work()
    path = f"/bulletins/{paper.id}/messages?show=done"
    assert browser_of(papers.people["unrelated-clerk"]).get(path).status_code == 404
    page = browser_of(papers.people["city-clerk"]).get(path)
    assert page.status_code == 200
    assert "county reader" in page.text
    assert "other_county reader" not in page.text


def test_whoever_relays_sees_the_digests_of_those_below_alone(
    papers: World, told: Told, clock: Traveller, browser_of: Browsers
) -> None:
    paper = published(papers)
    clock.move_to(MONDAY)
    work()
    path = f"/bulletins/{paper.id}/messages?show=done"
    page = browser_of(papers.people["city-clerk"]).get(path).text
    assert "county reader" in page
    assert "other_county reader" not in page
    assert "other_county reader" in browser_of(papers.people["province-clerk"]).get(path).text


def test_a_code_is_no_message_about_the_paper_of_the_same_number(
    papers: World, told: Told, browser_of: Browsers
) -> None:
    paper = published(papers)
    contact = ask_for_code_numbered(papers, paper.id)
    work()
    assert [one.address for one in told.parcels] == [contact.address]
    issuer = browser_of(papers.people["province-clerk"])
    for show in ("done", "trouble"):
        assert "验证码" not in issuer.get(f"/bulletins/{paper.id}/messages?show={show}").text


def test_whoever_is_outside_is_not_named(papers: World, told: Told, browser_of: Browsers) -> None:
    outsider(papers)
    paper = published(papers, urgency=Urgency.URGENT)
    work()
    page = browser_of(papers.people["province-clerk"]).get(
        f"/bulletins/{paper.id}/messages?show=done"
    )
    assert "外部收件人" in page.text
    assert "李四" not in page.text


def test_whoever_is_outside_is_not_named_where_their_address_is_gone_either(
    papers: World, told: Told, browser_of: Browsers, api: Api
) -> None:
    outsider(papers)
    published(papers, urgency=Urgency.URGENT)
    work()
    [theirs] = [one for one in deliveries() if one.address == "li@else.example"]
    take(report(theirs.ref, address=theirs.address))
    page = browser_of(papers.people["province-clerk"]).get("/lost-readers").text
    assert '<td class="main">外部收件人</td>' in page
    assert "李四" not in page
    [item] = api(key_of(papers, "province-clerk"), "GET", "/lost-readers")[1]["items"]
    assert (item["name"], item["agency"]) == ("", "长安区市场监督管理局")
    assert "被退回" in browser_of(papers.people["system"]).get("/recipients").text


def test_the_page_asks_as_often_for_many_as_for_few(
    papers: World, told: Told, clock: Traveller, browser_of: Browsers
) -> None:
    issuer = browser_of(papers.people["province-clerk"])
    paper = published(papers, urgency=Urgency.URGENT)
    path = f"/bulletins/{paper.id}/messages?show=done"

    def questions() -> int:
        count = 0

        def note(*_given: object) -> None:
            nonlocal count
            count += 1

        issuer.get(path)  # what is read once in a process
        event.listen(db.engine, "before_cursor_execute", note)
        issuer.get(path)
        event.remove(db.engine, "before_cursor_execute", note)
        return count

    before = questions()
    work()
    clock.move_to(MONDAY)
    work()
    assert questions() <= before + 1 <= 20
