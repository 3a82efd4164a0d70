"""Being away: entered and ended by the person or for them; the deputy acts meanwhile."""

from collections.abc import Callable
from datetime import date, timedelta

import pytest
import time_machine
from flask.testing import FlaskClient
from sqlalchemy import select

from agencies.actors import console
from agencies.models import Absence
from agencies.queries import absences_of
from agencies.services import absences, seats
from config.database import db
from config.errors import Conflict, Invalid, NotFound
from config.journal import Entry
from tests.agencies.browsing import press, send, text_of
from tests.agencies.test_sessions import statements
from tests.agencies.test_tokens import Api, api, key_of
from tests.worlds import World

__all__ = ["api"]

Browser = Callable[[int], FlaskClient]
MONDAY = "2026-03-02 09:00+08:00"


def _days(from_day: str, until_day: str) -> dict[str, str]:
    return {"from_day": from_day, "until_day": until_day}


def _acts_in(world: World, name: str) -> set[int]:
    return {seat.id for seat in world.actor(name).seats}


def test_the_administrator_enters_sees_and_ends_it_and_the_deputy_acts_meanwhile(
    world: World, browser_of: Browser
) -> None:
    seat_id = world.actor("county-approver").seat_id
    assert seat_id is not None
    page = f"/people/{world.people['county-approver']}"
    with time_machine.travel(MONDAY, tick=False) as now:
        system = browser_of(world.people["system"])
        assert "没有副岗，无人代办" in text_of(system.get(page))
        seats.give(console(), seat_id, "city-reader", is_deputy=True)
        shown = text_of(system.get(page))
        assert "签发：city reader" in shown
        answer = send(system, page, f"{page}/absences", **_days("2026-03-03", "2026-03-06"))
        assert (answer.status_code, answer.location) == (303, page)
        shown = text_of(system.get(page))
        assert "2026-03-03 – 2026-03-06" in shown
        assert "正在请假 提前结束" not in shown
        assert seat_id not in _acts_in(world, "city-reader")
        now.shift(timedelta(days=2))
        assert seat_id in _acts_in(world, "city-reader")
        deputy = browser_of(world.people["city-reader"])
        assert "签发 副岗" in text_of(deputy.get("/"))
        assert "副岗" not in text_of(browser_of(world.people["city-clerk"]).get("/"))
        assert "正在请假 提前结束" in text_of(system.get(page))
        assert "county approver 请假" in text_of(
            system.get(f"/agencies/{world.agencies['county']}")
        )
        away = text_of(system.get("/people?state=away"))
        assert "county-approver" in away
        assert "county-clerk" not in away
        absence = db.session.scalars(select(Absence)).one()
        assert press(system, f"/absences/{absence.id}/end").location == page
        assert seat_id not in _acts_in(world, "city-reader")
        assert "2026-03-06" not in text_of(system.get(page))
        assert press(system, f"/absences/{absence.id}/end").status_code == 409
    db.session.refresh(absence)
    assert (absence.from_day, absence.until_day) == (date(2026, 3, 3), date(2026, 3, 3))
    kinds = select(Entry.kind).where(Entry.subject_kind == "absence").order_by(Entry.id)
    assert list(db.session.scalars(kinds)) == ["absence.entered", "absence.ended"]
    told = db.session.scalars(select(Entry).where(Entry.kind == "absence.ended")).one()
    assert told.person_id == world.people["system"]
    assert told.facts["away"] == world.people["county-approver"]


@pytest.mark.parametrize(
    ("from_day", "until_day", "said"),
    [
        ("2026-03-05", "2026-03-04", "结束日期不能早于开始日期"),
        ("2026-02-01", "2026-03-01", "结束日期已经过去"),
        ("2026-03-05", "2028-03-05", "一次最多登记一年"),
        ("x", "", "格式不对"),
        ("2026-03-10", "2026-03-12", "与已登记的 2026-03-12 至 2026-03-13 重叠"),
    ],
)
def test_wrong_days_are_named_and_stay_typed(
    world: World, browser_of: Browser, from_day: str, until_day: str, said: str
) -> None:
    with time_machine.travel(MONDAY, tick=False):
        clerk = world.people["county-clerk"]
        absences.enter(console(), clerk, date(2026, 3, 12), date(2026, 3, 13))
        for name, page, action in (
            ("county-clerk", "/account", "/account/absences"),
            ("system", f"/people/{clerk}", f"/people/{clerk}/absences"),
        ):
            browser = browser_of(world.people[name])
            answer = send(browser, page, action, **_days(from_day, until_day))
            assert answer.status_code == 422
            assert said in text_of(answer)
            assert f'value="{from_day}"' in answer.text
        assert len(absences_of(clerk)) == 1


def test_it_is_ones_own_or_the_system_administrators(world: World, browser_of: Browser) -> None:
    with time_machine.travel(MONDAY, tick=False):
        clerk = browser_of(world.people["county-clerk"])
        assert press(clerk, "/account/absences", **_days("2026-04-01", "2026-04-02")).location == (
            "/account"
        )
        other = world.people["city-clerk"]
        theirs = absences.enter(console(), other, date(2026, 3, 1), date(2026, 3, 2)).id
        own = absences_of(world.people["county-clerk"])[0].id
        assert press(clerk, f"/absences/{theirs}/end").status_code == 404
        assert (
            press(
                clerk, f"/people/{other}/absences", **_days("2026-05-01", "2026-05-02")
            ).status_code
            == 403
        )
        for name in ("security", "audit", "city-clerk"):
            with pytest.raises(NotFound):
                absences.enter(
                    world.actor(name),
                    world.people["county-clerk"],
                    date(2026, 5, 1),
                    date(2026, 5, 2),
                )
        assert press(clerk, f"/absences/{own}/end").location == "/account"
        assert press(clerk, f"/absences/{own}/end").status_code == 404  # it never began
        with pytest.raises(NotFound):
            absences.end(world.actor("security"), theirs)


def test_an_administrator_has_no_seat_to_be_away_from(world: World, browser_of: Browser) -> None:
    with pytest.raises(Invalid):
        absences.enter(console(), world.people["audit"], date(2999, 1, 1), date(2999, 1, 2))
    assert "请假外出" not in browser_of(world.people["audit"]).get("/account").text


def test_the_api_does_the_same(world: World, api: Api) -> None:
    with time_machine.travel(MONDAY, tick=False):
        system, clerk = key_of(world, "system"), key_of(world, "county-clerk")
        path = f"/people/{world.people['county-clerk']}/absences"
        days = _days("2026-03-02", "2026-03-04")
        status, made = api(system, "POST", path, json=days)
        assert (status, made["from_day"], made["until_day"]) == (201, *days.values())
        status, said = api(clerk, "POST", path, json=days)
        assert (status, [*said["errors"]]) == (422, ["from_day"])
        assert api(clerk, "GET", path)[1] == {"items": [made], "next": None}
        assert api(key_of(world, "city-clerk"), "GET", path)[0] == 404
        county = f"/agencies/{world.agencies['county']}"
        seats_there = api(clerk, "GET", county)[1]["seats"]
        assert [one["holder"] for one in seats_there if one["is_away"]] == ["county clerk"]
        assert api(clerk, "DELETE", f"/absences/{made['id']}")[0] == 204
        assert api(clerk, "GET", path)[1]["items"] == []


def test_what_is_over_stays(world: World) -> None:
    with time_machine.travel(MONDAY, tick=False) as now:
        clerk = world.people["county-clerk"]
        absence = absences.enter(console(), clerk, date(2026, 3, 2), date(2026, 3, 2)).id
        now.shift(timedelta(days=1))
        with pytest.raises(Conflict):
            absences.end(console(), absence)


def test_a_persons_page_costs_the_same_for_many_absences(world: World, browser_of: Browser) -> None:
    system = browser_of(world.people["system"])
    page = f"/people/{world.people['county-clerk']}"
    system.get(page)
    with statements() as few:
        system.get(page)
    for month in range(1, 7):
        day = date(2999, month, 1)
        absences.enter(console(), world.people["county-clerk"], day, day)
    with statements() as many:
        assert "2999-06-01" in system.get(page).text
    assert len(many) == len(few)
