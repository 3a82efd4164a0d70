"""Notices at once: urgent papers, reminders, invitations, codes; each told once."""

from datetime import date

import pytest
from sqlalchemy import event, select

from agencies.models import Absence, Contact, Tenure
from agencies.states import Channel, SeatKind
from bulletins import services
from bulletins.states import Urgency, Waiting
from config import clock as now_of
from config.database import db, writing
from config.handling import Handling
from config.journal import Entry
from notifications.inputs import WishInput
from notifications.models import Delivery, Message, Notice
from notifications.services.notices import announce
from notifications.services.subscriptions import choose
from notifications.states import Kind, WorkState
from tests.bulletins.papers import published, receipt_of
from tests.notifications.hours import deliveries, handle, recipient_of, work
from tests.notifications.providers import Told
from tests.worlds import World


def people_told() -> list[int]:
    """Who was told by mail, as recipient ids."""
    return sorted(one.recipient_id for one in deliveries() if one.channel == Channel.MAIL)


def in_seats(world: World, agencies: list[str], kinds: set[SeatKind]) -> list[int]:
    names = [f"{agency}-{kind}" for agency in agencies for kind in kinds]
    return sorted(recipient_of(world.people[name]).id for name in names)


BELOW = ["city", "other_city", "county", "sibling", "other_county", "enterprise"]


@pytest.mark.parametrize("urgency", [Urgency.URGENT, Urgency.FLASH])
def test_an_urgent_paper_is_told_at_once_to_every_seat_that_got_it(
    enrolled: World, told: Told, urgency: Urgency
) -> None:
    published(enrolled, urgency=urgency)
    work()
    assert people_told() == in_seats(enrolled, BELOW, set(SeatKind))
    assert {one.urgent for one in deliveries()} == {True}
    assert len(told.parcels) == len(deliveries())


def test_a_normal_paper_waits_for_the_digest(enrolled: World, told: Told) -> None:
    published(enrolled)
    work()
    assert deliveries() == []


def test_all_share_one_message_and_each_has_a_link_of_their_own(
    enrolled: World, told: Told
) -> None:
    paper = published(enrolled, urgency=Urgency.URGENT)
    work()
    assert len(db.session.scalars(select(Message)).all()) == 1
    receipt = receipt_of(enrolled, "county", paper)
    notice = db.session.scalars(
        select(Notice).where(
            Notice.recipient_id == recipient_of(enrolled.people["county-clerk"]).id
        )
    ).one()
    assert notice.receipt_id == receipt.id


def test_whoever_does_not_want_it_at_once_is_left_alone(enrolled: World, told: Told) -> None:
    choose(enrolled.actor("county-clerk"), Channel.MAIL, WishInput())
    choose(enrolled.actor("county-reader"), Channel.SMS, WishInput(urgent_at_once=True))
    published(enrolled, urgency=Urgency.URGENT)
    work()
    told_on = {(one.recipient_id, one.channel) for one in deliveries()}
    clerk, reader = (recipient_of(enrolled.people[f"county-{k}"]).id for k in ("clerk", "reader"))
    assert (clerk, "mail") not in told_on
    assert {(reader, "mail"), (reader, "sms")} <= told_on


def test_a_deputy_is_told_for_one_who_is_away(enrolled: World, told: Told) -> None:
    holder, deputy = enrolled.people["county-clerk"], enrolled.people["unrelated-clerk"]
    with writing():
        seat_id = db.session.scalars(select(Tenure.seat_id).where(Tenure.person_id == holder)).one()
        db.session.add(
            Tenure(seat_id=seat_id, person_id=deputy, is_deputy=True, began_at=now_of.now())
        )
    published(enrolled, urgency=Urgency.URGENT)
    work()
    assert recipient_of(deputy).id not in people_told()
    day = date(2018, 5, 4)
    with writing():
        db.session.add(
            Absence(person_id=holder, from_day=day, until_day=day, created_at=now_of.now())
        )
    published(enrolled, urgency=Urgency.URGENT)
    work()
    assert people_told().count(recipient_of(deputy).id) == 1


def test_the_same_entry_handled_twice_tells_nobody_twice(enrolled: World, told: Told) -> None:
    published(enrolled, urgency=Urgency.URGENT)
    work()
    before = len(deliveries())
    with writing():
        for handling in db.session.scalars(select(Handling)):
            handling.done_at = None
    work()
    assert len(deliveries()) == before


def test_telling_many_takes_two_statements(enrolled: World, told: Told) -> None:
    paper = published(enrolled, urgency=Urgency.URGENT)
    entry = db.session.scalars(
        select(Entry).where(
            Entry.kind == "bulletin.published",
            Entry.subject_id == paper.id,
        )
    ).one()
    seen: list[str] = []

    def note(*args: object) -> None:
        seen.append(str(args[2]))

    with writing():
        event.listen(db.engine, "before_cursor_execute", note)
        announce(entry)
        event.remove(db.engine, "before_cursor_execute", note)
    assert len([statement for statement in seen if statement.startswith("INSERT")]) == 2
    assert len(seen) <= 4


def test_a_reminder_goes_to_those_who_deal_with_papers(enrolled: World, told: Told) -> None:
    paper = published(enrolled)
    for agency in BELOW[1:]:
        services.acknowledge(
            enrolled.actor(f"{agency}-clerk"), receipt_of(enrolled, agency, paper).id
        )
    services.remind(enrolled.actor("province-clerk"), paper.id, Waiting.UNACKNOWLEDGED)
    work()
    assert people_told() == in_seats(enrolled, ["city"], set(SeatKind) - {SeatKind.READER})
    assert {notice.kind for notice in db.session.scalars(select(Notice))} == {Kind.REMINDER}


def test_a_notice_to_an_address_that_is_gone_is_dropped(enrolled: World, told: Told) -> None:
    published(enrolled, urgency=Urgency.URGENT)
    handle()
    clerk = enrolled.people["county-clerk"]
    with writing():
        for contact in db.session.scalars(select(Contact).where(Contact.person_id == clerk)):
            contact.verified_at = None
    work()
    notice = db.session.scalars(
        select(Notice).where(Notice.recipient_id == recipient_of(clerk).id)
    ).one()
    assert notice.state == WorkState.UNREACHABLE
    assert db.session.scalars(select(Delivery).where(Delivery.notice_id == notice.id)).all() == []
