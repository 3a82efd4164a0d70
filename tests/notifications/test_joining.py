"""Asking for an agency's digests by oneself, by the link that its administrator gave away."""

import re
from collections.abc import Callable
from datetime import timedelta

import pytest
from apiflask import APIFlask
from flask.testing import FlaskClient
from sqlalchemy import select, update
from time_machine import Traveller

from agencies.models import Agency
from config import clock as now_of
from config.database import db, writing
from config.errors import Forbidden
from config.journal import Entry
from notifications.links import join_url
from notifications.models import Recipient
from notifications.services.joining import make, withdraw
from tests.agencies.browsing import send
from tests.agencies.test_tokens import Api, api, key_of
from tests.notifications import news
from tests.notifications.hours import MONDAY, work
from tests.notifications.outsiders import question
from tests.notifications.providers import Told
from tests.notifications.test_outside import outsider
from tests.worlds import World, csrf_of

__all__ = ["api"]
Browsers = Callable[[int], FlaskClient]
MAIL = "li@else.example"


def link(world: World, code: str = "130102") -> str:
    """The path of a new link for the agency of that code."""
    return join_url(make(world.actor("system"), code).id).partition(":8000")[2]


@pytest.fixture
def path(enrolled: World) -> str:
    """The county's link."""
    return link(enrolled)


def ask(client: FlaskClient, path: str, **given: str) -> tuple[int, str]:
    """Fill in the form; gives the status and the page."""
    token = csrf_of(client.get(path).text)
    sent = {"csrf_token": token, "name": "李四", "mail": MAIL}
    answer = client.post(path, data={**sent, **given})
    return answer.status_code, answer.text


def outsiders() -> list[Recipient]:
    db.session.rollback()
    return list(db.session.scalars(select(Recipient).where(Recipient.person_id.is_(None))))


def test_whoever_has_the_link_is_asked_and_only_then_gets_digests(
    enrolled: World, told: Told, clock: Traveller, client: FlaskClient, path: str
) -> None:
    status, page = ask(client, path)
    assert (status, "请查收邮件" in page) == (200, True)
    work()
    assert [one.address for one in told.parcels].count(MAIL) == 1
    told.parcels.clear()
    news.tell(enrolled.agencies["county"])
    clock.move_to(MONDAY)
    work()
    assert MAIL not in {one.address for one in told.parcels}
    [recipient] = outsiders()
    asked = question(recipient)
    assert (
        client.post(asked, data={"csrf_token": csrf_of(client.get(asked).text)}).status_code == 200
    )
    news.tell(enrolled.agencies["county"])
    clock.shift(timedelta(days=1))
    work()
    assert [one.address for one in told.parcels].count(MAIL) == 1
    [entry] = db.session.scalars(select(Entry).where(Entry.kind == "recipient.joined"))
    assert (entry.person_id, entry.agency_id) == (None, enrolled.agencies["county"])
    assert MAIL not in entry.body


@pytest.mark.parametrize("state", ["nobody's", "asked", "confirmed"])
def test_nothing_tells_whether_an_address_is_known(
    enrolled: World, told: Told, client: FlaskClient, path: str, state: str
) -> None:
    if state == "asked":
        ask(client, path)
    elif state == "confirmed":
        outsider(enrolled, mail=MAIL)
    mail = MAIL if state == "nobody's" else MAIL.upper()
    status, page = ask(client, path, name="王五", mail=mail)
    assert (status, "请查收邮件" in page) == (200, True)
    of_other = ask(client, path, mail="other@else.example")[1]
    assert page.replace(mail, "") == of_other.replace("other@else.example", "")
    work()
    assert [one.address.lower() for one in told.parcels].count(MAIL) == (state != "confirmed")
    assert len(outsiders()) == 2


@pytest.mark.parametrize(
    "given", [{"mail": "nobody"}, {"mail": "a@b\r\nBcc: c@d.example"}, {"mail": ""}, {"name": " "}]
)
def test_what_is_no_address_is_said_and_kept(
    enrolled: World, client: FlaskClient, path: str, given: dict[str, str]
) -> None:
    status, page = ask(client, path, **given)
    assert status == 422
    assert "还不能提交" in page
    assert outsiders() == []


def test_a_page_open_for_too_long_comes_back_with_what_was_typed(
    enrolled: World, client: FlaskClient, path: str
) -> None:
    answer = client.post(path, data={"csrf_token": "old", "name": "李四", "mail": MAIL})
    assert (answer.status_code, "打开得太久" in answer.text) == (400, True)
    assert ("李四" in answer.text, MAIL in answer.text) == (True, True)
    assert "登录已过期" not in answer.text
    assert outsiders() == []
    sent = {"csrf_token": csrf_of(answer.text), "name": "李四", "mail": MAIL}
    assert client.post(path, data=sent).status_code == 200
    assert client.post("/join/x").status_code == 404


def test_the_link_is_good_for_a_month_for_its_agency_and_not_to_be_altered(
    enrolled: World, client: FlaskClient, clock: Traveller, path: str
) -> None:
    for altered in (path[:-1], path.replace("/join/link-", "/join/link-1"), "/join/x", "/join/1.x"):
        assert client.get(altered).status_code == 404
    clock.shift(timedelta(days=29))
    sent = {"csrf_token": csrf_of(client.get(path).text), "name": "李四", "mail": MAIL}
    clock.shift(timedelta(days=2))
    page = client.get(path)
    assert (page.status_code, "这个登记链接已过期" in page.text) == (404, True)
    assert client.post(path, data=sent).status_code == 404
    assert outsiders() == []


def test_an_agency_that_is_no_more_offers_nothing(
    enrolled: World, client: FlaskClient, path: str
) -> None:
    ended = update(Agency).where(Agency.id == enrolled.agencies["county"])
    with writing():
        db.session.execute(ended.values(ended_on=now_of.now().date()))
    assert client.get(path).status_code == 404


def test_ten_an_hour_come_from_a_network_address(
    enrolled: World, client: FlaskClient, clock: Traveller, path: str
) -> None:
    for number in range(10):
        assert ask(client, path, mail=f"a{number}@else.example")[0] == 200
    status, page = ask(client, path, mail="last@else.example")
    assert (status, "last@else.example" in page, "请过一小时" in page) == (429, True, True)
    assert len(outsiders()) == 10
    clock.shift(timedelta(hours=1, seconds=1))
    assert ask(client, path, mail="last@else.example")[0] == 200


def test_an_address_is_asked_three_times_a_day_however_many_agencies(
    app: APIFlask, enrolled: World, client: FlaskClient
) -> None:
    for code in ("130102", "130104", "130100", "130200"):
        assert ask(client, link(enrolled, code))[0] == 200
    assert len(outsiders()) == 3


def test_the_administrator_gives_links_away_and_withdraws_them(
    enrolled: World, client: FlaskClient, browser_of: Browsers
) -> None:
    system = browser_of(enrolled.people["system"])
    assert "登记链接" in system.get("/recipients").text
    made = send(system, "/recipients/links", agency="130102")
    assert made.status_code == 303
    send(system, "/recipients/links", agency="130104")
    page = system.get("/recipients/links").text
    other, found = re.findall(r"http://127\.0\.0\.1:8000(/join/\S+?)<", page)
    assert "长安区市场监督管理局" in client.get(found).text
    assert ask(client, found)[0] == 200
    page = system.get("/recipients/links").text
    assert re.findall(r">(\d) 人<", page) == ["0", "1"]
    [_newer, withdrawing] = re.findall(r'action="(/recipients/links/\d+/withdraw)"', page)
    token = csrf_of(client.get(found).text)
    assert system.post(withdrawing, data={"csrf_token": csrf_of(page)}).status_code == 303
    said = client.get(found)
    assert (said.status_code, "已被收回" in said.text) == (404, True)
    sent = {"csrf_token": token, "name": "王五", "mail": "wang@else.example"}
    assert client.post(found, data=sent).status_code == 404
    assert len(outsiders()) == 1
    assert client.get(other).status_code == 200
    page = system.get("/recipients/links").text
    assert found not in page
    assert "2018-05-04 收回" in page
    mine = select(Entry.kind).where(Entry.subject_kind == "join_link").order_by(Entry.id)
    kinds = list(db.session.scalars(mine))
    assert kinds == ["join_link.made", "join_link.made", "join_link.withdrawn"]
    wrong = send(system, "/recipients/links", agency="没有这个局")
    assert (wrong.status_code, "没有这个机构" in wrong.text) == (422, True)
    assert "没有这个局" in wrong.text
    clerk = browser_of(enrolled.people["county-clerk"])
    assert clerk.get("/recipients/links").status_code == 403


def test_a_program_gives_links_away_and_withdraws_them(
    enrolled: World, client: FlaskClient, api: Api
) -> None:
    key = key_of(enrolled, "system")
    status, said = api(key, "POST", "/recipients/links", json={"agency": "130102"})
    assert (status, said["agency"]) == (201, "长安区市场监督管理局")
    path = said["url"].partition(":8000")[2]
    assert client.get(path).status_code == 200
    for _twice in range(2):
        withdrawing = f"/recipients/links/{said['id']}/withdraw"
        assert api(key, "POST", withdrawing)[0] == 204
    [listed] = api(key, "GET", "/recipients/links")[1]["items"]
    assert listed["withdrawn_at"] is not None
    assert client.get(path).status_code == 404
    assert api(key, "POST", "/recipients/links", json={"agency": "x"})[0] == 422
    assert api(key, "POST", "/recipients/links/999/withdraw")[0] == 404


def test_nobody_else_makes_such_a_link(enrolled: World) -> None:
    for name in ("county-clerk", "security"):
        with pytest.raises(Forbidden):
            make(enrolled.actor(name), "130102")
        with pytest.raises(Forbidden):
            withdraw(enrolled.actor(name), 1)


def test_a_hundred_a_day_come_by_the_links_of_an_agency(
    enrolled: World, client: FlaskClient, path: str
) -> None:
    token = csrf_of(client.get(path).text)
    statuses = []
    for number in range(101):
        sent = {"csrf_token": token, "name": "李四", "mail": f"a{number}@else.example"}
        away = {"REMOTE_ADDR": f"192.0.2.{number}"}
        statuses.append(client.post(path, data=sent, environ_base=away).status_code)
    assert statuses == [200] * 100 + [429]
    assert len(outsiders()) == 100
