"""The digest hour: what each gets, once, and what is shared."""

from datetime import UTC, date, datetime, timedelta

import pytest
from apiflask import APIFlask
from sqlalchemy import event, func, select, update
from time_machine import Traveller

from agencies.models import Absence, Contact, Person, Tenure
from agencies.states import Channel, SeatKind
from config import clock as now_of
from config import journal
from config.database import db, writing
from config.settling import settle_all
from notifications import words
from notifications.models import Delivery, Digest, Message, Subscription
from notifications.services.digests import compose_due, run_due
from notifications.services.due import schedule_due
from notifications.states import WorkState
from tests.bulletins.papers import published
from tests.notifications import news
from tests.notifications.hours import (
    deliveries,
    digests,
    handle,
    recipient_of,
    subscription_of,
    texts_to,
    told_to,
    work,
)
from tests.worlds import World, seat_person

MONDAY = datetime(2018, 5, 7, tzinfo=UTC)  # eight o'clock in Shanghai
TUESDAY = MONDAY + timedelta(days=1)


@pytest.fixture(autouse=True)
def _nothing_to_do() -> None:
    news.tasks.clear()
    news.questions.clear()


@pytest.fixture
def enrolled(province: World) -> World:
    """Everybody has the digest that is there by default."""
    handle()
    return province


def everybody(world: World) -> list[int]:
    return [one for name, one in world.people.items() if "-" in name]


def test_whoever_has_a_seat_and_an_address_gets_a_digest_on_working_days(enrolled: World) -> None:
    wishes = db.session.scalars(select(Subscription)).all()
    assert len(wishes) == len(everybody(enrolled))
    assert {(one.channel, one.rhythm, one.hour, one.urgent_at_once) for one in wishes} == {
        ("mail", "workdays", 8, True)
    }
    assert {one.next_due_at for one in wishes} == {MONDAY}


def test_all_seats_of_an_agency_are_told_the_same_once(enrolled: World, clock: Traveller) -> None:
    first, second = news.tell(enrolled.agencies["county"]), news.tell(enrolled.agencies["county"])
    news.tell(enrolled.agencies["city"])
    clock.move_to(MONDAY)
    work()
    for kind in SeatKind:
        assert told_to(enrolled.people[f"county-{kind}"]) == [[first, second]]
    assert db.session.scalar(select(func.count()).select_from(Message)) == 2
    assert len(deliveries()) == 2 * len(SeatKind)


def test_nothing_to_say_sends_nothing_and_moves_on(enrolled: World, clock: Traveller) -> None:
    clerk = enrolled.people["county-clerk"]
    news.tell(enrolled.agencies["city"])
    clock.move_to(MONDAY)
    work()
    assert texts_to(clerk) == []
    state = db.session.scalars(
        select(Digest.state).where(Digest.recipient_id == recipient_of(clerk).id)
    ).one()
    assert state == WorkState.EMPTY
    assert subscription_of(clerk).cursor == journal.head()
    assert subscription_of(clerk).next_due_at == TUESDAY


def test_a_digest_comes_once_an_hour(enrolled: World, clock: Traveller) -> None:
    news.tell(enrolled.agencies["county"])
    clock.move_to(MONDAY)
    work()
    work()
    work(MONDAY)
    assert len(told_to(enrolled.people["county-clerk"])) == 1


def test_after_an_outage_one_digest_tells_all_that_piled_up(
    enrolled: World, clock: Traveller
) -> None:
    told = [news.tell(enrolled.agencies["county"])]
    clock.move_to(TUESDAY)
    told.append(news.tell(enrolled.agencies["county"]))
    clock.move_to(TUESDAY + timedelta(days=6, hours=5))
    told.append(news.tell(enrolled.agencies["county"]))
    work()
    clerk = enrolled.people["county-clerk"]
    assert told_to(clerk) == [told]
    assert subscription_of(clerk).next_due_at == TUESDAY + timedelta(days=7)


def test_what_waits_is_told_of_seats_held_now(enrolled: World, clock: Traveller) -> None:
    news.tasks[enrolled.agencies["county"]] = 3
    _leave(enrolled.people["county-reader"])
    clock.move_to(MONDAY)
    work()
    [text] = texts_to(enrolled.people["county-clerk"])
    assert "【待办任务】3" in text
    assert "另有 2 项" in text
    assert texts_to(enrolled.people["county-reader"]) == []


def _leave(person_id: int) -> None:
    with writing():
        tenure = db.session.scalars(select(Tenure).where(Tenure.person_id == person_id)).one()
        entry = journal.record("seat.left", subject=("tenure", tenure.id), holder=person_id)
        tenure.ended_at, tenure.ended_entry_id = now_of.now(), entry.id
    settle_all()


def test_a_seat_is_told_what_came_while_it_was_held(enrolled: World, clock: Traveller) -> None:
    leaver, county = enrolled.people["county-reader"], enrolled.agencies["county"]
    before = news.tell(county)
    _leave(leaver)
    news.tell(county)
    clock.move_to(MONDAY)
    work()
    assert told_to(leaver) == [[before]]


def test_two_seats_in_one_agency_tell_it_once(enrolled: World, clock: Traveller) -> None:
    clerk, county = enrolled.people["county-clerk"], enrolled.agencies["county"]
    first = news.tell(county)
    with writing():
        seat_person(clerk, county, SeatKind.READER, label="second")
    second = news.tell(county)
    clock.move_to(MONDAY)
    work()
    assert told_to(clerk) == [[first, second]]


def test_seats_in_two_agencies_are_told_under_their_names(
    enrolled: World, clock: Traveller
) -> None:
    clerk = enrolled.people["county-clerk"]
    with writing():
        seat_person(clerk, enrolled.agencies["city"], SeatKind.READER, label="second")
    settle_all()
    one, other = news.tell(enrolled.agencies["county"]), news.tell(enrolled.agencies["city"])
    clock.move_to(MONDAY)
    work()
    [text] = texts_to(clerk)
    assert f"== 长安区市场监督管理局 ==\n\n【新到公文】1\n· news-{one}." in text
    assert f"== 石家庄市市场监督管理局 ==\n\n【新到公文】1\n· news-{other}." in text


def test_a_seat_taken_later_is_not_told_what_came_before(enrolled: World, clock: Traveller) -> None:
    clerk = enrolled.people["county-clerk"]
    news.tell(enrolled.agencies["city"])
    with writing():
        seat_person(clerk, enrolled.agencies["city"], SeatKind.READER, label="second")
    later = news.tell(enrolled.agencies["city"])
    clock.move_to(MONDAY)
    work()
    assert told_to(clerk) == [[later]]


def test_a_seat_whose_taking_is_not_settled_yet_is_told_nothing_new(
    enrolled: World, clock: Traveller
) -> None:
    reader = enrolled.people["county-reader"]
    news.tell(enrolled.agencies["city"])
    clock.move_to(MONDAY)
    schedule_due(MONDAY)
    with writing():
        seat_person(reader, enrolled.agencies["city"], SeatKind.READER, label="second")
    news.tasks[enrolled.agencies["city"]] = 1
    compose_due()
    [text] = texts_to(reader)
    assert "【待办任务】1" in text
    assert "新到公文" not in text


@pytest.mark.parametrize("is_away", [True, False])
def test_a_deputy_is_told_while_the_holder_is_away(
    enrolled: World, clock: Traveller, is_away: bool
) -> None:
    holder, deputy = enrolled.people["county-clerk"], enrolled.people["sibling-clerk"]
    with writing():
        seat_id = db.session.scalars(select(Tenure.seat_id).where(Tenure.person_id == holder)).one()
        tenure = Tenure(seat_id=seat_id, person_id=deputy, is_deputy=True, began_at=now_of.now())
        db.session.add(tenure)
        db.session.flush()
        entry = journal.record("seat.taken", subject=("tenure", tenure.id), holder=deputy)
        tenure.began_entry_id = entry.id
        if is_away:
            day = date(2018, 5, 7)
            db.session.add(
                Absence(person_id=holder, from_day=day, until_day=day, created_at=now_of.now())
            )
    settle_all()
    told = news.tell(enrolled.agencies["county"])
    news.tasks[enrolled.agencies["county"]] = 1
    clock.move_to(MONDAY)
    work()
    assert told_to(deputy) == ([[told]] if is_away else [])
    assert told_to(holder) == [[told]]


def test_each_language_has_its_own_words(enrolled: World, clock: Traveller) -> None:
    reader = enrolled.people["county-reader"]
    with writing():
        db.session.get_one(Person, reader).language = "en"
    news.tasks[enrolled.agencies["county"]] = 1
    clock.move_to(MONDAY)
    work()
    [text] = texts_to(reader)
    assert "Changtong" not in text
    assert "Change how you are told" in text


def test_whoever_lost_their_address_is_told_all_once_they_have_one_again(
    enrolled: World, clock: Traveller
) -> None:
    clerk = enrolled.people["county-clerk"]
    first = news.tell(enrolled.agencies["county"])
    _set_verified(clerk, None)
    clock.move_to(MONDAY)
    work()
    assert texts_to(clerk) == []
    second = news.tell(enrolled.agencies["county"])
    _set_verified(clerk, now_of.now())
    clock.move_to(TUESDAY)
    work()
    assert told_to(clerk) == [[first, second]]


def test_an_address_lost_between_due_and_composing_loses_no_news(
    enrolled: World, clock: Traveller
) -> None:
    clerk = enrolled.people["county-clerk"]
    first = news.tell(enrolled.agencies["county"])
    clock.move_to(MONDAY)
    schedule_due(MONDAY)
    _set_verified(clerk, None)
    compose_due()
    assert texts_to(clerk) == []
    _set_verified(clerk, now_of.now())
    clock.move_to(TUESDAY)
    work()
    assert told_to(clerk) == [[first]]


def _set_verified(person_id: int, at: datetime | None) -> None:
    with writing():
        db.session.execute(
            update(Contact)
            .where(Contact.person_id == person_id, Contact.channel == Channel.MAIL)
            .values(verified_at=at)
        )


def test_questions_grow_with_stretches_not_with_people_or_agencies(
    app: APIFlask, enrolled: World, clock: Traveller
) -> None:
    for agency_id in enrolled.agencies.values():
        news.tell(agency_id)
    clock.move_to(MONDAY)
    settle_all()
    count = _statements(app, lambda: run_due(MONDAY))
    assert [kind for kind, _ in news.questions] == ["tasks", "news"]
    assert len(digests()) == len(everybody(enrolled))
    assert count < 30


def _statements(app: APIFlask, work: object) -> int:
    seen = []

    def note(*args: object) -> None:
        seen.append(args[2])

    event.listen(db.engine, "before_cursor_execute", note)
    work()  # type: ignore[operator]
    event.remove(db.engine, "before_cursor_execute", note)
    return len(seen)


def test_a_digest_sent_ahead_of_its_hour_does_not_come_again(
    enrolled: World, clock: Traveller
) -> None:
    told = news.tell(enrolled.agencies["county"])
    work(MONDAY)
    clock.move_to(MONDAY)
    work()
    assert told_to(enrolled.people["county-clerk"]) == [[told]]


def test_one_digest_that_can_not_be_composed_holds_up_no_other(
    app: APIFlask, enrolled: World, clock: Traveller, monkeypatch: pytest.MonkeyPatch
) -> None:
    news.tell(enrolled.agencies["county"])
    news.tell(enrolled.agencies["city"])
    clock.move_to(MONDAY)
    real = words.of_digest

    def broken(blocks, *rest):  # type: ignore[no-untyped-def]
        if blocks[0].agency_id == enrolled.agencies["county"]:
            raise ValueError("broken")
        return real(blocks, *rest)

    monkeypatch.setattr(words, "of_digest", broken)
    work()
    assert texts_to(enrolled.people["county-clerk"]) == []
    assert len(texts_to(enrolled.people["city-clerk"])) == 1
    monkeypatch.undo()
    work()
    assert len(texts_to(enrolled.people["county-clerk"])) == 1


def test_deliveries_carry_the_address_of_composing(enrolled: World, clock: Traveller) -> None:
    news.tell(enrolled.agencies["county"])
    clock.move_to(MONDAY)
    run_due(MONDAY)
    clerk = enrolled.people["county-clerk"]
    delivery = db.session.scalars(
        select(Delivery).where(Delivery.recipient_id == recipient_of(clerk).id)
    ).one()
    assert delivery.address == "county-clerk@changtong.example"


def test_what_waits_is_not_listed_again_as_new(
    app: APIFlask, world: World, clock: Traveller
) -> None:
    handle()
    published(world, title="甲通知")
    published(world, title="乙通知", needs_acknowledgement=False)
    clock.move_to(MONDAY)
    work()
    [text] = texts_to(world.people["county-clerk"])
    assert text.count("甲通知") == text.count("乙通知") == 1
    assert "【待签收】1\n" in text
    assert "【新到公文】1\n" in text
