"""A paper that is void or repealed is told of at once to whoever has it or was told of it."""

from datetime import date, timedelta

from sqlalchemy import select, update

from agencies.models import Tenure
from agencies.states import Channel, SeatKind
from bulletins import services
from bulletins.decisions import RepealInput, VoidInput
from bulletins.services.checks import today
from bulletins.states import Urgency
from config import clock
from config.database import db, writing
from notifications.inputs import WishInput
from notifications.models import Notice
from notifications.services.subscriptions import choose
from notifications.states import Kind
from tests.bulletins.papers import published, receipt_of
from tests.bulletins.relays import relayed
from tests.notifications.hours import deliveries, recipient_of, texts_to, work
from tests.notifications.outsiders import joined
from tests.notifications.providers import Told
from tests.worlds import World, seat_person


def void(world: World, bulletin_id: int, **given: object) -> None:
    data = VoidInput.model_validate({"reason": "限值有误。", **given})
    services.void(world.actor("province-approver"), bulletin_id, data)


def told_it_ended() -> list[int]:
    """Recipients of notices that a paper ended, as often as each was told."""
    of_ended = select(Notice.id).where(Notice.kind == Kind.ENDED)
    ids = set(db.session.scalars(of_ended))
    return sorted(one.recipient_id for one in deliveries() if one.notice_id in ids)


def everybody(world: World, *agencies: str) -> list[int]:
    names = [f"{agency}-{kind}" for agency in agencies for kind in SeatKind]
    return sorted(recipient_of(world.people[name]).id for name in names)


def test_a_void_paper_is_told_at_once_wherever_it_went(enrolled: World, told: Told) -> None:
    city = enrolled.agencies["city"]
    paper = published(enrolled, to_all=False, to_agencies=[city])
    relayed(enrolled, paper)
    work()
    assert deliveries() == []  # it was not urgent
    void(enrolled, paper.id)
    work()
    assert told_it_ended() == everybody(enrolled, "city", "county", "sibling")
    [text] = texts_to(enrolled.people["county-reader"])
    assert "已撤销" in text
    reader = recipient_of(enrolled.people["county-reader"]).id
    [notice] = db.session.scalars(select(Notice).where(Notice.recipient_id == reader))
    assert notice.receipt_id == receipt_of(enrolled, "county", paper).id


def test_a_paper_repealed_from_a_later_day_says_from_which(enrolled: World, told: Told) -> None:
    paper, other = published(enrolled), published(enrolled, title="关于新限值的通知")
    data = RepealInput(
        reason="另有规定。", ended_on=today() + timedelta(days=6), replaced_by_id=other.id
    )
    services.repeal(enrolled.actor("province-approver"), paper.id, data)
    work()
    [text] = texts_to(enrolled.people["county-clerk"])
    assert f"自 {date(2018, 5, 10)} 起废止" in text
    assert "由《关于新限值的通知》代替" in text


def test_whoever_holds_two_seats_is_told_once(enrolled: World, told: Told) -> None:
    clerk = enrolled.people["county-clerk"]
    with writing():
        seat_person(clerk, enrolled.agencies["city"], SeatKind.LIAISON, "二")
    void(enrolled, published(enrolled).id)
    work()
    assert told_it_ended().count(recipient_of(clerk).id) == 1


def test_whoever_was_told_of_it_and_has_left_is_told_too(enrolled: World, told: Told) -> None:
    paper = published(enrolled, urgency=Urgency.URGENT)
    work()
    clerk = enrolled.people["county-clerk"]
    with writing():
        leaving = update(Tenure).where(Tenure.person_id == clerk).values(ended_at=clock.now())
        db.session.execute(leaving)
    void(enrolled, paper.id)
    work()
    assert told_it_ended().count(recipient_of(clerk).id) == 1


def test_somebody_outside_is_told_too(enrolled: World, told: Told) -> None:
    asked = {"name": "李四", "agency": "130102", "phone": "13800138000", "urgent_at_once": True}
    joined(enrolled, asked)
    void(enrolled, published(enrolled).id)
    work()
    theirs = [parcel.body.decode() for parcel in told.parcels if parcel.address == "+8613800138000"]
    assert len(theirs) == 1
    assert "已撤销" in theirs[0]


def test_nobody_is_told_who_does_not_want_it_at_once(enrolled: World, told: Told) -> None:
    paper = published(enrolled, urgency=Urgency.URGENT)
    work()
    choose(enrolled.actor("county-clerk"), Channel.MAIL, WishInput())
    void(enrolled, paper.id)
    work()
    told_people = told_it_ended()
    assert recipient_of(enrolled.people["county-clerk"]).id not in told_people
    assert recipient_of(enrolled.people["county-reader"]).id in told_people
