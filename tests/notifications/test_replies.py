"""Replies by SMS: 1 acknowledges the one paper asked about, TD stops, the rest is for the duty."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from apiflask import APIFlask
from flask.testing import FlaskClient
from sqlalchemy import func, select, update
from time_machine import Traveller

from agencies.models import Contact, Person, Tenure
from agencies.states import Channel, SeatKind
from bulletins.decisions import VoidInput
from bulletins.models import Bulletin, Receipt
from bulletins.services import acknowledge, open_receipt, void
from bulletins.states import Urgency
from config import clock as now
from config.database import db, writing
from config.journal import Entry
from notifications.inputs import WishInput
from notifications.services.replies import STRANGERS, Incoming, take_in
from notifications.services.subscriptions import choose
from notifications.states import Rhythm, State
from notifications.texting.models import SmsReply, SmsStop
from notifications.texting.states import Became
from tests.bulletins.corrections import corrected
from tests.bulletins.papers import published, receipt_of
from tests.conftest import CALLBACK_WORD
from tests.notifications.hours import deliver as round_of_work
from tests.notifications.hours import deliveries, handle, work
from tests.notifications.providers import Told
from tests.notifications.texts import phone_of, texted
from tests.worlds import World, seat_person, sign_in

BOTH = WishInput(rhythm=Rhythm.WORKDAYS, urgent_at_once=True)
HERE = f"/notifications/sms/{CALLBACK_WORD}"


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


def test_the_duty_seat_opens_the_paper_from_the_reply_that_did_not_sign_for_it(
    province: World, told: Told, app: APIFlask
) -> None:
    receipt = reminded(province, opened=False)
    answer(phone_of(province.people["county-clerk"]), "1")
    duty = sign_in(app, province.people["county-duty"])
    page = duty.get("/replies").text
    assert f'href="/inbox/{receipt.id}"' in page
    assert duty.get(f"/inbox/{receipt.id}").status_code == 200


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


def _others_number(world: World, _receipt: Receipt) -> None:
    number = update(Contact).where(
        Contact.person_id == world.people["sibling-clerk"], Contact.channel == Channel.SMS
    )
    db.session.execute(number.values(address=phone_of(world.people["county-clerk"])))


def _left(world: World, _receipt: Receipt) -> None:
    mine = update(Tenure).where(Tenure.person_id == world.people["county-clerk"])
    db.session.execute(mine.values(ended_at=now.now()))


def _two_agencies(world: World, _receipt: Receipt) -> None:
    seat_person(world.people["county-clerk"], world.agencies["sibling"], SeatKind.CLERK, "第二")


def _asks_nothing(_world: World, receipt: Receipt) -> None:
    one = update(Receipt).where(Receipt.id == receipt.id)
    db.session.execute(one.values(needs_acknowledgement=False))


@pytest.mark.parametrize(
    ("change", "why"),
    [
        (_others_number, "several_people"),
        (_left, "not_theirs"),
        (_two_agencies, "several_papers"),
        (_asks_nothing, "not_needed"),
    ],
)
def test_where_something_could_be_mistaken_one_acknowledges_nothing(
    province: World, told: Told, change: Callable[[World, Receipt], None], why: str
) -> None:
    receipt = reminded(province, opened=True)
    phone = phone_of(province.people["county-clerk"])
    with writing():
        change(province, receipt)
    reply = answer(phone, "1")
    assert (reply.became, reply.why) == (Became.PASSED, why)
    assert not is_acknowledged(receipt)


def test_a_paper_that_was_corrected_or_is_void_is_not_acknowledged(
    province: World, told: Told
) -> None:
    phone = phone_of(province.people["county-clerk"])
    receipt = reminded(province, opened=True)
    corrected(province, db.session.get_one(Bulletin, receipt.bulletin_id))
    assert answer(phone, "1").why == "changed"
    other = reminded(province, opened=True)
    void(province.actor("province-approver"), other.bulletin_id, VoidInput(reason="有误。"))
    assert answer(phone, "1", "2").why == "changed"
    assert not is_acknowledged(receipt)
    assert not is_acknowledged(other)


def test_what_was_acknowledged_on_the_page_stays_as_it_was(province: World, told: Told) -> None:
    receipt = reminded(province, opened=True)
    acknowledge(province.actor("county-duty"), receipt.id)
    reply = answer(phone_of(province.people["county-clerk"]), "1")
    assert (reply.became, reply.why) == (Became.PASSED, "not_needed")
    found = db.session.get_one(Receipt, receipt.id, populate_existing=True)
    assert found.acknowledged_by == province.people["county-duty"]


def test_an_answer_after_a_week_answers_nothing(
    province: World, told: Told, clock: Traveller
) -> None:
    receipt = reminded(province, opened=True)
    clock.shift(timedelta(days=7, minutes=1))
    reply = answer(phone_of(province.people["county-clerk"]), "1")
    assert (reply.became, reply.why) == (Became.PASSED, "nothing_asked")
    assert not is_acknowledged(receipt)


def test_what_is_not_one_alone_acknowledges_nothing(province: World, told: Told) -> None:
    receipt = reminded(province, opened=True)
    phone = phone_of(province.people["county-clerk"])
    for text in ("11", "1.5", "好1", "收到1", "一", "1 2", "不是1", "0"):
        assert answer(phone, text, text).became == Became.PASSED, text
        assert not is_acknowledged(receipt), text


def test_the_number_of_who_was_locked_out_is_a_strangers(province: World, told: Told) -> None:
    receipt = reminded(province, opened=True)
    with writing():
        db.session.get_one(Person, province.people["county-clerk"]).active = False
    assert answer(phone_of(province.people["county-clerk"]), "1").became == Became.STRANGER
    assert not is_acknowledged(receipt)


def test_one_paper_is_acknowledged_where_two_were_told_and_only_the_last(
    province: World, told: Told
) -> None:
    first, second = (reminded(province, opened=True) for _ in range(2))
    answer(phone_of(province.people["county-clerk"]), "1")
    assert (is_acknowledged(first), is_acknowledged(second)) == (False, True)
    # Again, as a new message: the one before it was never asked about last.
    answer(phone_of(province.people["county-clerk"]), "1", "2")
    assert not is_acknowledged(first)


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
    assert (deliveries()[-1].state, deliveries()[-1].outcome) == (State.CLOSED, "unwanted")
    choose(province.actor("county-clerk"), Channel.SMS, BOTH)
    texted([person_id])
    round_of_work()
    assert deliveries()[-1].state == State.SENT


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
    while not take_in("kannel", some):  # no call takes in all of them
        pass
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
