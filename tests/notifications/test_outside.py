"""Recipients from outside: an address, an agency, and no account."""

import re
import threading
from collections.abc import Callable
from datetime import timedelta
from email import message_from_bytes, policy

import pytest
from apiflask import APIFlask
from flask.testing import FlaskClient
from sqlalchemy import select
from time_machine import Traveller

from agencies.models import Agency
from agencies.states import Channel
from bulletins import services as bulletins
from bulletins.states import Urgency, Waiting
from config import journal
from config.database import db, writing
from config.errors import Invalid
from notifications.inputs import OutsideInput
from notifications.links import unsubscribe_url
from notifications.models import Delivery, Message, Recipient, Subscription
from notifications.services import outside
from notifications.services.erasing import erase_left
from notifications.states import Kind
from tests.bulletins.papers import published
from tests.notifications import news
from tests.notifications.hours import MONDAY, work
from tests.notifications.outsiders import joined, question
from tests.notifications.providers import Told
from tests.worlds import World, csrf_of

Browsers = Callable[[int], FlaskClient]


def outsider(world: World, **given: object) -> Recipient:
    data = {
        "name": "李四",
        "agency": "长安区市场监督管理局",
        "mail": "li@else.example",
        "rhythm": "workdays",
        "urgent_at_once": True,
    }
    return joined(world, {**data, **given})


def test_somebody_from_outside_gets_the_digests_of_an_agency(
    enrolled: World, told: Told, clock: Traveller
) -> None:
    news.tell(enrolled.agencies["county"])
    outsider(enrolled, phone="13800138000")
    later = news.tell(enrolled.agencies["county"])
    clock.move_to(MONDAY)
    work()
    theirs = [one for one in told.parcels if one.address in ("li@else.example", "+8613800138000")]
    assert len(theirs) == 2
    assert any(f"news-{later}." in one.body.decode() for one in theirs)


def test_they_hear_of_an_urgent_paper_but_not_of_what_others_must_do(
    enrolled: World, told: Told
) -> None:
    outsider(enrolled)
    paper = published(enrolled, urgency=Urgency.URGENT)
    work()
    bulletins.remind(enrolled.actor("province-clerk"), paper.id, Waiting.UNACKNOWLEDGED)
    work()
    kinds = select(Message.kind).join(Delivery, Delivery.message_id == Message.id)
    theirs = db.session.scalars(kinds.where(Delivery.address == "li@else.example"))
    assert list(theirs) == [Kind.URGENT]


def test_once_ended_nothing_more_comes(enrolled: World, told: Told, clock: Traveller) -> None:
    recipient = outsider(enrolled)
    outside.end(enrolled.actor("system"), recipient.id)
    news.tell(enrolled.agencies["county"])
    clock.move_to(MONDAY)
    work()
    assert "li@else.example" not in {parcel.address for parcel in told.parcels}


def test_everything_that_is_wrong_with_an_outsider_is_said_at_once(
    enrolled: World, browser_of: Browsers
) -> None:
    browser = browser_of(enrolled.people["system"])
    token = csrf_of(browser.get("/recipients/new").text)
    sent = {"csrf_token": token, "agency": "130102", "rhythm": "workdays", "phone": "123"}
    wrong = browser.post("/recipients/new", data={**sent, "mail": "keine"})
    assert wrong.status_code == 422
    for message in ("请填写此项", "手机号不对", "邮箱地址不对"):
        assert message in wrong.text
    half = browser.post("/recipients/new", data={**sent, "name": "李四"})
    assert "手机号不对" in half.text
    assert "f-mail-error" not in half.text
    assert db.session.scalars(select(Recipient).where(Recipient.person_id.is_(None))).all() == []


def test_an_outsider_of_no_known_agency_is_refused(enrolled: World) -> None:
    with pytest.raises(Invalid) as refused:
        outsider(enrolled, agency="没有的局")
    assert set(refused.value.errors) == {"agency"}
    assert db.session.scalars(select(Recipient).where(Recipient.person_id.is_(None))).all() == []


def test_the_page_adds_lists_and_ends(enrolled: World, browser_of: Browsers) -> None:
    browser = browser_of(enrolled.people["system"])
    token = csrf_of(browser.get("/recipients/new").text)
    wrong = browser.post("/recipients/new", data={"csrf_token": token, "name": "李四"})
    assert wrong.status_code == 422
    assert "邮箱和手机号至少填一项" in wrong.text
    assert 'value="李四"' in wrong.text
    sent = {"name": "李四", "agency": "130102", "phone": "13800138000", "rhythm": "workdays"}
    assert browser.post("/recipients/new", data={"csrf_token": token, **sent}).status_code == 303
    page = browser.get("/recipients").text
    assert "李四" in page
    assert "+8613800138000" in page
    [recipient] = db.session.scalars(select(Recipient).where(Recipient.person_id.is_(None)))
    ended = browser.post(f"/recipients/{recipient.id}/end", data={"csrf_token": csrf_of(page)})
    assert ended.status_code == 303
    assert "李四" not in browser.get("/recipients").text
    again = browser.post(f"/recipients/{recipient.id}/end", data={"csrf_token": csrf_of(page)})
    assert again.status_code == 404


def test_an_agency_of_two_same_names_is_named_by_its_code(enrolled: World) -> None:
    with writing():
        twin = db.session.get_one(Agency, enrolled.agencies["sibling"])
        twin.name = "长安区市场监督管理局"
    with pytest.raises(Invalid):
        outsider(enrolled)
    assert outsider(enrolled, agency="130102").agency_id == enrolled.agencies["county"]


def test_the_cursor_of_somebody_new_is_the_head(enrolled: World) -> None:
    news.tell(enrolled.agencies["county"])
    recipient = outsider(enrolled)
    cursor = db.session.scalar(
        select(Subscription.cursor).where(Subscription.recipient_id == recipient.id)
    )
    assert cursor == journal.head() > 0


@pytest.mark.parametrize("given", [{}, {"name": "别名", "mail": "LI@else.example"}])
def test_the_same_address_is_added_once_for_an_agency(
    enrolled: World, given: dict[str, object]
) -> None:
    outsider(enrolled, mail="Li@else.example")
    with pytest.raises(Invalid) as refused:
        outsider(enrolled, **given)
    assert set(refused.value.errors) == {"mail"}
    with pytest.raises(Invalid) as refused:
        outsider(enrolled, mail="li@else.example", phone="13800138000")
    assert set(refused.value.errors) == {"mail"}
    outsider(enrolled, agency="130104")


def test_an_address_that_was_ended_can_be_added_again(enrolled: World) -> None:
    first = outsider(enrolled, mail="", phone="13800138000")
    with pytest.raises(Invalid) as refused:
        outsider(enrolled, mail="", phone="+86 138 0013 8000")
    assert set(refused.value.errors) == {"phone"}
    outside.end(enrolled.actor("system"), first.id)
    assert outsider(enrolled, mail="", phone="13800138000").id != first.id


def test_two_who_add_the_same_at_once_add_it_once(app: APIFlask, enrolled: World) -> None:
    outcomes: list[str] = []
    ready = threading.Barrier(2)
    db.session.remove()

    def add() -> None:
        with app.app_context():
            ready.wait(timeout=20)
            try:
                outsider(enrolled)
                outcomes.append("added")
            except Invalid:
                outcomes.append("refused")
            finally:
                db.session.remove()

    threads = [threading.Thread(target=add) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=40)
    assert sorted(outcomes) == ["added", "refused"]


def test_somebody_who_would_get_nothing_is_not_added(enrolled: World, browser_of: Browsers) -> None:
    browser = browser_of(enrolled.people["system"])
    token = csrf_of(browser.get("/recipients/new").text)
    sent = {"name": "李四", "agency": "130102", "mail": "li@else.example", "rhythm": "off"}
    answer = browser.post("/recipients/new", data={"csrf_token": token, **sent})
    assert answer.status_code == 422
    assert "此人什么也收不到" in answer.text
    assert 'value="李四"' in answer.text
    assert "李四" not in browser.get("/recipients").text


def test_the_page_tells_what_each_gets_and_who_left(
    enrolled: World, browser_of: Browsers, client: FlaskClient
) -> None:
    left = outsider(enrolled, name="已退", phone="13800138000")
    outsider(enrolled, name="还在", mail="x@else.example", rhythm="weekly", weekdays=[0])
    path = unsubscribe_url(left.id, left.created_at, Channel.MAIL, left.mail or "")
    path = path.partition(":8000")[2]
    said = client.post(path).text
    assert "登录后可以" not in said
    assert "重新设置" in said
    page = browser_of(enrolled.people["system"]).get("/recipients").text
    rows = {
        name: next(row for row in page.split("<tr>") if name in row) for name in ("已退", "还在")
    }
    assert "邮件：已退订" in rows["已退"]
    assert "短信：每个工作日" in rows["已退"]
    assert "邮件：每周一次" in rows["还在"]
    assert "短信" not in rows["还在"]


def test_until_they_confirm_they_get_one_question_and_nothing_else(
    enrolled: World, told: Told, clock: Traveller, client: FlaskClient
) -> None:
    asked = {"name": "李四", "agency": "130102", "mail": "li@else.example", "urgent_at_once": True}
    recipient = outside.add(enrolled.actor("system"), OutsideInput.model_validate(asked))
    work()
    published(enrolled, urgency=Urgency.URGENT)
    news.tell(enrolled.agencies["county"])
    clock.move_to(MONDAY)
    work()
    [body] = [one.body for one in told.parcels if one.address == "li@else.example"]
    said = message_from_bytes(body, policy=policy.default).get_body(("plain",))
    assert said is not None
    [path] = re.findall(r"/confirm/\S+", said.get_content())
    page = client.get(path)
    assert page.status_code == 200
    assert "长安区市场监督管理局" in page.text
    assert db.session.get_one(Recipient, recipient.id).mail_confirmed_at is None
    answer = client.post(path, data={"csrf_token": csrf_of(page.text)})
    assert "已确认" in answer.text
    told.parcels.clear()
    later = news.tell(enrolled.agencies["county"])
    clock.shift(timedelta(days=1))
    work()
    [body] = [one.body for one in told.parcels if one.address == "li@else.example"]
    said = message_from_bytes(body, policy=policy.default).get_body(("plain",))
    assert said is not None
    assert re.findall(r"news-(\d+)\.", said.get_content()) == [str(later)]
    assert "您于 2018-05-07 确认接收“长安区市场监督管理局”的消息" in said.get_content()


def test_a_question_is_good_for_a_fortnight_and_not_to_be_altered(
    enrolled: World, client: FlaskClient, clock: Traveller
) -> None:
    asked = {"name": "李四", "agency": "130102", "mail": "li@else.example"}
    recipient = outside.add(enrolled.actor("system"), OutsideInput.model_validate(asked))
    path = question(recipient)
    assert client.get(path[:-1] + ("x" if path[-1] != "x" else "y")).status_code == 404
    assert client.get("/confirm/x").status_code == 404
    clock.shift(timedelta(days=13))
    assert client.get(path).status_code == 200
    clock.shift(timedelta(days=2))
    answer = client.get(path)
    assert answer.status_code == 404
    assert "已经失效" in answer.text


def test_whoever_does_not_confirm_is_forgotten(enrolled: World, clock: Traveller) -> None:
    asked = {"name": "李四", "agency": "130102", "mail": "li@else.example"}
    recipient = outside.add(enrolled.actor("system"), OutsideInput.model_validate(asked))
    clock.shift(timedelta(days=13))
    assert erase_left() == 0
    clock.shift(timedelta(days=2))
    assert erase_left() == 1
    assert db.session.get_one(Recipient, recipient.id).mail is None
    assert outsider(enrolled).id != recipient.id
