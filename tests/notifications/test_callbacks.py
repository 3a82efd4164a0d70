"""What clouds report and people answer: in any order, again and again, forged by the thousand."""

from itertools import permutations

import pytest
from apiflask import APIFlask
from flask.testing import FlaskClient
from sqlalchemy import func, select

from agencies.models import Contact
from agencies.states import Channel
from bulletins.models import Receipt
from bulletins.services import open_receipt
from bulletins.states import Urgency
from config.database import db, writing
from config.journal import Entry
from notifications.channels.base import Parcel
from notifications.inputs import WishInput
from notifications.models import Delivery
from notifications.services.replies import STRANGERS, Incoming, take_in
from notifications.services.subscriptions import choose
from notifications.states import Rhythm, State
from notifications.texting.models import SmsReply, SmsStop
from notifications.texting.states import Became
from tests.bulletins.papers import published, receipt_of
from tests.conftest import CALLBACK_WORD
from tests.notifications.hours import deliver as round_of_work
from tests.notifications.hours import deliveries, handle, work
from tests.notifications.providers import Told
from tests.notifications.texts import phone_of, texted, use
from tests.worlds import World, sign_in

BOTH = WishInput(rhythm=Rhythm.WORKDAYS, urgent_at_once=True)
HERE = f"/notifications/sms/{CALLBACK_WORD}"


def sent(world: World, serial: str = "900619^0") -> Delivery:
    """A message that a cloud took."""
    [one] = texted([world.people["county-clerk"]])
    round_of_work()
    with writing():
        found = db.session.get_one(Delivery, one.id)
        found.serial, found.route = serial, "aliyun"
    return deliveries()[-1]


def aliyun_report(one: Delivery, *, success: bool = True) -> dict[str, object]:
    return {
        "phone_number": one.address.removeprefix("+86"),
        "success": success,
        "err_code": "DELIVERED" if success else "MOBILE_NOT_ON_SERVICE",
        "biz_id": one.serial,
        "out_id": one.claim,
    }


def state() -> str:
    return deliveries()[-1].state


def test_both_clouds_report_and_read_the_answer_they_want(
    province: World, told: Told, client: FlaskClient
) -> None:
    one = sent(province)
    answer = client.post(f"{HERE}/aliyun/reports", json=[aliyun_report(one)])
    assert (answer.status_code, answer.json) == (200, {"code": 0, "msg": "接收成功"})
    assert state() == State.DELIVERED
    other = sent(province, "5000:1045")
    said = {"sid": "5000:1045", "mobile": other.address[3:], "report_status": "FAIL"}
    answer = client.post(f"{HERE}/tencent/reports", json=[said])
    assert (answer.status_code, answer.json) == (200, {"result": 0, "errmsg": "OK"})
    assert state() == State.FAILED


@pytest.mark.parametrize("order", list(permutations((True, False, True))))
def test_once_delivered_it_stays_so(
    province: World, told: Told, client: FlaskClient, order: tuple[bool, ...]
) -> None:
    one = sent(province)
    body = [aliyun_report(one, success=success) for success in order]
    client.post(f"{HERE}/aliyun/reports", json=body)
    client.post(f"{HERE}/aliyun/reports", json=body)
    assert state() == State.DELIVERED


def test_a_report_before_the_answer_to_the_call_finds_its_message(
    province: World, told: Told, client: FlaskClient
) -> None:
    def report_at_once(parcel: Parcel) -> None:
        said = {"phone_number": parcel.address[3:], "success": True, "out_id": parcel.batch}
        client.post(f"{HERE}/aliyun/reports", json=[said | {"biz_id": "1^0"}])

    told.before = report_at_once
    texted([province.people["county-clerk"]])
    round_of_work()
    assert (state(), deliveries()[0].serial) == (State.DELIVERED, "1^0")


def test_ten_thousand_forged_reports_change_nothing(
    province: World, told: Told, client: FlaskClient
) -> None:
    one = sent(province)
    forged = [
        {"phone_number": one.address[3:], "success": False, "biz_id": f"{number}^1"}
        for number in range(10_000)
    ]
    for start in range(0, 10_000, 1000):
        some = forged[start : start + 1000]
        assert client.post(f"{HERE}/aliyun/reports", json=some).status_code == 200
    assert state() == State.SENT
    assert db.session.scalar(select(func.count()).select_from(SmsReply)) == 0


@pytest.mark.parametrize(
    "body", [b"", b"x", b"1", b'"a"', b"[1, null]", b"[[]]", b"{}", b"[" * 9000, b"[{}]"]
)
def test_a_body_that_is_no_report_is_no_failure(
    province: World, told: Told, client: FlaskClient, body: bytes
) -> None:
    for path in ("aliyun/reports", "tencent/reports", "aliyun/replies", "tencent/replies"):
        answer = client.post(f"{HERE}/{path}", data=body, content_type="application/json")
        assert answer.status_code in (200, 404)


def test_who_does_not_know_the_word_or_is_not_on_the_list_finds_no_page(
    province: World, told: Told, client: FlaskClient
) -> None:
    one = sent(province)
    before = client.application.extensions["settings"]
    body = [aliyun_report(one)]
    assert client.post("/notifications/sms/guess/aliyun/reports", json=body).status_code == 404
    assert client.post(f"{HERE}/other/reports", json=body).status_code == 404
    use(sms_callback_from="10.0.0.0/8")
    assert client.post(f"{HERE}/aliyun/reports", json=body).status_code == 404
    use(sms_callback_word="")
    assert client.post("/notifications/sms//aliyun/reports", json=body).status_code == 404
    client.application.extensions["settings"] = before
    assert state() == State.SENT


def reminded(world: World, *, opened: bool) -> Receipt:
    """An urgent paper told to the county's clerk by SMS."""
    handle()
    choose(world.actor("county-clerk"), Channel.SMS, BOTH)
    paper = published(world, urgency=Urgency.URGENT, needs_acknowledgement=True)
    receipt = receipt_of(world, "county", paper)
    if opened:
        open_receipt(world.actor("county-clerk"), receipt.id)
    work()
    return receipt


def answer(phone: str, text: str, mark: str = "1") -> SmsReply:
    take_in("kannel", [Incoming(phone, text, mark)])
    db.session.rollback()
    return db.session.scalars(select(SmsReply).order_by(SmsReply.id.desc())).first()  # type: ignore[return-value]


def is_acknowledged(receipt: Receipt) -> bool:
    found = db.session.get_one(Receipt, receipt.id, populate_existing=True)
    return found.acknowledged_at is not None


@pytest.mark.parametrize("text", ["1", " １。"])
def test_one_acknowledges_the_one_paper_asked_about(province: World, told: Told, text: str) -> None:
    receipt = reminded(province, opened=True)
    reply = answer(phone_of(province.people["county-clerk"]), text)
    assert (reply.became, reply.receipt_id) == (Became.ACKNOWLEDGED, receipt.id)
    assert is_acknowledged(receipt)


def test_who_has_not_opened_a_paper_acknowledges_nothing(province: World, told: Told) -> None:
    receipt = reminded(province, opened=False)
    reply = answer(phone_of(province.people["county-clerk"]), "1")
    assert (reply.became, reply.why) == (Became.PASSED, "unread")
    assert reply.agency_id == province.agencies["county"]
    assert not is_acknowledged(receipt)


def test_an_unverified_number_acknowledges_nothing(province: World, told: Told) -> None:
    receipt = reminded(province, opened=True)
    person_id = province.people["county-clerk"]
    phone = phone_of(person_id)
    with writing():
        for contact in db.session.scalars(select(Contact).where(Contact.address == phone)):
            contact.verified_at = None
    assert answer(phone, "1").became == Became.STRANGER
    assert not is_acknowledged(receipt)


def test_another_message_after_it_makes_one_say_nothing(province: World, told: Told) -> None:
    receipt = reminded(province, opened=True)
    texted([province.people["county-clerk"]])
    round_of_work()
    reply = answer(phone_of(province.people["county-clerk"]), "1")
    assert (reply.became, reply.why) == (Became.PASSED, "nothing_asked")
    assert not is_acknowledged(receipt)


@pytest.mark.parametrize("text", ["TD", "td", "退订", " Ｔｄ "])
def test_td_stops_every_message_until_the_person_wants_them_again(
    province: World, told: Told, text: str
) -> None:
    person_id = province.people["county-clerk"]
    texted([person_id])
    round_of_work()
    assert answer(phone_of(person_id), text).became == Became.STOPPED
    assert answer(phone_of(person_id), text, "2").became == Became.STOPPED
    assert db.session.scalar(select(func.count()).select_from(SmsStop)) == 1
    texted([person_id])
    round_of_work()
    assert (state(), deliveries()[-1].outcome) == (State.CLOSED, "unwanted")
    choose(province.actor("county-clerk"), Channel.SMS, BOTH)
    texted([person_id])
    round_of_work()
    assert state() == State.SENT


@pytest.mark.parametrize(("name", "is_shown"), [("county-duty", True), ("sibling-duty", False)])
def test_anything_else_reaches_the_duty_seat_once_and_no_words_the_journal(
    province: World, told: Told, app: APIFlask, name: str, is_shown: bool
) -> None:
    person_id = province.people["county-clerk"]
    texted([person_id])
    round_of_work()
    for _ in range(2):
        answer(phone_of(person_id), "明天上午办好")
    assert db.session.scalar(select(func.count()).select_from(SmsReply)) == 1
    kept = db.session.scalars(select(Entry).where(Entry.kind == "reply.received")).all()
    assert [entry.facts for entry in kept] == [{"became": "passed"}]
    page = sign_in(app, province.people[name]).get("/replies").text
    assert ("明天上午办好" in page) == is_shown


def test_strangers_are_kept_bounded_and_never_acknowledge(province: World, told: Told) -> None:
    receipt = reminded(province, opened=True)
    some = [Incoming("13999990000", "1", str(number)) for number in range(STRANGERS + 5)]
    take_in("kannel", some)
    kept = db.session.scalars(select(SmsReply.became)).all()
    assert len(kept) == STRANGERS
    assert set(kept) == {Became.STRANGER}
    assert not is_acknowledged(receipt)


def test_replies_come_by_clouds_and_by_the_gateway(
    province: World, told: Told, client: FlaskClient
) -> None:
    phone = phone_of(province.people["county-clerk"])
    mobile = phone.removeprefix("+86")
    one = {"phone_number": mobile, "content": "好的", "sequence_id": 1, "dest_code": "1"}
    two = {"nationcode": "86", "mobile": mobile, "text": "收到", "time": 1620000000}
    assert client.post(f"{HERE}/aliyun/replies", json=[one]).status_code == 200
    assert client.post(f"{HERE}/tencent/replies", json=two).status_code == 200
    said = {"from": phone, "text": "知道了", "ts": "1620000000"}
    assert client.get(f"{HERE}/kannel/replies", query_string=said).status_code == 200
    texts = db.session.scalars(select(SmsReply.text).order_by(SmsReply.id)).all()
    assert texts == ["好的", "收到", "知道了"]
