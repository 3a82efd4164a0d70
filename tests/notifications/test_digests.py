"""The digest hour: what each gets, once, and what is shared."""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime, timedelta

import pytest
from apiflask import APIFlask
from flask.testing import FlaskClient
from flask_babel import lazy_gettext as _l
from sqlalchemy import event, func, select, update
from time_machine import Traveller

from agencies.models import Contact, Person
from agencies.states import Channel, SeatKind
from config import clock as now_of
from config import journal
from config.database import db, writing
from config.sections import Part, Section, Span
from config.settling import settle_all
from notifications import words
from notifications.models import Delivery, Digest, Message, Subscription
from notifications.services.digests import compose_due, run_due
from notifications.services.due import schedule_due
from notifications.states import WorkState
from tests.bulletins.papers import published
from tests.notifications import news
from tests.notifications.hours import (
    MONDAY,
    TUESDAY,
    deliveries,
    digests,
    handle,
    recipient_of,
    subscription_of,
    texts_to,
    told_to,
    work,
)
from tests.worlds import World

Browsers = Callable[[int], FlaskClient]


def everybody(world: World) -> list[int]:
    return [one for name, one in world.people.items() if "-" in name]


def test_whoever_has_a_seat_and_an_address_gets_a_digest_on_working_days(enrolled: World) -> None:
    wishes = db.session.scalars(select(Subscription)).all()
    assert len(wishes) == len(everybody(enrolled))
    assert {(one.channel, one.rhythm, one.times, one.urgent_at_once) for one in wishes} == {
        ("mail", "workdays", "08:00", True)
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
    assert count < 45


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
    clock.shift(timedelta(minutes=2))
    work()
    assert len(texts_to(enrolled.people["county-clerk"])) == 1


def test_a_section_that_fails_for_one_agency_holds_up_no_other(
    app: APIFlask, enrolled: World, clock: Traveller, browser_of: Browsers
) -> None:
    county, asked = enrolled.agencies["county"], []

    def broken(agency_ids: Sequence[int], _span: Span) -> Mapping[int, Part]:
        asked.append(list(agency_ids))
        if county in agency_ids:
            raise ValueError("broken")
        return {}

    section = Section("broken", _l("坏"), _l("坏%(count)s"), 5, False, broken)
    app.extensions["sections"].append(section)
    for agency_id in enrolled.agencies.values():
        news.tell(agency_id)
    clock.move_to(MONDAY)
    work()
    assert texts_to(enrolled.people["county-clerk"]) == []
    for name in ("province", "city", "sibling", "other_county"):
        assert len(texts_to(enrolled.people[f"{name}-clerk"])) == 1
    known = len(asked)
    clock.shift(timedelta(seconds=5))
    work()
    assert len(asked) == known  # it is left alone for a while
    clock.shift(timedelta(minutes=1))
    work()
    clock.shift(timedelta(minutes=2))
    work()
    waiting = [one for one in digests() if one.state == WorkState.DUE]
    assert {one.failures for one in waiting} == {2}  # and then for longer
    system = browser_of(enrolled.people["system"])
    assert f"有 {len(waiting)} 份摘要编不出来" in system.get("/deliveries").text
    assert "编不出来的摘要" in system.get("/").text
    app.extensions["sections"].remove(section)
    clock.shift(timedelta(minutes=10))
    work()
    assert len(texts_to(enrolled.people["county-clerk"])) == 1
    assert "编不出来" not in system.get("/deliveries").text


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
