"""Two people at the same moment: each of them is told the truth."""

import re
import threading
from contextlib import suppress
from typing import Any

import pytest
from apiflask import APIFlask
from flask.testing import FlaskClient
from sqlalchemy import select

from config.database import db
from config.errors import Conflict
from coordination import services
from coordination.inputs import TaskInput
from coordination.models import Assignment, Report, Task
from coordination.services import answering
from coordination.states import State, TaskState
from tests.coordination.tasks import given, part_of, submitted
from tests.worlds import World, csrf_of


def test_two_who_accept_at_once_are_not_both_told_yes(app: APIFlask, world: World) -> None:
    row_id = part_of(given(world), world).id
    db.session.remove()
    outcomes: list[str] = []
    ready = threading.Barrier(2)

    def accept(name: str) -> None:
        with app.app_context():
            actor = world.actor(name)
            ready.wait(timeout=20)
            try:
                services.accept(actor, row_id)
                outcomes.append("accepted")
            except Conflict:
                outcomes.append("conflict")
            finally:
                db.session.remove()

    threads = [
        threading.Thread(target=accept, args=(name,)) for name in ("county-clerk", "county-duty")
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=40)
    assert sorted(outcomes) == ["accepted", "conflict"]
    assert len(db.session.scalars(select(Report)).all()) == 1


def test_the_last_two_parts_closed_at_once_close_the_task(
    app: APIFlask, world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    keep, both_written = answering._keep, threading.Barrier(2)

    def keep_and_meet(*args: Any) -> None:
        keep(*args)
        with suppress(threading.BrokenBarrierError):  # where one waits for the other's lock
            both_written.wait(timeout=0.5)

    task = given(world, "province-clerk", "county", "sibling")
    ids = [submitted(task, world, name).id for name in ("county", "sibling")]
    monkeypatch.setattr(answering, "_keep", keep_and_meet)
    task_id = task.id
    db.session.remove()
    ready = threading.Barrier(2)

    def close(assignment_id: int) -> None:
        with app.app_context():
            actor = world.actor("province-clerk")
            ready.wait(timeout=20)
            services.close(actor, assignment_id)
            db.session.remove()

    threads = [threading.Thread(target=close, args=(one,)) for one in ids]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=40)
    states = db.session.scalars(select(Assignment.state)).all()
    assert list(states) == [State.CLOSED, State.CLOSED]
    assert db.session.get_one(Task, task_id).state == TaskState.CLOSED


@pytest.fixture
def keyed(world: World) -> TaskInput:
    """A task for the county, with a key of its sender's own."""
    return TaskInput(title="排查", days=3, to_agencies=[world.agencies["county"]], key="one-form")


def tasks_given() -> list[str]:
    db.session.rollback()
    return list(db.session.scalars(select(Task.title).order_by(Task.id)))


def test_a_task_sent_twice_at_once_is_given_once(
    app: APIFlask, world: World, keyed: TaskInput
) -> None:
    given_ids: list[int] = []
    ready = threading.Barrier(2)
    db.session.remove()

    def give() -> None:
        with app.app_context():
            actor = world.actor("province-clerk")
            ready.wait(timeout=20)
            given_ids.append(services.assign(actor, keyed).id)
            db.session.remove()

    threads = [threading.Thread(target=give) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=40)
    assert len(given_ids) == 2
    assert len(set(given_ids)) == 1
    assert tasks_given() == ["排查"]
    assert len(db.session.scalars(select(Assignment)).all()) == 1


def test_only_the_same_from_the_same_hand_is_the_same(world: World, keyed: TaskInput) -> None:
    clerk = world.actor("province-clerk")
    first = services.assign(clerk, keyed).id
    changed = keyed.model_copy(update={"title": "再排查"})
    assert services.assign(clerk, changed).id != first  # the form was gone back to and edited
    assert services.assign(world.actor("province-approver"), keyed).id != first
    unkeyed = keyed.model_copy(update={"key": ""})
    services.assign(clerk, unkeyed)
    services.assign(clerk, unkeyed)
    assert tasks_given() == ["排查", "再排查", "排查", "排查", "排查"]


def test_a_form_sent_twice_leads_to_the_one_task(world: World, province: FlaskClient) -> None:
    page = province.get("/tasks/new").get_data(as_text=True)
    key = re.search(r'name="key" value="([0-9a-f]{16})"', page)
    assert key
    fields = {
        "csrf_token": csrf_of(page),
        "key": key[1],
        "title": "排查",
        "days": "3",
        "to_agencies": [str(world.agencies["county"])],
    }
    first, second = (province.post("/tasks/new", data=fields) for _ in range(2))
    assert first.status_code == second.status_code == 302
    assert first.location == second.location
    assert tasks_given() == ["排查"]
    refused = province.post("/tasks/new", data=fields | {"days": ""}).get_data(as_text=True)
    assert f'name="key" value="{key[1]}"' in refused


def test_handed_in_and_sent_back_by_two_presses_each_is_one_step(
    world: World, county: FlaskClient, province: FlaskClient
) -> None:
    row = part_of(given(world), world)
    services.accept(world.actor("county-clerk"), row.id)
    for browser, step in ((county, "submit"), (province, "send-back")):
        page = browser.get(f"/tasks/{row.id}").text
        [key] = set(re.findall(r'name="key" value="(\w+)"', page))
        sent = {"csrf_token": csrf_of(page), "text": "请看", "key": key}
        for _ in range(2):
            assert browser.post(f"/tasks/{row.id}/{step}", data=sent).status_code == 302
    taken = list(db.session.scalars(select(Report.action).order_by(Report.id)))
    assert taken == ["accept", "submit", "send_back"]


def test_a_report_sent_twice_is_one_step(world: World, county: FlaskClient) -> None:
    row = part_of(given(world), world)
    services.accept(world.actor("county-clerk"), row.id)
    page = county.get(f"/tasks/{row.id}").text
    [key] = re.findall(r'name="key" value="(\w+)"', page)
    sent = {"csrf_token": csrf_of(page), "text": "过半", "percent": "50", "key": key}
    for _ in range(2):
        assert county.post(f"/tasks/{row.id}/report", data=sent).status_code == 302
    told = select(Report.text).where(Report.action == "report").order_by(Report.id)
    assert list(db.session.scalars(told)) == ["过半"]
    county.post(f"/tasks/{row.id}/report", data={**sent, "text": "过半了"})
    again = county.get(f"/tasks/{row.id}").text
    assert re.findall(r'name="key" value="(\w+)"', again) != [key]
    assert list(db.session.scalars(told)) == ["过半", "过半了"]
