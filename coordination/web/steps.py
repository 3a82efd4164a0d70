"""The page of one assignment, and the steps that both sides take on it."""

import secrets
from collections.abc import Callable, Mapping
from typing import TypeVar

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from pydantic import BaseModel

from agencies.actors import Actor, acting
from agencies.permissions import permission, require
from config import clock
from config.errors import Conflict, Invalid, Message
from config.forms import Form
from coordination import services, timelines
from coordination.forms import faults_of_time, first_day
from coordination.inputs import ReportInput, SendBackInput, SubmissionInput
from coordination.permissions import side_of
from coordination.queries import answering
from coordination.states import Action, Side, offered
from coordination.web.basis import basis
from coordination.web.blueprint import bp

M = TypeVar("M", bound=BaseModel)


@bp.get("/tasks/<int:assignment_id>")
@permission("assignment.read")
def assignment(assignment_id: int) -> ResponseReturnValue:
    """One agency's part in a task, for itself and for the issuer."""
    return _page(assignment_id, Form.blank())


def _page(assignment_id: int, form: Form[M], status: int = 200) -> ResponseReturnValue:
    actor, row, now = acting(), answering.shown(assignment_id), clock.now()
    require(actor, "assignment.read", row)
    side = side_of(actor, row)
    steps = answering.reports(row.id)
    page = render_template(
        "coordination/assignment.html",
        row=row,
        task=row.task,
        side=side,
        offered=offered(row.state, side),
        judging=side is Side.ISSUER,
        steps=steps,
        returned=next((one for one in steps.items if one.action == Action.SEND_BACK), None),
        timeline=timelines.drawn(row, steps),
        basis=basis(actor, row.task),
        first_day=first_day(actor),
        form=form,
        report_key=form.values.get("key") or secrets.token_hex(8),
        overdue=row.is_overdue(now),
        is_past=row.due_at < now,
    )
    return page, status


def _take(
    assignment_id: int,
    model: type[M],
    step: Callable[[Actor, int, M], None],
    said: str,
    faults: Callable[[Actor], Mapping[str, Message]] = lambda _actor: {},
) -> ResponseReturnValue:
    """Take a step with words; what was typed stays on the page where it can't be taken."""
    form = Form.posted(model)
    status = 422
    if form.data is not None:
        try:
            step(acting(), assignment_id, form.data)
        except Invalid as error:
            form.refuse(error)
        except Conflict as error:
            form.errors[""], status = str(error.message), error.status
        else:
            flash(said, "success")
            return redirect(url_for(".assignment", assignment_id=assignment_id))
    form.note(faults(acting()))
    return _page(assignment_id, form, status)


def _press(
    assignment_id: int, step: Callable[[Actor, int], None], said: str
) -> ResponseReturnValue:
    """Take a step that needs no words; where it can't be taken, the page shows how things stand."""
    form = Form[BaseModel].blank()
    try:
        step(acting(), assignment_id)
    except Conflict as error:
        form.errors[""] = str(error.message)
        return _page(assignment_id, form, error.status)
    flash(said, "success")
    return redirect(url_for(".assignment", assignment_id=assignment_id))


@bp.post("/tasks/<int:assignment_id>/accept")
@permission("assignment.answer")
def accept(assignment_id: int) -> ResponseReturnValue:
    """Take the task on."""
    return _press(assignment_id, services.accept, _("任务已接收。"))


@bp.post("/tasks/<int:assignment_id>/report")
@permission("assignment.answer")
def report(assignment_id: int) -> ResponseReturnValue:
    """Say how far it is."""
    return _take(assignment_id, ReportInput, services.report, _("进展已报告。"))


@bp.post("/tasks/<int:assignment_id>/submit")
@permission("assignment.answer")
def submit(assignment_id: int) -> ResponseReturnValue:
    """Hand in what was done."""
    return _take(assignment_id, SubmissionInput, services.submit, _("已报送，等待审核。"))


@bp.post("/tasks/<int:assignment_id>/send-back")
@permission("assignment.judge")
def send_back(assignment_id: int) -> ResponseReturnValue:
    """Ask for more."""
    return _take(
        assignment_id, SendBackInput, services.send_back, _("已退回重办。"), faults_of_time
    )


@bp.post("/tasks/<int:assignment_id>/close")
@permission("assignment.judge")
def close(assignment_id: int) -> ResponseReturnValue:
    """Agree that it is done."""
    return _press(assignment_id, services.close, _("已办结。"))
