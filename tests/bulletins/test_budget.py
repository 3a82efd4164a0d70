"""The year's plan of papers: set by the approver, told of when it is exceeded."""

import pytest
from sqlalchemy import select

from bulletins import services
from bulletins.decisions import BudgetInput
from bulletins.services.checking import examine
from bulletins.states import State
from config.database import db, writing
from config.errors import Forbidden
from config.journal import Entry
from tests.bulletins.browsing import Browsers, post
from tests.bulletins.papers import drafted, published
from tests.worlds import World


def _plan(world: World, most: int | None) -> None:
    services.set_budget(world.actor("province-approver"), BudgetInput(most=most))


def _warns(world: World) -> bool:
    return "budget" in {one.check.name for one in examine(drafted(world)).warned}


def test_a_paper_beyond_the_plan_is_warned_of(world: World) -> None:
    assert not _warns(world)
    _plan(world, 1)
    assert not _warns(world)
    gone = published(world)
    assert _warns(world)
    with writing():
        gone.state = State.VOID
    assert _warns(world)  # it was sent all the same
    _plan(world, 2)
    assert not _warns(world)
    published(world, "city")
    assert not _warns(world)
    _plan(world, 0)
    assert _warns(world)
    _plan(world, None)
    assert not _warns(world)


def test_only_the_approver_sets_it_and_each_change_is_recorded_once(world: World) -> None:
    with pytest.raises(Forbidden):
        services.set_budget(world.actor("province-clerk"), BudgetInput(most=3))
    for most in (3, 3, None, None):
        _plan(world, most)
    entries = db.session.scalars(select(Entry).where(Entry.kind == "paper_budget.set")).all()
    assert [entry.facts["most"] for entry in entries] == [3, None]
    assert services.this_year(world.actor("province-clerk")).most is None


def test_the_page_says_how_far_the_year_is(world: World, browser_of: Browsers) -> None:
    published(world)
    approver = browser_of(world.people["province-approver"])
    clerk = browser_of(world.people["province-clerk"])
    url = "/bulletins/budget"
    assert post(approver, url, url, most="-1").status_code == 422
    assert post(approver, url, url, most="0").status_code == 302
    assert "已超出 1 件" in approver.get(url).text
    assert 'name="most"' in approver.get(url).text
    assert 'name="most"' not in clerk.get(url).text
    assert post(approver, url, url, most="").status_code == 302
    assert "今年已发 1 件" in clerk.get(url).text
