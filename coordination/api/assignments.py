"""What an agency has to do, and the steps that both sides take on it."""

from typing import Any

from agencies.actors import acting
from agencies.permissions import permission, require
from config import clock
from config.openapi import PageQuery, listing
from coordination import deadlines, services
from coordination.api.blueprint import bp
from coordination.api.outputs import (
    AssignmentItemOut,
    AssignmentOut,
    AssignmentsOut,
    StepOut,
    StepsOut,
)
from coordination.inputs import ReportInput, SendBackInput, SubmissionInput
from coordination.queries import answering
from coordination.queries.answering import Mine


class AssignmentsQuery(PageQuery):
    """What is to do, near, overdue, waiting to be judged, or done."""

    state: Mine = Mine.TODO


def _out(assignment_id: int) -> AssignmentOut:
    row = answering.shown(assignment_id)
    require(acting(), "assignment.read", row)
    return AssignmentOut.of(row)


@bp.get("/assignments")
@permission("task.list")
@bp.input(AssignmentsQuery, location="query", arg_name="query")
@bp.output(AssignmentsOut)
@bp.doc(summary="What my agency has to do, the nearest deadline first")
def assignments(query: AssignmentsQuery) -> dict[str, Any]:
    actor = acting()
    near_until = deadlines.near_until(deadlines.zone_of(actor.agency))
    page = answering.mine(
        actor.agency_id or 0, query.state, clock.now(), near_until, size=query.limit
    )
    return listing(page, [AssignmentItemOut.of(row) for row in page.items])


@bp.get("/assignments/<int:assignment_id>")
@permission("assignment.read")
@bp.output(AssignmentOut)
@bp.doc(summary="One agency's part in a task")
def assignment(assignment_id: int) -> AssignmentOut:
    return _out(assignment_id)


@bp.get("/assignments/<int:assignment_id>/steps")
@permission("assignment.read")
@bp.input(PageQuery, location="query", arg_name="page")
@bp.output(StepsOut)
@bp.doc(summary="What happened to it, newest first")
def steps(assignment_id: int, page: PageQuery) -> dict[str, Any]:
    row = answering.shown(assignment_id)
    require(acting(), "assignment.read", row)
    found = answering.reports(row.id, size=page.limit)
    return listing(found, [StepOut.of(step) for step in found.items])


@bp.post("/assignments/<int:assignment_id>/accept")
@permission("assignment.answer")
@bp.output(AssignmentOut)
@bp.doc(summary="Take the task on")
def accept(assignment_id: int) -> AssignmentOut:
    services.accept(acting(), assignment_id)
    return _out(assignment_id)


@bp.post("/assignments/<int:assignment_id>/report")
@permission("assignment.answer")
@bp.input(ReportInput, arg_name="data")
@bp.output(AssignmentOut)
@bp.doc(summary="Say how far it is")
def report(assignment_id: int, data: ReportInput) -> AssignmentOut:
    services.report(acting(), assignment_id, data)
    return _out(assignment_id)


@bp.post("/assignments/<int:assignment_id>/submit")
@permission("assignment.answer")
@bp.input(SubmissionInput, arg_name="data")
@bp.output(AssignmentOut)
@bp.doc(summary="Hand in what was done")
def submit(assignment_id: int, data: SubmissionInput) -> AssignmentOut:
    services.submit(acting(), assignment_id, data)
    return _out(assignment_id)


@bp.post("/assignments/<int:assignment_id>/send-back")
@permission("assignment.judge")
@bp.input(SendBackInput, arg_name="data")
@bp.output(AssignmentOut)
@bp.doc(summary="Ask for more, with a new deadline or within the old one")
def send_back(assignment_id: int, data: SendBackInput) -> AssignmentOut:
    services.send_back(acting(), assignment_id, data)
    return _out(assignment_id)


@bp.post("/assignments/<int:assignment_id>/close")
@permission("assignment.judge")
@bp.output(AssignmentOut)
@bp.doc(summary="Agree that it is done; with the last part the task is closed too")
def close(assignment_id: int) -> AssignmentOut:
    services.close(acting(), assignment_id)
    return _out(assignment_id)
