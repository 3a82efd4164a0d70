"""Whose news a digest tells: seats held over positions, deputies, two agencies."""

from sqlalchemy import select
from time_machine import Traveller

from agencies.models import Tenure
from agencies.states import SeatKind
from config import clock as now_of
from config import journal
from config.database import db, writing
from config.settling import settle_all
from notifications.services.digests import compose_due
from notifications.services.due import schedule_due
from tests.notifications import news
from tests.notifications.hours import (
    MONDAY,
    texts_to,
    told_to,
    work,
)
from tests.worlds import World, seat_person


def test_what_waits_is_told_of_seats_held_now(enrolled: World, clock: Traveller) -> None:
    news.tasks[enrolled.agencies["county"]] = 3
    _leave(enrolled.people["county-reader"])
    clock.move_to(MONDAY)
    work()
    [text] = texts_to(enrolled.people["county-clerk"])
    assert "【待办任务】3" in text
    assert "另有 2 项，登录后查看\n  http://127.0.0.1:8000/tasks\n" in text
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
