"""From accepting to closing: each step its own fact, its own people, its own entry."""

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta

import pytest
import time_machine
from sqlalchemy import select, update

from agencies.actors import Actor
from agencies.permissions import WORKING_SEATS
from agencies.states import SeatKind
from config import clock
from config.database import db, writing
from config.errors import Conflict, DomainError, Forbidden, Invalid, NotFound
from config.journal import Entry
from coordination import services
from coordination.inputs import CancelInput, ReportInput, SendBackInput, SubmissionInput
from coordination.models import Assignment, Report, Task
from coordination.states import Action, State, TaskState, move
from tests.coordination.tasks import given, part_of, submitted
from tests.worlds import World

STEPS: dict[Action, Callable[[Actor, int], None]] = {
    Action.ACCEPT: services.accept,
    Action.REPORT: lambda who, number: services.report(who, number, ReportInput(text="进展")),
    Action.SUBMIT: lambda who, number: services.submit(who, number, SubmissionInput(text="已办")),
    Action.SEND_BACK: lambda who, number: services.send_back(
        who, number, SendBackInput(text="请补充")
    ),
    Action.CLOSE: services.close,
}
ANSWERS = (Action.ACCEPT, Action.REPORT, Action.SUBMIT)


def _actor_for(action: Action, world: World) -> Actor:
    return world.actor("county-clerk" if action in ANSWERS else "province-clerk")


def test_from_assigned_to_closed(world: World) -> None:
    task = given(world)
    row = submitted(task, world)
    assert (row.state, row.percent) == (State.SUBMITTED, 50)
    assert row.submitted_by == world.people["county-clerk"]
    services.close(world.actor("province-approver"), row.id)
    assert (row.state, row.ended_by) == (State.CLOSED, world.people["province-approver"])
    assert row.percent == 100
    assert (task.state, task.ended_by) == (TaskState.CLOSED, world.people["province-approver"])
    steps = db.session.scalars(select(Report).order_by(Report.id)).all()
    assert [step.action for step in steps] == ["accept", "report", "submit", "close"]
    assert [step.text for step in steps] == ["", "已排查一半。", "已全部排查。", ""]
    entries = db.session.scalars(
        select(Entry).where(Entry.subject_kind == "assignment").order_by(Entry.id)
    ).all()
    assert [entry.kind for entry in entries] == [
        "assignment.accepted",
        "assignment.reported",
        "assignment.submitted",
        "assignment.closed",
    ]
    assert all(entry.facts == {"task": task.id} for entry in entries)
    assert not [entry for entry in entries if "排查" in entry.body]


def _put(state: State) -> None:
    """Every assignment stands there, whatever it was."""
    with writing():
        db.session.execute(update(Assignment).values(state=state))
        db.session.execute(update(Task).values(state=TaskState.OPEN))


@pytest.mark.parametrize("state", State)
def test_every_pair_through_the_services(world: World, state: State) -> None:
    row = part_of(given(world), world)
    for action, step in STEPS.items():
        _put(state)
        made = move(state, action)
        if made is None:
            with pytest.raises(Conflict):
                step(_actor_for(action, world), row.id)
            assert row.state == state
        else:
            step(_actor_for(action, world), row.id)
            assert row.state == made.to
    taken = [action for action in STEPS if move(state, action)]
    assert list(db.session.scalars(select(Report.action).order_by(Report.id))) == taken


def test_the_task_is_closed_with_its_last_part_only(world: World) -> None:
    task = given(world, "province-clerk", "county", "sibling")
    for name, state in (("county", TaskState.OPEN), ("sibling", TaskState.CLOSED)):
        services.close(world.actor("province-clerk"), submitted(task, world, name).id)
        assert task.state == state


@time_machine.travel(datetime(2026, 3, 6, 4, tzinfo=UTC), tick=False)
def test_sent_back_with_a_new_deadline(world: World) -> None:
    row = submitted(given(world), world)
    before = row.due_at
    judge = world.actor("province-clerk")
    with pytest.raises(Invalid):
        services.send_back(
            judge,
            row.id,
            SendBackInput(text="迟了", due_on=date(2026, 3, 5)),
        )
    assert (row.state, row.due_at) == (State.SUBMITTED, before)
    services.send_back(judge, row.id, SendBackInput(text="请补充照片。", days=1))
    assert row.state == State.SENT_BACK
    assert row.due_at == datetime(2026, 3, 9, 16, tzinfo=UTC)
    services.submit(world.actor("county-duty"), row.id, SubmissionInput(text="已补充。"))
    services.send_back(judge, row.id, SendBackInput(text="还缺一张。"))
    assert row.due_at == datetime(2026, 3, 9, 16, tzinfo=UTC)


def test_handed_in_it_may_be_less_than_all(world: World) -> None:
    row = submitted(given(world), world)
    services.send_back(world.actor("province-clerk"), row.id, SendBackInput(text="请补充。"))
    services.submit(
        world.actor("county-clerk"), row.id, SubmissionInput(text="余下难办", percent=90)
    )
    told = select(Report.percent).where(Report.action == "submit").order_by(Report.id)
    assert (row.percent, list(db.session.scalars(told))) == (90, [None, 90])


def test_a_cancelled_task_is_over_for_those_not_done(world: World) -> None:
    task = given(world, "province-clerk", "county", "sibling")
    services.close(world.actor("province-clerk"), submitted(task, world).id)
    services.cancel(world.actor("province-clerk"), task.id, CancelInput(reason="政策调整。"))
    assert part_of(task, world, "county").state == State.CLOSED
    assert part_of(task, world, "sibling").state == State.CANCELLED
    assert (task.state, task.cancel_reason) == (TaskState.CANCELLED, "政策调整。")
    assert db.session.scalar(select(Entry.subject_id).where(Entry.kind == "task.cancelled"))
    with pytest.raises(Conflict):
        services.cancel(world.actor("province-clerk"), task.id, CancelInput(reason="再来"))


def _refusal(agency: str, kind: str, action: Action) -> type[DomainError] | None:
    if agency not in ("province", "county"):
        return NotFound
    answering = action in ANSWERS
    seats = WORKING_SEATS if answering else {SeatKind.CLERK, SeatKind.APPROVER}
    return None if kind in seats and (agency == "county") == answering else Forbidden


@pytest.mark.parametrize(
    "agency", ["province", "city", "county", "sibling", "unrelated", "enterprise"]
)
def test_who_may_take_a_step(world: World, agency: str) -> None:
    """The whole table: the assignee answers, the issuer judges, for others there is nothing."""
    row = part_of(given(world), world)
    for kind in SeatKind:
        actor = world.actor(f"{agency}-{kind}")
        for action, step in STEPS.items():
            before = next(state for state in State if move(state, action))
            _put(before)
            refused = _refusal(agency, kind, action)
            if refused is None:
                step(actor, row.id)
            else:
                with pytest.raises(refused):
                    step(actor, row.id)
                assert row.state == before


@pytest.mark.parametrize(
    ("who", "error"),
    [
        ("province-liaison", Forbidden),
        ("province-reader", Forbidden),
        ("county-clerk", NotFound),
        ("city-clerk", NotFound),
        ("unrelated-approver", NotFound),
        ("audit", NotFound),
    ],
)
def test_who_may_not_cancel(world: World, who: str, error: type[DomainError]) -> None:
    task = given(world)
    with pytest.raises(error):
        services.cancel(world.actor(who), task.id, CancelInput(reason="不该"))
    assert task.state == TaskState.OPEN


def test_ids_that_do_not_exist(world: World) -> None:
    for action, step in STEPS.items():
        with pytest.raises(NotFound):
            step(_actor_for(action, world), 2**62)
    with pytest.raises(NotFound):
        services.cancel(world.actor("province-clerk"), 2**62, CancelInput(reason="无"))


def test_accepting_late_keeps_the_moment(world: World) -> None:
    row = part_of(given(world, days=1), world)
    with time_machine.travel(clock.now() + timedelta(days=30), tick=False):
        services.accept(world.actor("county-clerk"), row.id)
        assert row.accepted_at == clock.now()
        assert row.accepted_at > row.due_at
