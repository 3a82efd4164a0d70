"""What tasks put into the pages of others: the bulletin's panel, the menu, holdings, the audit."""

from collections.abc import Callable

import pytest
from apiflask import APIFlask
from flask.testing import FlaskClient

from agencies.holdings import open_counts
from agencies.ports import ENTRY_WORDS
from config.database import db
from config.errors import NotFound
from config.journal import Entry
from coordination import services
from coordination.inputs import CancelInput, SendBackInput, SubmissionInput
from coordination.models import Task
from tests.bulletins import papers
from tests.coordination.tasks import given, part_of, post, submitted
from tests.worlds import World

Browser = Callable[[int], FlaskClient]


def test_a_task_on_the_ground_of_a_bulletin(world: World, browser_of: Browser) -> None:
    bulletin_id = papers.published(world, title="关于燃气安全的通知").id
    province = browser_of(world.people["province-clerk"])
    page = province.get(f"/bulletins/{bulletin_id}").get_data(as_text=True)
    assert f'href="/tasks/new?bulletin_id={bulletin_id}"' in page
    form = f"/tasks/new?bulletin_id={bulletin_id}"
    assert "关于燃气安全的通知" in province.get(form).get_data(as_text=True)
    made = post(
        province,
        form,
        "/tasks/new",
        title="排查",
        days="3",
        bulletin_id=str(bulletin_id),
        to_agencies=str(world.agencies["county"]),
    )
    assert made.status_code == 302
    task = db.session.scalars(db.select(Task)).one()
    assert task.bulletin_id == bulletin_id
    assert f'href="{made.location}"' in province.get(f"/bulletins/{bulletin_id}").get_data(
        as_text=True
    )
    row, bulletin = part_of(task, world), papers.receipt_of(world, "county", task.bulletin)
    county = browser_of(world.people["county-clerk"])
    assert f'href="/tasks/{row.id}"' in county.get(f"/inbox/{bulletin.id}").get_data(as_text=True)
    assert f'href="/inbox/{bulletin.id}"' in county.get(f"/tasks/{row.id}").get_data(as_text=True)


def test_a_city_may_rest_a_task_on_what_it_received(world: World) -> None:
    bulletin_id = papers.published(world).id
    task = given(world, "city-clerk", "county", bulletin_id=bulletin_id)
    assert task.bulletin_id == bulletin_id


def test_a_paper_that_did_not_come_here_is_no_ground(world: World) -> None:
    others = papers.published(world, "other_city").id
    unsigned = papers.submitted(world, "city").id
    for bulletin_id in (others, unsigned):
        with pytest.raises(NotFound):
            given(world, "city-clerk", "county", bulletin_id=bulletin_id)


def test_the_panel_shows_each_agency_its_own(world: World, browser_of: Browser) -> None:
    bulletin = papers.published(world)
    given(world, "city-clerk", "county", bulletin_id=bulletin.id, title="市里的任务")
    receipt_id = papers.receipt_of(world, "sibling", bulletin).id
    page = browser_of(world.people["sibling-clerk"]).get(f"/inbox/{receipt_id}")
    assert "市里的任务" not in page.get_data(as_text=True)
    page = browser_of(world.people["province-clerk"]).get(f"/bulletins/{bulletin.id}")
    assert "市里的任务" not in page.get_data(as_text=True)


def test_the_menu_counts_what_is_to_do(world: World, browser_of: Browser) -> None:
    client = browser_of(world.people["county-clerk"])
    count = '<span>任务</span><span class="count num">{}</span>'
    assert count.format(1) not in client.get("/help").get_data(as_text=True)
    submitted(given(world), world)
    given(world)
    assert count.format(1) in client.get("/help").get_data(as_text=True)


def test_open_tasks_hang_on_both_agencies(world: World) -> None:
    task = given(world)
    for name, holding in (("county", "assignments"), ("province", "tasks")):
        assert open_counts("agency", world.agencies[name])[holding] == 1
    services.close(world.actor("province-clerk"), submitted(task, world).id)
    for name, holding in (("county", "assignments"), ("province", "tasks")):
        assert open_counts("agency", world.agencies[name])[holding] == 0


def test_every_entry_about_tasks_has_words_for_the_auditor(app: APIFlask, world: World) -> None:
    judge = world.actor("province-clerk")
    row = submitted(given(world), world)
    services.send_back(judge, row.id, SendBackInput(text="补"))
    services.submit(world.actor("county-clerk"), row.id, SubmissionInput(text="好"))
    services.close(judge, row.id)
    services.cancel(judge, given(world).id, CancelInput(reason="停"))
    kinds = set(
        db.session.scalars(
            db.select(Entry.kind).where(Entry.subject_kind.in_(["task", "assignment"]))
        )
    )
    assert len(kinds) == 7
    assert kinds <= ENTRY_WORDS.keys()
