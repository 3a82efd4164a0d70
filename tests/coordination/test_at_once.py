"""Two people at the same moment: each of them is told the truth."""

import threading
from contextlib import suppress
from typing import Any

import pytest
from apiflask import APIFlask
from sqlalchemy import select

from config.database import db
from config.errors import Conflict
from coordination import services
from coordination.models import Assignment, Report, Task
from coordination.states import State, TaskState
from tests.coordination.tasks import given, part_of, submitted
from tests.worlds import World


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
    keep, both_written = services._keep, threading.Barrier(2)

    def keep_and_meet(*args: Any) -> None:
        keep(*args)
        with suppress(threading.BrokenBarrierError):  # where one waits for the other's lock
            both_written.wait(timeout=0.5)

    task = given(world, "province-clerk", "county", "sibling")
    ids = [submitted(task, world, name).id for name in ("county", "sibling")]
    monkeypatch.setattr(services, "_keep", keep_and_meet)
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
