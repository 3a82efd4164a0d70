"""Replies by SMS: what the last message to a number asked, and what a reply can't stand for."""

from datetime import timedelta

from sqlalchemy import update
from time_machine import Traveller

from agencies.models import Contact
from agencies.states import Channel
from bulletins.models import Bulletin
from bulletins.services import open_receipt
from bulletins.states import Urgency
from config.database import db, writing
from notifications.services.escalation import climb
from notifications.states import State
from notifications.texting.states import Became
from tests.bulletins.papers import published, receipt_of
from tests.notifications.hours import deliver as round_of_work
from tests.notifications.hours import deliveries, handle, recipient_of, work
from tests.notifications.providers import Told
from tests.notifications.test_replies import answer, is_acknowledged, reminded
from tests.notifications.test_secrets import ask_for_code
from tests.notifications.texts import phone_of, texted
from tests.worlds import World


def test_what_has_not_gone_out_is_not_what_was_asked_last(province: World, told: Told) -> None:
    receipt = reminded(province, opened=True)
    texted([province.people["county-clerk"]])  # it waits
    reply = answer(phone_of(province.people["county-clerk"]), "1")
    assert (reply.became, reply.receipt_id) == (Became.ACKNOWLEDGED, receipt.id)
    assert is_acknowledged(receipt)


def test_whoever_is_told_that_others_did_not_open_a_paper_is_not_asked_to_sign_for_it(
    province: World, told: Told, clock: Traveller
) -> None:
    handle()
    paper: Bulletin = published(province, urgency=Urgency.FLASH, needs_acknowledgement=True)
    work()
    receipt, duty = receipt_of(province, "county", paper), province.people["county-duty"]
    for _ in range(2):
        clock.shift(timedelta(minutes=30))
        climb()
        work()
    last = [one for one in deliveries() if one.address == phone_of(duty)][-1]
    assert last.state == State.SENT
    open_receipt(province.actor("county-duty"), receipt.id)
    reply = answer(phone_of(duty), "1")
    assert (reply.became, reply.why) == (Became.PASSED, "nothing_asked")
    assert not is_acknowledged(receipt)


def test_who_got_a_number_after_somebody_else_answers_none_of_their_messages(
    province: World, told: Told
) -> None:
    receipt = reminded(province, opened=True)
    clerk, duty = province.people["county-clerk"], province.people["county-duty"]
    number = phone_of(clerk)
    for person_id, address in ((clerk, "+8613900007777"), (duty, number)):
        mine = Contact.person_id == person_id, Contact.channel == Channel.SMS
        with writing():
            db.session.execute(update(Contact).where(*mine).values(address=address))
    reply = answer(number, "1")
    assert (reply.became, reply.why) == (Became.PASSED, "nothing_asked")
    assert (reply.delivery_id, reply.receipt_id) == (None, None)
    assert not is_acknowledged(receipt)


def test_after_td_a_code_that_was_asked_for_still_comes(province: World, told: Told) -> None:
    handle()
    number = phone_of(province.people["county-clerk"])
    assert answer(number, "TD").became == Became.STOPPED
    ask_for_code(province, Channel.SMS)
    work()
    assert [one.address for one in told.parcels] == [number]
    texted([province.people["county-clerk"]])
    round_of_work()
    assert [one.address for one in told.parcels] == [number]
    mine = recipient_of(province.people["county-clerk"]).id
    assert [one.state for one in deliveries() if one.recipient_id == mine] == [
        State.SENT,
        State.CLOSED,
    ]
