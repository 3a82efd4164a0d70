"""What can be done with tasks: one public function is one use case."""

from collections.abc import Sequence
from datetime import date
from itertools import islice

from flask_babel import gettext as _
from sqlalchemy import exists, select, update

from agencies.actors import Actor
from agencies.permissions import require
from bulletins.models import Bulletin
from bulletins.rendering import html_of
from config import clock, journal
from config.database import db, writing
from config.errors import Conflict, Invalid, NotFound
from coordination import deadlines, labels, reach
from coordination.inputs import (
    AddressInput,
    CancelInput,
    ReportInput,
    SendBackInput,
    StepInput,
    SubmissionInput,
    TaskInput,
)
from coordination.models import Assignment, Report, Task
from coordination.permissions import rule_for
from coordination.queries import answering, giving
from coordination.states import OPEN, Action, Part, State, TaskState, move

IDS_AN_ENTRY = 500


def assign(actor: Actor, data: TaskInput) -> Task:
    """Give a task to agencies below the actor's own; sent twice with one key, it is given once.

    Raises Forbidden; Invalid for nobody, somebody out of reach, a missing or past deadline;
    NotFound for a bulletin that the actor's agency doesn't have.
    """
    issuer = require(actor, "task.assign").agency
    if issuer is None:
        raise NotFound
    zone = deadlines.zone_of(issuer)
    today, due_at = clock.today(zone), deadlines.required(data.days, data.due_on, zone)
    body_html, once = html_of(data.body), data.once(issuer.id)
    with writing():
        before = giving.given_before(actor.person_id, once)
        if before is not None:
            return before
        if data.bulletin_id is not None:
            _refuse_ended(giving.ground(issuer.id, data.bulletin_id))
        _refuse_out_of_reach(issuer.id, data, today)
        task = Task(
            issuer_id=issuer.id,
            bulletin_id=data.bulletin_id,
            title=data.title,
            body=data.body,
            body_html=body_html,
            due_at=due_at,
            created_at=clock.now(),
            created_by=actor.person_id,
            once=once,
        )
        db.session.add(task)
        db.session.flush()
        _give(actor, task, data, today)
    return task


def reached(actor: Actor, data: AddressInput) -> dict[Part, int]:
    """How many agencies a task would be given to, by part. Raises Forbidden."""
    issuer = require(actor, "task.assign").agency
    if issuer is None:
        raise NotFound
    today = clock.today(deadlines.zone_of(issuer))
    rows = db.session.execute(reach.counting(issuer.id, data, today))
    return {Part(part): count for part, count in rows}


def _refuse_ended(bulletin: Bulletin) -> None:
    if bulletin.ended_kind:
        raise Conflict(_("依据的文件已撤销或废止，不能再据此下达任务。"))


def _refuse_out_of_reach(issuer_id: int, data: AddressInput, today: date) -> None:
    if data.leading == "one" and data.lead_id is None:
        raise Invalid(errors={"lead_id": _("请选择牵头机构。")})
    named = data.named
    if not named:
        return
    strangers = len(named) - (db.session.scalar(reach.below(issuer_id, named, today)) or 0)
    if strangers:
        message = _("有 %(count)s 个机构不在本机构之下，不能向其下达任务。", count=strangers)
        raise Invalid(errors={"to_agencies": message})


def _give(actor: Actor, task: Task, data: TaskInput, today: date) -> None:
    db.session.execute(reach.giving(task, data, today, task.created_at))
    given = db.session.scalars(
        select(Assignment.id).where(Assignment.task_id == task.id).order_by(Assignment.id)
    ).all()
    if not given:
        raise Invalid(errors={"to_agencies": _("请至少选择一个下级机构。")})
    for ids in _chunks(given):
        journal.record(
            "task.assigned",
            subject=("task", task.id),
            agency_id=task.issuer_id,
            by=actor,
            assignments=ids,
        )


def _chunks(ids: Sequence[int]) -> list[list[int]]:
    left = iter(ids)
    return list(iter(lambda: list(islice(left, IDS_AN_ENTRY)), []))


def cancel(actor: Actor, task_id: int, data: CancelInput) -> None:
    """Take a task back from everybody who isn't done with it.

    Raises NotFound, Forbidden, and Conflict where the task is over.
    """
    with writing():
        task = giving.task(task_id, lock=True)
        require(actor, "task.cancel", task)
        if task.state != TaskState.OPEN:
            raise Conflict(_over(task.state))
        now = clock.now()
        db.session.execute(
            update(Assignment)
            .where(Assignment.task_id == task.id, Assignment.state.in_(sorted(OPEN)))
            .values(state=State.CANCELLED, ended_at=now, ended_by=actor.person_id)
            .execution_options(synchronize_session=False)
        )
        _end(actor, task, TaskState.CANCELLED)
        task.cancel_reason = data.reason
        journal.record(
            "task.cancelled", subject=("task", task.id), agency_id=task.issuer_id, by=actor
        )


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
        row.due_at = due_at or row.due_at
        once = data.once(assignment_id, Action.SEND_BACK)
        step = Report(text=data.text, due_at=due_at, once=once)
        _keep(actor, row, Action.SEND_BACK, "assignment.sent_back", step)


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
            _end(actor, task, TaskState.CLOSED)


def _end(actor: Actor, task: Task, state: TaskState) -> None:
    task.state, task.ended_at, task.ended_by = state, clock.now(), actor.person_id


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
        raise Conflict(_over(row.state) if row.state not in OPEN else _not_now(row.state))
    row.state = made.to
    return row


def _over(state: str) -> str:
    return _("任务已取消。") if state == State.CANCELLED else _("任务已办结。")


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
