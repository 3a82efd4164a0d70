"""Names and addresses of those who left are erased after the period that is set."""

from datetime import timedelta

import pytest
from apiflask import APIFlask
from sqlalchemy import select
from time_machine import Traveller

from agencies.models import Contact, Invitation, Person
from agencies.services import people
from agencies.states import Channel, Way
from bulletins.states import Urgency
from config import clock as now_of
from config.database import db, writing
from config.journal import Entry
from notifications.models import Attempt, Delivery, Recipient, ReturnedMail, Subscription
from notifications.returned import Return
from notifications.services import outside
from notifications.services.erasing import erase_left
from notifications.services.subscriptions import switch_off
from notifications.states import State
from notifications.texting.models import SmsReply
from notifications.texting.states import Became
from tests.bulletins.papers import published
from tests.notifications.hours import work
from tests.notifications.providers import Told
from tests.notifications.test_outside import outsider
from tests.notifications.test_secrets import invite
from tests.worlds import World

KEPT = timedelta(days=180)
SOON = timedelta(days=1)


def sent_to(recipient_id: int) -> list[Delivery]:
    db.session.rollback()
    mine = Delivery.recipient_id == recipient_id
    return list(db.session.scalars(select(Delivery).where(mine)))


def test_somebody_from_outside_is_erased_half_a_year_after_the_end(
    enrolled: World, told: Told, clock: Traveller
) -> None:
    leaving, staying = outsider(enrolled), outsider(enrolled, name="王五", mail="w@else.example")
    published(enrolled, urgency=Urgency.URGENT)
    work()
    outside.end(enrolled.actor("system"), leaving.id)
    ended_at = now_of.now()
    clock.shift(KEPT - SOON)
    assert erase_left() == 0
    clock.shift(2 * SOON)
    assert erase_left() == 1
    assert erase_left() == 0
    gone = db.session.get_one(Recipient, leaving.id)
    assert (gone.name, gone.mail, gone.phone) == ("", None, None)
    assert gone.ended_at == ended_at
    [theirs] = sent_to(leaving.id)
    assert (theirs.address, theirs.detail, theirs.state) == ("", "", State.SENT)
    tried = select(Attempt.detail, Attempt.outcome).where(Attempt.delivery_id == theirs.id)
    assert [tuple(row) for row in db.session.execute(tried)] == [("", "accepted")]
    assert db.session.get_one(Recipient, staying.id).mail == "w@else.example"
    assert [one.address for one in sent_to(staying.id)] == ["w@else.example"]
    [entry] = db.session.scalars(select(Entry).where(Entry.kind == "recipient.erased"))
    assert entry.facts == {"recipients": [leaving.id]}


def test_whoever_left_by_the_link_is_erased_too(
    enrolled: World, told: Told, clock: Traveller
) -> None:
    left = outsider(enrolled)
    with writing():
        switch_off(
            db.session.scalars(
                select(Subscription).where(Subscription.recipient_id == left.id)
            ).one()
        )
    clock.shift(KEPT - SOON)
    assert erase_left() == 0
    clock.shift(2 * SOON)
    assert erase_left() == 1
    gone = db.session.get_one(Recipient, left.id)
    assert (gone.mail, gone.name) == (None, "")
    assert gone.ended_at is not None


@pytest.mark.parametrize(
    "wish", [{"rhythm": "off"}, {"urgent_at_once": False}, {"rhythm": "monthly"}]
)
def test_whoever_still_gets_something_stays_however_long_ago_it_was_chosen(
    enrolled: World, clock: Traveller, wish: dict[str, object]
) -> None:
    recipient = outsider(enrolled, **wish)
    clock.shift(3 * KEPT)
    assert erase_left() == 0
    assert db.session.get_one(Recipient, recipient.id).mail == "li@else.example"


def test_an_address_to_which_an_invitation_went_is_erased_too(
    enrolled: World, clock: Traveller
) -> None:
    person_id = enrolled.people["county-clerk"]
    mine = select(Contact).where(Contact.person_id == person_id, Contact.channel == Channel.MAIL)
    with writing():
        enrolled.actor("county-clerk").person.password = "set"
    invite(enrolled, Way.MAIL)
    people.deactivate(enrolled.actor("system"), person_id)
    clock.shift(KEPT + SOON)
    assert erase_left() == 1
    assert db.session.scalars(mine).all() == []
    invited = select(Invitation.contact_id).where(Invitation.person_id == person_id)
    assert db.session.scalars(invited).all() == [None]


def test_a_shut_account_loses_its_addresses_and_keeps_its_name(
    enrolled: World, told: Told, clock: Traveller
) -> None:
    published(enrolled, urgency=Urgency.URGENT)
    work()
    person_id = enrolled.people["county-clerk"]
    people.deactivate(enrolled.actor("system"), person_id)
    clock.shift(KEPT - SOON)
    assert erase_left() == 0
    clock.shift(2 * SOON)
    assert erase_left() == 1
    mine = select(Contact).where(Contact.person_id == person_id)
    assert db.session.scalars(mine).all() == []
    assert db.session.get_one(Person, person_id).name == "county clerk"
    recipient = select(Recipient.id).where(Recipient.person_id == person_id)
    assert {one.address for one in sent_to(db.session.scalars(recipient).one())} == {""}
    kept = db.session.scalars(select(Contact.person_id)).all()
    assert enrolled.people["county-reader"] in kept


def test_what_came_back_from_them_forgets_their_addresses(
    enrolled: World, told: Told, clock: Traveller
) -> None:
    leaving, staying = outsider(enrolled), outsider(enrolled, name="王五", mail="w@else.example")
    published(enrolled, urgency=Urgency.URGENT)
    work()
    sent = [one for who in (leaving, staying) for one in sent_to(who.id)]
    with writing():
        for one in sent:
            words, at = f"{one.address} is unknown", now_of.now()
            returned = {"kind": Return.DELAYED, "status": "4.2.2", "detail": words, "at": at}
            db.session.add(ReturnedMail(delivery_id=one.id, **returned))
            said = {"phone": "+8613800138000", "text": words, "received_at": at}
            which = {"key": f"k{one.id}", "provider": "kannel", "became": Became.PASSED}
            db.session.add(SmsReply(recipient_id=one.recipient_id, **which, **said))
    outside.end(enrolled.actor("system"), leaving.id)
    clock.shift(KEPT + SOON)
    assert erase_left() == 1
    db.session.rollback()
    returns = select(ReturnedMail.detail).order_by(ReturnedMail.id)
    assert db.session.scalars(returns).all() == ["", "w@else.example is unknown"]
    replies = select(SmsReply.phone, SmsReply.text).order_by(SmsReply.id)
    kept = ("+8613800138000", "w@else.example is unknown")
    assert [tuple(row) for row in db.session.execute(replies)] == [("", ""), kept]


def test_an_account_opened_again_keeps_its_addresses(enrolled: World, clock: Traveller) -> None:
    person_id = enrolled.people["county-clerk"]
    people.deactivate(enrolled.actor("system"), person_id)
    clock.shift(KEPT - SOON)
    people.activate(enrolled.actor("system"), person_id)
    clock.shift(2 * SOON)
    assert erase_left() == 0
    people.deactivate(enrolled.actor("system"), person_id)
    assert erase_left() == 0


@pytest.mark.parametrize("days", [1, 30])
def test_the_period_is_set(app: APIFlask, enrolled: World, clock: Traveller, days: int) -> None:
    app.extensions["settings"] = app.extensions["settings"].model_copy(
        update={"keep_left_days": days}
    )
    outside.end(enrolled.actor("system"), outsider(enrolled).id)
    clock.shift(timedelta(days=days, hours=-1))
    assert erase_left() == 0
    clock.shift(timedelta(hours=2))
    assert erase_left() == 1
