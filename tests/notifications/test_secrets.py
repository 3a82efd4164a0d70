"""Codes and invitations: made when they are sent, kept nowhere, sent only where they prove."""

from datetime import timedelta

import pytest
from sqlalchemy import select
from time_machine import Traveller

from agencies import contacts as codes
from agencies.models import Contact, Invitation
from agencies.services import contacts as contact_service
from agencies.services import invitations
from agencies.states import Channel, Way
from config import clock as now_of
from config.database import db, writing
from notifications.states import State
from tests.notifications.hours import deliveries, work
from tests.notifications.providers import Told
from tests.worlds import World


def ask_for_code(world: World, channel: Channel = Channel.MAIL) -> Contact:
    clerk = world.actor("county-clerk")
    with writing():
        contact = db.session.scalars(
            select(Contact).where(Contact.person_id == clerk.person_id, Contact.channel == channel)
        ).one()
        contact.verified_at = None
    contact_service.send_code(world.actor("county-clerk"), contact.id)
    return contact


def ask_for_code_numbered(world: World, number: int) -> Contact:
    """A code for the address that has this number, whoever has it."""
    with writing():
        contact = db.session.get_one(Contact, number)
        contact.verified_at = None
    names = {person_id: name for name, person_id in world.people.items()}
    contact_service.send_code(world.actor(names[contact.person_id]), number)
    return contact


@pytest.mark.parametrize("channel", Channel)
def test_a_code_is_made_when_it_is_sent_and_kept_nowhere(
    enrolled: World, told: Told, channel: Channel
) -> None:
    contact = ask_for_code(enrolled, channel)
    work()
    [parcel] = told.parcels
    assert parcel.address == contact.address
    code = codes.code(contact)
    if channel == Channel.SMS:
        assert code in parcel.body.decode()
    for table in db.metadata.sorted_tables:
        for row in db.session.execute(select(table)):
            assert not any(code == part for value in row for part in str(value).split())


def test_an_old_code_is_not_sent_any_more(enrolled: World, told: Told, clock: Traveller) -> None:
    ask_for_code(enrolled)
    told.down = "away"
    work()
    clock.shift(timedelta(minutes=11))
    told.down = ""
    work()
    assert told.parcels == []
    [one] = deliveries()
    assert (one.state, one.outcome) == (State.FAILED, "obsolete")


def test_a_code_never_goes_to_an_address_that_was_changed_meanwhile(
    enrolled: World, told: Told, clock: Traveller
) -> None:
    contact = ask_for_code(enrolled)
    told.down = "away"
    work()
    with writing():
        row = db.session.get_one(Contact, contact.id)
        row.address, row.code_sent_at = "new@changtong.example", now_of.now()
    told.down = ""
    clock.shift(timedelta(minutes=1))
    work()
    assert told.parcels == []
    assert {one.outcome for one in deliveries()} == {"obsolete"}


def invite(world: World, way: Way) -> Invitation:
    return invitations.invite(world.actor("security"), world.people["county-clerk"], way)


def test_an_invitation_is_sent_and_a_slip_is_not(enrolled: World, told: Told) -> None:
    with writing():
        person = enrolled.actor("county-clerk").person
        person.password = "set"
    invite(enrolled, Way.SLIP)
    work()
    assert told.parcels == []
    invite(enrolled, Way.SMS)
    work()
    [parcel] = told.parcels
    assert "/invitation/" in parcel.body.decode()
    invite(enrolled, Way.MAIL)  # ends the one before
    work()
    assert len(told.parcels) == 2


def test_an_invitation_that_was_replaced_is_not_sent(
    enrolled: World, told: Told, clock: Traveller
) -> None:
    with writing():
        enrolled.actor("county-clerk").person.password = "set"
    told.down = "away"
    invite(enrolled, Way.MAIL)
    work()
    invite(enrolled, Way.MAIL)
    told.down = ""
    clock.shift(timedelta(minutes=1))
    work()
    assert len(told.parcels) == 1
    assert sorted(one.outcome for one in deliveries()) == ["accepted", "obsolete"]
