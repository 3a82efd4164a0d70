"""Giving a task, and taking it back."""

from typing import Any

from flask import flash, jsonify, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from agencies.actors import acting
from agencies.permissions import permission
from bulletins.models import Bulletin
from bulletins.rendering import html_of
from config.errors import Conflict, Invalid
from config.forms import Form, validated
from coordination import forms, services
from coordination.inputs import AddressInput, BodyInput, CancelInput, TaskInput
from coordination.web.blueprint import bp
from coordination.web.lists import task_page


@bp.get("/tasks/new")
@permission("task.assign")
def new_task() -> ResponseReturnValue:
    """An empty form; with ``bulletin_id`` on the ground of that bulletin."""
    bulletin = forms.ground(acting(), request.args.get("bulletin_id"))
    return _form_page(forms.blank(bulletin), bulletin)


@bp.post("/tasks/new")
@permission("task.assign")
def create_task() -> ResponseReturnValue:
    """Give the task; or show what is wrong with it, or what giving it would do."""
    form = forms.posted()
    bulletin = forms.ground(acting(), form.values.get("bulletin_id"))
    wanted = request.form.get("action")
    if wanted in ("find", "reach"):
        form.errors.clear()
        return _form_page(form, bulletin, reach=_reach()["text"] if wanted == "reach" else "")
    status = Invalid.status
    if form.data is not None:
        try:
            forms.check_seat(acting())
            if not forms.is_seen(form):
                return _form_page(form, bulletin, services.foresee(acting(), form.data))
            task = services.assign(acting(), form.data)
        except Invalid as error:
            form.refuse(error)
        except Conflict as error:
            form.errors[""], status = str(error.message), error.status
        else:
            flash(_("任务已下达。"), "success")
            return redirect(url_for(".task", task_id=task.id))
    form.note(forms.faults(acting()))
    return _form_page(form, bulletin), status


def _form_page(
    form: Form[TaskInput],
    bulletin: Bulletin | None,
    foreseen: services.Foreseen | None = None,
    reach: str = "",
) -> str:
    actor = acting()
    offered = forms.options(actor, form)
    return render_template(
        "coordination/new_task.html",
        form=form,
        choices=offered,
        leads=forms.leads(offered, form),
        bulletin=bulletin,
        foreseen=foreseen,
        seen=forms.seen(form),
        reach=forms.in_words(foreseen.counts) if foreseen else reach,
        first_day=forms.first_day(actor),
    )


@bp.post("/tasks/reach")
@permission("task.assign")
def reach() -> ResponseReturnValue:
    """How many agencies the form as it stands addresses."""
    return jsonify(_reach())


def _reach() -> dict[str, Any]:
    return forms.reach(acting(), Form.posted(AddressInput).data)


@bp.post("/tasks/preview")
@permission("task.assign")
def preview() -> ResponseReturnValue:
    """A text as it will be shown."""
    return html_of(validated(BodyInput, {"body": request.form.get("body", "")}).body)


@bp.post("/tasks/issued/<int:task_id>/cancel")
@permission("task.cancel")
def cancel(task_id: int) -> ResponseReturnValue:
    """Take a task back from everybody who isn't done with it."""
    form = Form.posted(CancelInput)
    if form.data is None:
        return task_page(task_id, form, 422)
    try:
        services.cancel(acting(), task_id, form.data)
    except Conflict as error:
        form.errors[""] = str(error.message)
        return task_page(task_id, form, error.status)
    flash(_("任务已取消。"), "success")
    return redirect(url_for(".task", task_id=task_id))
