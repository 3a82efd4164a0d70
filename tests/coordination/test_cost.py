"""What lists cost: a fixed number of statements, each by index."""

import re
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import Select, event, select, text

from config import clock
from config.database import db, is_sqlite
from coordination import services
from coordination.models import Assignment
from coordination.queries.answering import in_states
from coordination.states import OVER, TODO, State
from coordination.web import lists
from tests.bulletins.queries import counted
from tests.coordination.tasks import given, grow, part_of, submitted
from tests.worlds import World

Browser = Callable[[int], FlaskClient]


def _fill(world: World, count: int) -> None:
    for number in range(count):
        task = given(world, "province-clerk", "county", "sibling", title=f"任务{number}")
        if number % 3 == 0:
            submitted(task, world)


@pytest.mark.parametrize(
    ("who", "path", "most"),
    [
        ("county-clerk", "/tasks?state=todo", 8),
        ("county-clerk", "/tasks?state=near", 8),
        ("county-clerk", "/tasks?state=submitted", 8),
        ("county-clerk", "/tasks?state=done", 8),
        ("province-clerk", "/tasks/issued", 8),
        ("province-clerk", "/tasks/issued?state=submitted", 8),
    ],
)
def test_a_list_asks_the_same_however_much_there_is(
    world: World, browser_of: Browser, who: str, path: str, most: int
) -> None:
    client = browser_of(world.people[who])
    _fill(world, 2)
    db.session.remove()
    with counted() as few:
        assert client.get(path).status_code == 200
    _fill(world, 12)
    db.session.remove()
    with counted() as many:
        assert client.get(path).status_code == 200
    assert len(many) == len(few) <= most


def test_a_task_for_hundreds_is_shown_by_a_fixed_number(world: World, browser_of: Browser) -> None:
    client = browser_of(world.people["province-clerk"])
    small = given(world, "province-clerk", "city", "county", "other_county").id
    grow(world, 400)
    large = given(world, to_agencies=[], to_levels=["county"]).id
    counts = []
    for task_id in (small, large):
        db.session.remove()
        with counted() as asked:
            page = client.get(f"/tasks/issued/{task_id}").get_data(as_text=True)
        counts.append(len(asked))
        assert "各机构办理情况" in page
    assert counts[0] == counts[1] <= 10
    everybody = client.get(f"/tasks/issued/{large}?all=1").get_data(as_text=True)
    assert len(re.findall(r'class="main"><a href="/tasks/\d', everybody)) == 404


def test_even_the_list_to_print_is_bounded(
    world: World, browser_of: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(lists, "MOST_PRINTED", 30)
    grow(world, 60)
    task_id = given(world, to_agencies=[], to_levels=["county"]).id
    client, path = browser_of(world.people["province-clerk"]), f"/tasks/issued/{task_id}?all=1"
    first = client.get(path).text
    assert len(re.findall(r'class="main"><a href="/tasks/\d', first)) == 30
    assert "下一页" in first
    assert "每页列出 30 家" in client.get(path.removesuffix("?all=1")).text


def test_an_assignment_is_shown_by_a_fixed_number(world: World, browser_of: Browser) -> None:
    row = part_of(given(world), world)
    services.accept(world.actor("county-clerk"), row.id)
    row_id = row.id
    client = browser_of(world.people["county-clerk"])
    db.session.remove()
    with counted() as asked:
        assert client.get(f"/tasks/{row_id}").status_code == 200
    assert len(asked) <= 8


def _plan(query: Select[int]) -> str:
    """How the database runs the very statement that is sent to it, with its parameters."""
    sent: list[tuple[str, Any]] = []

    def note(_connection: Any, _cursor: Any, statement: str, parameters: Any, *_: Any) -> None:
        sent.append((statement, parameters))

    connection = db.session.connection()
    event.listen(connection, "before_cursor_execute", note)
    db.session.execute(query)
    event.remove(connection, "before_cursor_execute", note)
    if not is_sqlite():
        db.session.execute(text("SET LOCAL enable_seqscan = off"))
        db.session.execute(text("SET LOCAL enable_bitmapscan = off"))
    ((statement, parameters),) = sent
    explain = "EXPLAIN QUERY PLAN " if is_sqlite() else "EXPLAIN "
    rows = connection.exec_driver_sql(explain + statement, parameters)
    return "\n".join(str(tuple(row)) for row in rows)


@pytest.mark.parametrize(
    ("states", "order", "index"),
    [
        (TODO, "due_at", "ix_assignments_todo"),
        (OVER, "ended_at", "ix_assignments_over"),
        (frozenset([State.SUBMITTED]), "submitted_at", "ix_assignments_submitted"),
    ],
)
def test_each_list_of_an_agency_has_its_index(
    world: World, states: frozenset[State], order: str, index: str
) -> None:
    column = getattr(Assignment, order)
    query = (
        select(Assignment.id)
        .where(Assignment.agency_id == 4, in_states(states))
        .where(column <= clock.now() + timedelta(days=3))
        .order_by(column, Assignment.id)
    )
    assert index in _plan(query)
