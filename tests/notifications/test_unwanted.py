"""What waits to be sent when its recipient is not to get it any more: it is not sent."""

from collections.abc import Callable

import pytest
from time_machine import Traveller

from agencies import contacts as codes
from agencies.models import Person
from agencies.states import Channel
from bulletins.states import Urgency
from config.database import db, writing
from notifications.inputs import WishInput
from notifications.services import outside
from notifications.services.ledger import decide
from notifications.services.subscriptions import choose
from notifications.states import Action, Rhythm, State
from tests.bulletins.papers import published
from tests.notifications import news
from tests.notifications.hours import MONDAY, deliver, deliveries, recipient_of, work
from tests.notifications.providers import Told
from tests.notifications.test_outside import outsider
from tests.notifications.test_secrets import ask_for_code
from tests.worlds import World

CLERK = "county-clerk"
ADDRESS = "county-clerk@changtong.example"


def turn_off(world: World) -> None:
    choose(world.actor(CLERK), Channel.MAIL, WishInput(rhythm=Rhythm.OFF))


def deactivate(world: World) -> None:
    with writing():
        db.session.get_one(Person, world.people[CLERK]).active = False


def addresses(told: Told) -> set[str]:
    return {parcel.address for parcel in told.parcels}


def waiting_digest(world: World, told: Told, clock: Traveller) -> None:
    """A digest for everybody in the county that can't be sent at present."""
    news.tell(world.agencies["county"])
    told.down = "away"
    clock.move_to(MONDAY)
    work()
    assert ADDRESS in {one.address for one in deliveries()}


def come_back(told: Told, clock: Traveller) -> None:
    told.down = ""
    clock.shift(3600)
    deliver()


@pytest.mark.parametrize("leave", [turn_off, deactivate])
def test_a_digest_is_not_sent_to_somebody_who_left_while_it_waited(
    enrolled: World, told: Told, clock: Traveller, leave: Callable[[World], None]
) -> None:
    waiting_digest(enrolled, told, clock)
    leave(enrolled)
    come_back(told, clock)
    assert addresses(told) == {f"county-{kind}@changtong.example" for kind in KINDS}
    [theirs] = [one for one in deliveries() if one.address == ADDRESS]
    assert (theirs.state, theirs.outcome) == (State.CLOSED, "unwanted")
    assert theirs.ended_at is not None
    decide(None, theirs.id, Action.RETRY)  # nor does the operator send it
    deliver()
    assert ADDRESS not in addresses(told)


KINDS = ("reader", "approver", "liaison", "duty")


def test_an_urgent_notice_is_not_sent_to_somebody_who_left_while_it_waited(
    enrolled: World, told: Told, clock: Traveller
) -> None:
    told.down = "away"
    published(enrolled, urgency=Urgency.URGENT)
    work()
    assert ADDRESS in {one.address for one in deliveries()}
    keeps_digests = WishInput(rhythm=Rhythm.WORKDAYS, urgent_at_once=False)
    choose(enrolled.actor(CLERK), Channel.MAIL, keeps_digests)
    come_back(told, clock)
    assert "county-reader@changtong.example" in addresses(told)
    assert ADDRESS not in addresses(told)


def test_another_rhythm_drops_nothing(enrolled: World, told: Told, clock: Traveller) -> None:
    waiting_digest(enrolled, told, clock)
    weekly = WishInput(rhythm=Rhythm.WEEKLY, weekdays=[3])
    choose(enrolled.actor(CLERK), Channel.MAIL, weekly)
    come_back(told, clock)
    assert ADDRESS in addresses(told)


def test_nothing_waiting_is_sent_outside_once_it_was_ended(
    enrolled: World, told: Told, clock: Traveller
) -> None:
    recipient = outsider(enrolled)
    waiting_digest(enrolled, told, clock)
    outside.end(enrolled.actor("system"), recipient.id)
    come_back(told, clock)
    assert ADDRESS in addresses(told)
    assert "li@else.example" not in addresses(told)


def test_a_code_is_sent_to_somebody_who_wants_no_digests(enrolled: World, told: Told) -> None:
    turn_off(enrolled)
    contact = ask_for_code(enrolled)
    work()
    [parcel] = told.parcels
    assert parcel.address == contact.address
    assert codes.code(contact)
    assert recipient_of(enrolled.people[CLERK]).ended_at is None
