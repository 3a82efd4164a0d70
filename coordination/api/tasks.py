"""What an agency has given to others."""

from typing import Any

from agencies.actors import acting
from agencies.permissions import permission, require
from bulletins.inputs import Identifier
from config import clock
from config.openapi import PageQuery, listing
from coordination import services
from coordination.api.blueprint import bp
from coordination.api.outputs import AssignmentItemOut, AssignmentsOut, TaskOut, TasksOut
from coordination.inputs import CancelInput, TaskInput
from coordination.models import Task
from coordination.queries import giving
from coordination.queries.giving import Issued, Standing


class TasksQuery(PageQuery):
    """Tasks that go on, wait for judgement, are closed or cancelled."""

    state: Issued = Issued.OPEN


class PartsQuery(PageQuery):
    """All parts, those that stand somewhere, those of one branch (an agency, all below it)."""

    state: Standing | None = None
    under: Identifier | None = None


def _own(task_id: int) -> Task:
    task = giving.task(task_id)
    require(acting(), "task.read", task)
    return task


def _out(task: Task) -> TaskOut:
    return TaskOut.of(task, giving.progress([task.id], clock.now())[task.id])


@bp.get("/tasks")
@permission("task.list")
@bp.input(TasksQuery, location="query", arg_name="query")
@bp.output(TasksOut)
@bp.doc(summary="The tasks my agency has given, newest first, with their progress")
def tasks(query: TasksQuery) -> dict[str, Any]:
    page = giving.issued(acting().agency_id or 0, query.state, size=query.limit)
    progress = giving.progress([task.id for task in page.items], clock.now())
    return listing(page, [TaskOut.of(task, progress[task.id]) for task in page.items])


@bp.post("/tasks")
@permission("task.assign")
@bp.input(TaskInput, arg_name="data")
@bp.output(TaskOut, status_code=201)
@bp.doc(summary="Give a task to agencies below mine")
def assign(data: TaskInput) -> TaskOut:
    return _out(services.assign(acting(), data))


@bp.get("/tasks/<int:task_id>")
@permission("task.read")
@bp.output(TaskOut)
@bp.doc(summary="A task that my agency has given")
def task(task_id: int) -> TaskOut:
    return _out(_own(task_id))


@bp.get("/tasks/<int:task_id>/assignments")
@permission("task.read")
@bp.input(PartsQuery, location="query", arg_name="query")
@bp.output(AssignmentsOut)
@bp.doc(summary="Who has the task, and where each stands")
def parts(task_id: int, query: PartsQuery) -> dict[str, Any]:
    page = giving.assignments(
        _own(task_id).id,
        clock.now(),
        where=query.state,
        branch_id=query.under,
        size=query.limit,
    )
    return listing(page, [AssignmentItemOut.of(row) for row in page.items])


@bp.post("/tasks/<int:task_id>/cancel")
@permission("task.cancel")
@bp.input(CancelInput, arg_name="data")
@bp.output(TaskOut)
@bp.doc(summary="Take a task back from everybody who isn't done with it")
def cancel(task_id: int, data: CancelInput) -> TaskOut:
    services.cancel(acting(), task_id, data)
    return _out(giving.task(task_id))
