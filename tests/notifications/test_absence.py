"""Absence: the deputy is told for the one who is away, who gets all of it as one when back."""

from datetime import date, datetime, timedelta

import pytest
from sqlalchemy import select
from time_machine import Traveller

from agencies.actors import console
from agencies.models import Tenure
from agencies.services import absences, seats
from agencies.states import Channel
from config.database import db
from config.journal import Entry
from notifications.inputs import WishInput
from notifications.services.subscriptions import choose
from tests.notifications import news
from tests.notifications.hours import MONDAY, TUESDAY, subscription_of, told_to, work
from tests.worlds import World

HOLDER, DEPUTY = "county-clerk", "sibling-clerk"
DAY = timedelta(days=1)
WEDNESDAY = TUESDAY + DAY


def seat_of(person_id: int) -> int:
    return db.session.scalars(select(Tenure.seat_id).where(Tenure.person_id == person_id)).one()


@pytest.fixture
def standing_in(enrolled: World) -> World:
    """The clerk of another county is the deputy."""
    seats.give(console(), seat_of(enrolled.people[HOLDER]), DEPUTY, is_deputy=True)
    work()
    return enrolled


def away(world: World, first: date, last: date) -> int:
    return absences.enter(console(), world.people[HOLDER], first, last).id


def days(clock: Traveller, *mornings: datetime) -> None:
    for at in mornings:
        clock.move_to(at)
        work()


def test_the_deputy_is_told_and_the_holder_gets_it_as_one_when_back(
    standing_in: World, clock: Traveller
) -> None:
    holder, deputy = standing_in.people[HOLDER], standing_in.people[DEPUTY]
    county = standing_in.agencies["county"]
    away(standing_in, date(2018, 5, 8), date(2018, 5, 9))
    before = news.tell(county)
    days(clock, MONDAY)
    assert (told_to(holder), told_to(deputy)) == ([[before]], [])
    clock.shift(timedelta(hours=6))
    untold = news.tell(county)
    days(clock, TUESDAY - timedelta(hours=7, minutes=59))  # just after midnight
    during = news.tell(county)
    days(clock, TUESDAY)
    assert told_to(deputy) == [[untold, during]]
    more = news.tell(county)
    days(clock, WEDNESDAY)
    assert told_to(deputy) == [[untold, during], [more]]
    assert told_to(holder) == [[before]]
    clock.move_to(WEDNESDAY + DAY - timedelta(hours=1))
    work()
    back = news.tell(county)
    days(clock, WEDNESDAY + DAY)
    assert told_to(holder) == [[before], [untold, during, more, back]]
    assert told_to(deputy) == [[untold, during], [more]]


def test_without_absence_a_deputy_is_told_nothing(standing_in: World, clock: Traveller) -> None:
    news.tell(standing_in.agencies["county"])
    news.tasks[standing_in.agencies["county"]] = 1
    days(clock, MONDAY)
    assert told_to(standing_in.people[DEPUTY]) == []


def test_what_waits_is_told_to_the_deputy(standing_in: World, clock: Traveller) -> None:
    away(standing_in, date(2018, 5, 7), date(2018, 5, 7))
    news.tasks[standing_in.agencies["county"]] = 1
    days(clock, MONDAY)
    assert told_to(standing_in.people[DEPUTY]) == [[]]
    assert told_to(standing_in.people[HOLDER]) == []


def test_whoever_says_so_gets_digests_while_away(standing_in: World, clock: Traveller) -> None:
    wish = WishInput.model_validate({"rhythm": "workdays", "even_when_away": True})
    choose(standing_in.actor(HOLDER), Channel.MAIL, wish)
    away(standing_in, date(2018, 5, 7), date(2018, 5, 8))
    told = news.tell(standing_in.agencies["county"])
    days(clock, MONDAY)
    assert told_to(standing_in.people[HOLDER]) == [[told]]


def test_back_early_the_next_digest_comes_as_usual(standing_in: World, clock: Traveller) -> None:
    holder = standing_in.people[HOLDER]
    absence = away(standing_in, date(2018, 5, 7), date(2018, 5, 18))
    told = news.tell(standing_in.agencies["county"])
    days(clock, MONDAY, TUESDAY)
    absences.end(console(), absence)
    days(clock, WEDNESDAY)
    assert told_to(holder) == [[told]]


@pytest.mark.parametrize("rhythm", ["weekly", "monthly"])
def test_a_seldom_digest_that_was_missed_comes_on_the_first_working_day_back(
    standing_in: World, clock: Traveller, rhythm: str
) -> None:
    holder = standing_in.people[HOLDER]
    wish = WishInput.model_validate({"rhythm": rhythm, "weekday": 0, "month_day": 7})
    choose(standing_in.actor(HOLDER), Channel.MAIL, wish)
    away(standing_in, date(2018, 5, 7), date(2018, 5, 8))
    told = news.tell(standing_in.agencies["county"])
    days(clock, MONDAY, TUESDAY, WEDNESDAY)
    assert told_to(holder) == [[told]]
    usual = {"weekly": timedelta(days=7), "monthly": timedelta(days=31)}[rhythm]
    assert subscription_of(holder).next_due_at == MONDAY + usual


def test_at_once_waits_until_back_too(standing_in: World, clock: Traveller) -> None:
    holder = standing_in.people[HOLDER]
    choose(standing_in.actor(HOLDER), Channel.MAIL, WishInput.model_validate({"rhythm": "at_once"}))
    away(standing_in, date(2018, 5, 7), date(2018, 5, 7))
    days(clock, MONDAY)
    told = [news.tell(standing_in.agencies["county"])]
    days(clock, MONDAY + timedelta(hours=1))
    assert told_to(holder) == []
    days(clock, TUESDAY, TUESDAY + timedelta(minutes=2))
    assert told_to(holder) == [told]


def test_the_journal_says_when_it_began_and_was_over(standing_in: World, clock: Traveller) -> None:
    away(standing_in, date(2018, 5, 7), date(2018, 5, 7))
    days(clock, MONDAY, MONDAY + timedelta(hours=1), TUESDAY, WEDNESDAY)
    kinds = select(Entry.kind).where(Entry.subject_kind == "absence").order_by(Entry.id)
    assert list(db.session.scalars(kinds)) == ["absence.entered", "absence.began", "absence.over"]


def test_an_absence_that_passed_unseen_changes_nothing(
    standing_in: World, clock: Traveller
) -> None:
    away(standing_in, date(2018, 5, 7), date(2018, 5, 7))
    told = news.tell(standing_in.agencies["county"])
    days(clock, WEDNESDAY)
    assert told_to(standing_in.people[HOLDER]) == [[told]]
    assert told_to(standing_in.people[DEPUTY]) == []


def test_a_deputy_acts_while_nobody_holds_the_seat(standing_in: World, clock: Traveller) -> None:
    holder, deputy = standing_in.people[HOLDER], standing_in.people[DEPUTY]
    county = standing_in.agencies["county"]
    before = news.tell(county)
    tenure = db.session.scalars(select(Tenure).where(Tenure.person_id == holder)).one()
    seats.take(console(), tenure.id)
    vacant = news.tell(county)
    days(clock, MONDAY)
    assert told_to(holder) == [[before]]
    assert told_to(deputy) == [[vacant]]
    seats.give(console(), tenure.seat_id, HOLDER)
    again = news.tell(county)
    days(clock, TUESDAY)
    assert told_to(holder) == [[before], [again]]
    assert told_to(deputy) == [[vacant]]


def test_one_person_one_digest_for_their_own_seat_and_the_one_they_stand_in_for(
    standing_in: World, clock: Traveller
) -> None:
    away(standing_in, date(2018, 5, 7), date(2018, 5, 7))
    clock.move_to(MONDAY - timedelta(hours=1))
    work()
    theirs = news.tell(standing_in.agencies["county"])
    own = news.tell(standing_in.agencies["sibling"])
    days(clock, MONDAY)
    assert told_to(standing_in.people[DEPUTY]) == [[theirs, own]]
