"""The operator's decisions on the messages of one task reach them and nothing else."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from apiflask import APIFlask
from flask.testing import FlaskClient
from time_machine import Traveller

from config.errors import NotFound
from coordination.models import Task
from notifications import batches, queues, subjects
from notifications.services.decisions import DECISIONS
from notifications.states import Action, State
from notifications.which import Which
from tests.agencies.test_tokens import Api, api, key_of
from tests.coordination.tasks import given
from tests.notifications.hours import MONDAY, deliveries, work
from tests.notifications.hours import deliver as round_of_work
from tests.notifications.providers import Told
from tests.notifications.test_told import papers
from tests.worlds import World, csrf_of

__all__ = ["api", "papers"]
COUNTY = "county-clerk@changtong.example"
SIBLING = "sibling-clerk@changtong.example"


@pytest.fixture
def two(papers: World, told: Told, clock: Traveller) -> tuple[Task, Task]:
    """Two tasks for two counties; the digests of both counties' clerks failed."""
    some = given(papers, "province-clerk", "county"), given(papers, "province-clerk", "sibling")
    told.answers.update({COUNTY: Action.REFUSE, SIBLING: Action.REFUSE})
    clock.move_to(MONDAY)
    work()
    told.answers.clear()
    told.parcels.clear()
    return some


def about(task: Task) -> subjects.About:
    return next(one for one in subjects.tasks(queues.lines()) if one.subject_id == task.id)


def test_only_what_failed_of_one_task_is_sent_again(
    papers: World,
    told: Told,
    two: tuple[Task, Task],
    browser_of: Callable[[int], FlaskClient],
    api: Api,
) -> None:
    assert (about(two[0]).failed, about(two[0]).waiting) == (1, 0)
    assert about(two[0]).done == about(two[0]).total > 1
    admin = browser_of(papers.people["system"])
    page = admin.get("/deliveries/queues").text
    assert "摘要，按任务" in page
    sent = {"csrf_token": csrf_of(page), "task_id": two[0].id}
    assert admin.post("/deliveries/batch/retry", data=sent).status_code == 303
    round_of_work()
    assert [one.address for one in told.parcels] == [COUNTY]
    key = key_of(papers, "system")
    listed = api(key, "GET", "/queues")[1]["tasks"]
    assert [(one["task_id"], one["failed"]) for one in listed] == [(two[1].id, 1)]
    again = api(key, "POST", "/deliveries/retry", json={"task_id": two[1].id})
    assert again == (200, {"count": 1})


def test_what_waits_of_one_task_is_stopped_and_goes_when_it_is_released(
    told: Told, two: tuple[Task, Task], clock: Traveller
) -> None:
    for task in two:
        DECISIONS["retry"](None, Which(task_id=task.id))
    clock.shift(timedelta(minutes=1))
    assert about(two[0]).waiting == 1
    assert about(two[0]).seconds_left
    assert DECISIONS["stop"](None, Which(task_id=two[0].id)) == 1
    round_of_work()
    assert [one.address for one in told.parcels] == [SIBLING]
    assert (about(two[0]).held, about(two[0]).waiting) == (1, 0)
    assert batches.stops() == []  # of a task it is what waited
    assert DECISIONS["release"](None, Which(task_id=two[0].id)) == 1
    round_of_work()
    assert {one.state for one in deliveries()} == {State.SENT}
    with pytest.raises(NotFound):
        DECISIONS["stop"](None, Which(task_id=two[1].id + 999))


def test_the_command_line_knows_tasks(app: APIFlask, told: Told, two: tuple[Task, Task]) -> None:
    runner = app.test_cli_runner()
    done = runner.invoke(args=["deliveries", "retry-batch", "--task", str(two[0].id)])
    assert done.output == "1 deliveries\n"
