"""Working days: the announced calendar, our own table over it, and years nobody knows yet."""

from collections.abc import Callable
from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import pytest
from apiflask import APIFlask
from flask.testing import FlaskClient

from agencies import working_days
from agencies.inputs import SpecialDayInput
from agencies.models import SpecialDay
from agencies.services import calendar
from config.database import db, writing
from config.errors import Forbidden
from tests.agencies.browsing import press, text_of
from tests.worlds import World

Browser = Callable[[int], FlaskClient]

# The National Day of 2024: 1 to 7 October off, 29 September and 12 October worked.
SUNDAY_WORKED, HOLIDAY = date(2024, 9, 29), date(2024, 10, 1)


def _set(day: date, *, is_working: bool) -> None:
    with writing():
        db.session.merge(SpecialDay(day=day, is_working=is_working))


def test_exchanged_weekends_are_known(app: APIFlask) -> None:
    assert working_days.is_working(SUNDAY_WORKED)
    assert not working_days.is_working(HOLIDAY)
    assert not working_days.is_working(date(2024, 10, 6))
    assert working_days.is_working(date(2024, 10, 8))


def test_our_own_table_decides(app: APIFlask) -> None:
    _set(SUNDAY_WORKED, is_working=False)
    _set(HOLIDAY, is_working=True)
    assert not working_days.is_working(SUNDAY_WORKED)
    assert working_days.is_working(HOLIDAY)


def test_days_are_counted_over_a_holiday(app: APIFlask) -> None:
    friday = date(2024, 9, 27)
    assert working_days.after(friday, 0) == friday
    assert working_days.after(friday, 1) == SUNDAY_WORKED
    assert working_days.after(friday, 2) == date(2024, 9, 30)
    assert working_days.after(friday, 3) == date(2024, 10, 8)
    assert working_days.between(friday, date(2024, 10, 8)) == 3
    assert working_days.between(friday, HOLIDAY) == 2
    assert working_days.between(friday, friday) == 0
    assert working_days.between(HOLIDAY, friday) == 0
    _set(HOLIDAY, is_working=True)
    assert working_days.after(friday, 3) == HOLIDAY


def test_counting_there_and_back_agrees(app: APIFlask) -> None:
    start = date(2025, 12, 20)
    for count in (1, 5, 60, 200):
        end = working_days.after(start, count)
        assert working_days.is_working(end)
        assert working_days.between(start, end) == count
    with pytest.raises(ValueError, match="negative"):
        working_days.after(start, -1)


def test_an_unknown_year_falls_back_to_the_week(app: APIFlask) -> None:
    assert not working_days.is_announced(2099)
    assert working_days.is_working(date(2099, 10, 1))  # a Thursday
    assert not working_days.is_working(date(2099, 10, 3))
    _set(date(2099, 10, 1), is_working=False)
    assert not working_days.is_working(date(2099, 10, 1))


def test_a_day_ends_at_midnight_of_its_zone() -> None:
    day = date(2026, 3, 1)
    assert working_days.end_of_day(day, ZoneInfo("Asia/Shanghai")) == datetime(
        2026, 3, 1, 16, tzinfo=UTC
    )
    summer = working_days.end_of_day(date(2026, 3, 29), ZoneInfo("Europe/Berlin"))
    assert summer == datetime(2026, 3, 29, 22, tzinfo=UTC)


def test_the_system_administrator_sets_a_day(world: World, browser_of: Browser) -> None:
    system = browser_of(world.people["system"])
    page = text_of(system.get("/working-days?year=2099"))
    assert "还没有收录" in page
    fields = {"day": "2099-10-01", "is_working": "0", "remark": "国庆节"}
    assert press(system, "/working-days", **fields).location == "/working-days?year=2099"
    assert "2099-10-01 休息 国庆节 本系统设置" in text_of(system.get("/working-days?year=2099"))
    assert not working_days.is_working(date(2099, 10, 1))
    assert press(system, "/working-days/2099-10-01/clear").status_code == 303
    assert press(system, "/working-days/2099-10-01/clear").status_code == 404
    assert press(system, "/working-days/rubbish/clear").status_code == 404
    for day in ("", "x", "0001-01-01", "9999-12-31"):
        assert press(system, "/working-days", day=day, is_working="1").status_code == 422


def test_a_day_that_is_refused_stays_in_its_year(world: World, browser_of: Browser) -> None:
    system = browser_of(world.people["system"])
    for day, year in (("2019-10-02", 2019), ("2019-02-30", 2019)):
        fields = {"day": day, "is_working": "0", "remark": "说" * 51}
        answer = press(system, "/working-days", **fields)
        assert answer.status_code == 422
        assert f"{year} 年工作日历" in answer.text
    for day in ("2200-01-01", "x", "²⁰²⁰-01-01"):
        answer = press(system, "/working-days", day=day, is_working="0")
        assert answer.status_code == 422


def test_everybody_reads_the_calendar_and_nobody_else_sets_it(
    world: World, browser_of: Browser
) -> None:
    reader = browser_of(world.people["county-reader"])
    page = text_of(reader.get("/working-days?year=2024"))
    assert "2024-09-29 上班 国庆节" in page
    assert "还没有收录" not in page
    assert "设置一天" not in page
    fields = {"day": "2024-10-01", "is_working": "1"}
    assert press(reader, "/working-days", **fields).status_code == 403
    with pytest.raises(Forbidden):
        calendar.set_day(world.actor("security"), SpecialDayInput(day=HOLIDAY, is_working=True))
    assert reader.get("/working-days?year=1").status_code == 404
    assert reader.get("/working-days?year=x").status_code == 200
