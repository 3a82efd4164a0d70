"""The steps that both sides take on an agency's part in a task."""

from datetime import datetime

from flask_babel import gettext as _
from sqlalchemy import exists, select

from agencies.actors import Actor
from agencies.permissions import require
from config import clock, journal
from config.database import db, writing
from config.errors import Conflict
from coordination import deadlines, labels
from coordination.inputs import ReportInput, SendBackInput, StepInput, SubmissionInput
from coordination.models import Assignment, Report
from coordination.permissions import rule_for
from coordination.queries import answering, giving
from coordination.services.assigning import end
from coordination.states import OPEN, Action, TaskState, Told, move


def accept(actor: Actor, assignment_id: int) -> None:
    """Say that the assignee takes the task on. Raises NotFound, Forbidden, Conflict."""
    with writing():
        row = _step(actor, assignment_id, Action.ACCEPT)
        row.accepted_at, row.accepted_by = clock.now(), actor.person_id
        _keep(actor, row, Action.ACCEPT, "assignment.accepted")


def report(actor: Actor, assignment_id: int, data: ReportInput) -> None:
    """Say how far it is; sent twice with one key, it is one step.

    Raises NotFound, Forbidden, Conflict.
    """
    with writing():
        if _was_taken(actor, assignment_id, Action.REPORT, data):
            return
        row = _step(actor, assignment_id, Action.REPORT)
        _tell_progress(actor, row, Action.REPORT, "assignment.reported", data)


def submit(actor: Actor, assignment_id: int, data: SubmissionInput) -> None:
    """Hand in what was done; sent twice with one key, it is one step.

    Raises NotFound, Forbidden, Conflict.
    """
    with writing():
        if _was_taken(actor, assignment_id, Action.SUBMIT, data):
            return
        row = _step(actor, assignment_id, Action.SUBMIT)
        row.submitted_at, row.submitted_by = clock.now(), actor.person_id
        _tell_progress(actor, row, Action.SUBMIT, "assignment.submitted", data)


def send_back(actor: Actor, assignment_id: int, data: SendBackInput) -> None:
    """Ask for more, with a new deadline or within the old one; with one key it is one step.

    Raises NotFound, Forbidden, Conflict, and Invalid for a past deadline.
    """
    with writing():
        if _was_taken(actor, assignment_id, Action.SEND_BACK, data):
            return
        row = _step(actor, assignment_id, Action.SEND_BACK)
        due_at = deadlines.chosen(data.days, data.due_on, deadlines.zone_of(actor.agency))
        _set_deadline(row, due_at)
        once = data.once(assignment_id, Action.SEND_BACK)
        step = Report(text=data.text, due_at=due_at, once=once)
        _keep(actor, row, Action.SEND_BACK, "assignment.sent_back", step)


def _set_deadline(row: Assignment, due_at: datetime | None) -> None:
    """Give an assignment back within its deadline or a new one, which may pass anew."""
    if due_at is not None:
        row.due_at, row.told, row.told_entry_id = due_at, Told.NOTHING, None
    if row.told == Told.NOTHING:
        row.told = deadlines.told_by_giving(row.due_at, deadlines.zone_of(row.agency))


def close(actor: Actor, assignment_id: int) -> None:
    """Agree that an agency's part is done; with the last one the task is closed too.

    Raises NotFound, Forbidden, Conflict.
    """
    with writing():
        # The task first, as cancelling does: two who close the last two parts don't miss each
        # other, and nobody waits in a circle.
        task = giving.task_of(assignment_id, lock=True)
        row = _step(actor, assignment_id, Action.CLOSE)
        row.ended_at, row.ended_by, row.percent = clock.now(), actor.person_id, 100
        _keep(actor, row, Action.CLOSE, "assignment.closed")
        left = exists().where(Assignment.task_id == task.id, Assignment.state.in_(sorted(OPEN)))
        if not db.session.scalar(select(left)):
            end(actor, task, TaskState.CLOSED)


def _was_taken(actor: Actor, assignment_id: int, action: Action, data: StepInput) -> bool:
    """Whether the same form has come before: its first press decided, the second changes nothing.

    Raises NotFound, Forbidden.
    """
    row = answering.assignment(assignment_id, lock=True)
    require(actor, rule_for(action), row)
    return answering.was_taken(actor.person_id, data.once(assignment_id, action))


def _tell_progress(
    actor: Actor, row: Assignment, action: Action, kind: str, data: ReportInput
) -> None:
    if data.percent is not None:
        row.percent = data.percent
    once = data.once(row.id, action)
    _keep(actor, row, action, kind, Report(text=data.text, percent=data.percent, once=once))


def _step(actor: Actor, assignment_id: int, action: Action) -> Assignment:
    row = answering.assignment(assignment_id, lock=True)
    require(actor, rule_for(action), row)
    made = move(row.state, action)
    if made is None:
        raise Conflict(labels.over(row.state) if row.state not in OPEN else _not_now(row.state))
    row.state = made.to
    return row


def _not_now(state: str) -> str:
    return _("任务现在的状态是“%(state)s”，不能这样办理。", state=labels.state(state))


def _keep(
    actor: Actor, row: Assignment, action: Action, kind: str, step: Report | None = None
) -> None:
    """Write a step to the timeline and to the journal."""
    step = step or Report()
    step.assignment_id, step.action = row.id, action
    step.at, step.person_id = clock.now(), actor.person_id
    db.session.add(step)
    journal.record(
        kind,
        subject=("assignment", row.id),
        agency_id=actor.agency_id,
        by=actor,
        task=row.task_id,
    )
