"""Rhythms: at once, several times a day, once a month; what a digest says that it covers."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from apiflask import APIFlask
from flask_babel import lazy_gettext as _l
from sqlalchemy import update
from time_machine import Traveller

from agencies.models import Person
from agencies.states import Channel
from config import journal
from config.database import db, writing
from config.sections import Section
from notifications.inputs import WishInput
from notifications.models import Subscription
from notifications.schedule import WINDOW
from notifications.services.subscriptions import choose
from tests.notifications import news
from tests.notifications.hours import (
    MONDAY,
    TUESDAY,
    digests,
    handle,
    recipient_of,
    subscription_of,
    texts_to,
    told_to,
    work,
)
from tests.worlds import World

SHANGHAI = ZoneInfo("Asia/Shanghai")
CLERK = "county-clerk"


def wish(world: World, **given: object) -> int:
    """Choose by mail; returns whose choice it is."""
    actor = world.actor(CLERK)
    choose(actor, Channel.MAIL, WishInput.model_validate(given))
    assert actor.person_id
    return actor.person_id


def pass_window(clock: Traveller) -> None:
    clock.shift(WINDOW)
    work()


# ---- at once ----------------------------------------------------------------------------------


def test_at_once_a_burst_is_one_digest(enrolled: World, clock: Traveller) -> None:
    clerk, county = wish(enrolled, rhythm="at_once"), enrolled.agencies["county"]
    first = news.tell(county)
    work()
    assert told_to(clerk) == []  # more may follow
    clock.shift(WINDOW / 2)
    second = news.tell(county)
    work()
    clock.shift(WINDOW / 2)
    work()
    assert told_to(clerk) == [[first, second]]
    pass_window(clock)
    assert told_to(clerk) == [[first, second]]
    third = news.tell(county)
    work()
    pass_window(clock)
    assert told_to(clerk) == [[first, second], [third]]


def test_at_once_what_merely_waits_is_not_told(enrolled: World, clock: Traveller) -> None:
    clerk = wish(enrolled, rhythm="at_once")
    news.tasks[enrolled.agencies["county"]] = 1
    for _ in range(3):
        pass_window(clock)
    assert texts_to(clerk) == []
    news.tell(enrolled.agencies["county"])
    work()
    pass_window(clock)
    [text] = texts_to(clerk)
    assert "待办任务" not in text


def test_at_once_news_of_others_makes_no_digest_and_moves_on(
    enrolled: World, clock: Traveller
) -> None:
    clerk = wish(enrolled, rhythm="at_once")
    news.tell(enrolled.agencies["sibling"])
    work()
    pass_window(clock)
    mine = recipient_of(clerk).id
    assert [one for one in digests() if one.recipient_id == mine] == []
    assert subscription_of(clerk).cursor == journal.head()


def test_at_once_after_an_outage_it_is_one_digest(enrolled: World, clock: Traveller) -> None:
    clerk, told = wish(enrolled, rhythm="at_once"), []
    for _ in range(4):
        told.append(news.tell(enrolled.agencies["county"]))
        clock.shift(timedelta(hours=9))
    work()
    pass_window(clock)
    assert told_to(clerk) == [told]


def test_at_once_a_section_that_fails_delays_and_loses_nothing(
    app: APIFlask, enrolled: World, clock: Traveller
) -> None:
    def broken(*_: object) -> dict[int, object]:
        raise ValueError("broken")

    clerk = wish(enrolled, rhythm="at_once")
    section = Section("broken", _l("坏"), _l("坏%(count)s"), 5, True, broken)  # type: ignore[arg-type]
    app.extensions["sections"].append(section)
    told = news.tell(enrolled.agencies["county"])
    work()
    pass_window(clock)
    app.extensions["sections"].remove(section)
    clock.shift(timedelta(hours=1))
    work()
    assert told_to(clerk) == [[told]]


def test_from_daily_to_at_once_and_back_everything_is_told_once(
    enrolled: World, clock: Traveller
) -> None:
    county = enrolled.agencies["county"]
    first = news.tell(county)
    clerk = wish(enrolled, rhythm="at_once")
    work()
    pass_window(clock)
    second = news.tell(county)
    wish(enrolled, rhythm="workdays")
    clock.move_to(MONDAY)
    work()
    assert told_to(clerk) == [[first], [second]]


# ---- set times --------------------------------------------------------------------------------


def test_several_times_a_day(enrolled: World, clock: Traveller) -> None:
    clerk = wish(enrolled, rhythm="workdays", times=["17:30", "08:00", "11:45"])
    told = []
    for at in ("2018-05-04T11:45", "2018-05-04T17:30", "2018-05-07T08:00"):
        told.append([news.tell(enrolled.agencies["county"])])
        due = datetime.fromisoformat(at).replace(tzinfo=SHANGHAI)
        assert subscription_of(clerk).next_due_at == due
        clock.move_to(due)
        work()
    assert told_to(clerk) == told


def test_after_an_outage_over_several_times_it_is_one_digest(
    enrolled: World, clock: Traveller
) -> None:
    clerk = wish(enrolled, rhythm="workdays", times=["08:00", "12:00", "17:00"])
    told = [news.tell(enrolled.agencies["county"])]
    clock.move_to(TUESDAY + timedelta(hours=5))
    told.append(news.tell(enrolled.agencies["county"]))
    work()
    work()
    assert told_to(clerk) == [told]
    assert subscription_of(clerk).next_due_at == TUESDAY + timedelta(hours=9)


def test_once_a_month_on_its_last_day_where_it_is_too_short(
    enrolled: World, clock: Traveller
) -> None:
    clerk = wish(enrolled, rhythm="monthly", month_day=31, times=["09:00"])
    dues = []
    for _ in range(3):
        due = subscription_of(clerk).next_due_at
        assert due
        dues.append(due.astimezone(SHANGHAI).date().isoformat())
        news.tell(enrolled.agencies["county"])
        clock.move_to(due)
        work()
    assert dues == ["2018-05-31", "2018-06-30", "2018-07-31"]
    assert len(told_to(clerk)) == 3


def test_a_clock_that_was_ahead_for_a_while_silences_nobody(
    enrolled: World, clock: Traveller
) -> None:
    clerk, county = enrolled.people[CLERK], enrolled.agencies["county"]
    first = news.tell(county)
    clock.move_to(MONDAY + timedelta(days=366))
    work()
    second = news.tell(county)
    clock.move_to(MONDAY + timedelta(hours=2))
    work()
    assert subscription_of(clerk).next_due_at == TUESDAY
    clock.move_to(TUESDAY)
    work()
    assert told_to(clerk) == [[first], [second]]
    assert "截至" in texts_to(clerk)[1]  # what it covers began in a future that never came


# ---- what it covers ---------------------------------------------------------------------------


def test_a_digest_says_which_span_it_covers(enrolled: World, clock: Traveller) -> None:
    clerk, county = enrolled.people[CLERK], enrolled.agencies["county"]
    for at in (MONDAY, TUESDAY + timedelta(hours=2, minutes=7, seconds=30)):
        news.tell(county)
        clock.move_to(at)
        work()
    first, late = texts_to(clerk)
    assert "截至 5月7日 08:00。" in first
    assert "涵盖 5月7日 08:00 至 5月8日 10:07。" in late


@pytest.mark.parametrize(
    ("language", "said"),
    [
        ("zh", "涵盖 2018年12月31日 05:30 至 2019年1月2日 05:30。"),
        ("en", "Covers 31 Dec 2018 05:30 to 2 Jan 2019 05:30."),
    ],
)
def test_it_says_so_in_the_readers_zone_and_language(
    enrolled: World, clock: Traveller, language: str, said: str
) -> None:
    clerk = wish(enrolled, rhythm="workdays", times=["05:30"], zone="Asia/Kolkata")
    with writing():
        db.session.execute(update(Person).values(language=language))
    clock.move_to(datetime(2018, 12, 31, 5, 30, tzinfo=ZoneInfo("Asia/Kolkata")))
    work()
    news.tell(enrolled.agencies["county"])
    clock.move_to(datetime(2019, 1, 2, 5, 30, tzinfo=ZoneInfo("Asia/Kolkata")))
    work()
    [text] = texts_to(clerk)
    assert said in text


def test_old_wishes_at_night_come_in_the_morning(enrolled: World, clock: Traveller) -> None:
    """As they stand in a database from before there was a night of text messages."""
    clerk = enrolled.actor(CLERK)
    kept = choose(clerk, Channel.SMS, WishInput.model_validate({"rhythm": "workdays"}))
    night = datetime(2018, 5, 4, 22, tzinfo=SHANGHAI)
    with writing():
        db.session.execute(
            update(Subscription)
            .where(Subscription.id == kept.id)
            .values(times="22:00", next_due_at=night)
        )
    told = news.tell(enrolled.agencies["county"])
    clock.move_to(night)
    work()
    assert texts_to(enrolled.people[CLERK], "sms") == []
    clock.move_to(datetime(2018, 5, 5, 8, tzinfo=SHANGHAI))
    work()
    [text] = texts_to(enrolled.people[CLERK], "sms")
    assert f"news-{told}." in text
    due = subscription_of(enrolled.people[CLERK], "sms").next_due_at
    assert due == datetime(2018, 5, 8, 8, tzinfo=SHANGHAI)  # what falls on Monday at ten
    handle()
