"""The call list of 特急 papers: whom to ring up, and what was said."""

from collections import defaultdict
from typing import Any

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from agencies.actors import acting
from agencies.permissions import permission
from config.errors import Conflict
from config.forms import Form
from notifications import calls as queries
from notifications.inputs import CallInput
from notifications.services import escalation
from notifications.web.blueprint import bp


@bp.get("/calls")
@permission("call.list")
def calls() -> ResponseReturnValue:
    """Whom this agency has to ring up."""
    return _page(Form[CallInput].blank(), 0)


def _page(form: Form[CallInput], receipt_id: int, status: int = 200) -> ResponseReturnValue:
    page = queries.listed(acting().agency_id)
    people: dict[int, list[Any]] = defaultdict(list)
    for row in queries.people_of({row.agency_id for row in page.items}):
        people[row.agency_id].append(row)
    drawn = render_template(
        "notifications/calls.html", page=page, people=people, form=form, typed_for=receipt_id
    )
    return drawn, status


@bp.post("/calls/<int:receipt_id>")
@permission("call.note")
def note_call(receipt_id: int) -> ResponseReturnValue:
    """Note that an agency was rung up."""
    form = Form.posted(CallInput)
    if form.data is None:
        return _page(form, receipt_id, 422)
    try:
        escalation.note_call(acting(), receipt_id, form.data.note)
    except Conflict as error:
        form.errors[""] = str(error.message)
        return _page(form, receipt_id, error.status)
    flash(_("已记录。"), "success")
    return redirect(url_for("notifications.calls"), 303)
