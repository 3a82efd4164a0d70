"""The question to somebody from outside: whose link it is, and that one answer is enough."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
from apiflask import APIFlask
from flask.testing import FlaskClient
from itsdangerous import Signer
from sqlalchemy import select, update
from time_machine import Traveller

from agencies.models import Agency
from agencies.states import Channel
from bulletins.states import Urgency
from config.database import db, writing
from config.journal import Entry
from notifications.inputs import OutsideInput
from notifications.links import unsubscribe_url
from notifications.models import Recipient, Subscription
from notifications.services import outside
from notifications.services.confirming import confirm
from notifications.services.replies import Incoming, take_in
from notifications.sms import parts
from notifications.texting.models import SmsReply
from notifications.texting.states import Became
from tests.bulletins.papers import published
from tests.notifications import news
from tests.notifications.hours import MONDAY, work
from tests.notifications.outsiders import joined, question
from tests.notifications.providers import Told
from tests.worlds import World, csrf_of

Browsers = Callable[[int], FlaskClient]
ASKED = {"name": "李四", "agency": "130102", "mail": "li@else.example"}


@pytest.fixture
def asked(enrolled: World) -> Recipient:
    """Somebody who was asked and has not answered."""
    return outside.add(enrolled.actor("system"), OutsideInput.model_validate(ASKED))


@pytest.mark.parametrize(
    "change", [{"mail": "other@else.example"}, {"created_at": datetime(2017, 1, 1, tzinfo=UTC)}]
)
def test_the_link_is_dead_for_whoever_has_the_number_now(
    asked: Recipient, client: FlaskClient, change: dict[str, object]
) -> None:
    path = question(asked)
    token = csrf_of(client.get(path).text)
    with writing():
        db.session.execute(update(Recipient).where(Recipient.id == asked.id).values(change))
    assert client.get(path).status_code == 404
    assert client.post(path, data={"csrf_token": token}).status_code == 404
    assert db.session.get_one(Recipient, asked.id).mail_confirmed_at is None


def test_whoever_was_ended_meanwhile_can_not_confirm(
    enrolled: World, asked: Recipient, client: FlaskClient
) -> None:
    path = question(asked)
    token = csrf_of(client.get(path).text)
    outside.end(enrolled.actor("system"), asked.id)
    assert client.get(path).status_code == 404
    assert client.post(path, data={"csrf_token": token}).status_code == 404


def test_confirmed_once_more_nothing_more_happens(
    enrolled: World, asked: Recipient, client: FlaskClient, clock: Traveller
) -> None:
    path = question(asked)
    sent = {"csrf_token": csrf_of(client.get(path).text)}
    cursor = select(Subscription.cursor).where(Subscription.recipient_id == asked.id)
    assert client.post(path, data=sent).status_code == 200
    before = db.session.scalar(cursor)
    db.session.rollback()
    news.tell(enrolled.agencies["county"])
    clock.shift(timedelta(days=1))
    assert "已确认" in client.post(path, data=sent).text
    assert db.session.scalar(cursor) == before
    kept = select(Entry.id).where(Entry.kind == "recipient.confirmed")
    assert len(db.session.scalars(kept).all()) == 1


def test_whoever_left_is_told_so_and_begins_again_if_they_like(
    asked: Recipient, client: FlaskClient
) -> None:
    path = question(asked)
    sent = {"csrf_token": csrf_of(client.get(path).text)}
    client.post(path, data=sent)
    page = client.get(path).text
    assert ("已确认" in page, "末尾的链接退订" in page, "<form" in page) == (True, True, False)
    leave = unsubscribe_url(asked.id, asked.created_at, Channel.MAIL, "li@else.example")
    client.post(leave.partition(":8000")[2])
    for answer in (client.get(path), client.post(path, data=sent)):
        assert ("已确认" in answer.text, "已退订" in answer.text) == (False, True)
        assert leave in answer.text


def test_a_number_that_sent_td_is_told_so_and_begins_again_by_dy(
    enrolled: World, client: FlaskClient, browser_of: Browsers
) -> None:
    given = {"name": "李四", "agency": "130102", "phone": "13800138000", "rhythm": "workdays"}
    path = question(joined(enrolled, given), Channel.SMS)
    page = client.get(path).text
    assert ("随时回复 TD 退订" in page, "链接退订" in page) == (True, False)
    listed = browser_of(enrolled.people["system"])
    assert "短信：每个工作日" in listed.get("/recipients").text
    take_in("kannel", [Incoming("13800138000", "TD", "1")])
    page = client.get(path).text
    assert ("已确认" in page, "DY" in page, "<form" in page) == (False, True, False)
    page = listed.get("/recipients").text
    assert ("短信：每个工作日" in page, "已回复 TD 退订" in page) == (False, True)
    for text, became in (("dy", Became.BEGUN), ("订阅", Became.PASSED)):
        take_in("kannel", [Incoming("13800138000", text, "2")])
        newest = select(SmsReply.became).order_by(SmsReply.id.desc()).limit(1)
        assert db.session.scalar(newest) == became
    assert "已确认" in client.get(path).text
    assert "短信：每个工作日" in listed.get("/recipients").text


def test_a_page_open_for_too_long_asks_once_more(asked: Recipient, client: FlaskClient) -> None:
    path = question(asked)
    answer = client.post(path)
    assert (answer.status_code, "打开得太久" in answer.text) == (400, True)
    assert "登录已过期" not in answer.text
    assert db.session.get_one(Recipient, asked.id, populate_existing=True).mail_confirmed_at is None
    sent = {"csrf_token": csrf_of(answer.text)}
    assert "已确认" in client.post(path, data=sent).text
    leave = unsubscribe_url(asked.id, asked.created_at, Channel.MAIL, "li@else.example")
    wish = f"{leave.partition(':8000')[2]}/wish"
    answer = client.post(wish, data={"rhythm": "weekly", "weekdays": "3"})
    assert (answer.status_code, "打开得太久" in answer.text) == (400, True)
    assert client.post("/confirm/x").status_code == 404
    assert client.post("/unsubscribe/x/wish").status_code == 404


def test_by_sms_they_are_told_how_to_leave_within_two_parts(
    enrolled: World, told: Told, clock: Traveller
) -> None:
    asked = {"name": "李四", "agency": "130102", "phone": "13800138000", "urgent_at_once": True}
    recipient = outside.add(
        enrolled.actor("system"), OutsideInput.model_validate({**asked, "rhythm": "workdays"})
    )
    with writing():
        db.session.get_one(Agency, recipient.agency_id).name = "石家庄市" * 12
    clock.move_to(MONDAY)
    work()
    [sent] = told.parcels
    text = sent.body.decode()
    assert (
        parts(text.replace("http://127.0.0.1:8000", "https://changtong.shijiazhuang.gov.cn:84"))
        == 2
    )
    confirm(text.rpartition("/")[2])
    told.parcels.clear()
    news.tell(enrolled.agencies["county"])
    published(enrolled, urgency=Urgency.URGENT, title="关于立即排查电动自行车" * 15)
    clock.shift(timedelta(days=1))
    work()
    theirs = [one for one in told.parcels if one.address == "+8613800138000"]
    assert len(theirs) == 2
    for one in theirs:
        assert one.body.decode().endswith("回复TD退订")
        assert one.parts <= 2


@pytest.mark.parametrize(
    ("path", "word"),
    [
        ("unsubscribe", "1-1525395600-mail"),
        ("unsubscribe", "1-1525395600-mail-4e49c53d7c8d5635-1525395600"),
        ("confirm", "1-1525395600-mail-4e49c53d7c8d5635"),
    ],
)
def test_a_link_of_ours_of_another_form_is_no_page(
    app: APIFlask, enrolled: World, client: FlaskClient, path: str, word: str
) -> None:
    signed = Signer(app.config["SECRET_KEY"], salt=f"notifications:{path}").sign(word).decode()
    assert client.get(f"/{path}/{signed}").status_code == 404
