"""The bell: what the agency in hand was told of, and how much of it is new."""

from typing import Any

from flask import jsonify, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from agencies.actors import acting
from agencies.permissions import permission
from config.navigation import COUNTED_AT_MOST, counted
from notifications import bell
from notifications.services import alerts as service
from notifications.states import AlertKind
from notifications.web.blueprint import bp


@bp.get("/alerts")
@permission("alert.read")
def alerts() -> ResponseReturnValue:
    """The agency's alerts; once they are drawn this person has seen them."""
    page = bell.listed(acting())
    drawn = render_template("notifications/alerts.html", page=page)
    fresh = [row.id for row in page.items if row.fresh]
    if fresh:
        service.see(acting(), max(fresh))
    return drawn


@bp.get("/alerts/count")
@permission("alert.read")
def alert_count() -> ResponseReturnValue:
    """How many are new: an open page asks once a minute. A cheap question, no thread is held."""
    [count] = counted([bell.unseen(acting())])
    text = str(count) if count < COUNTED_AT_MOST else "99+"
    words = _("有 %(n)s 条新提醒", n=text) if count else ""
    return jsonify(count=count, text=text, words=words)


@bp.app_template_test("call_alert")
def is_call(row: Any) -> bool:
    """Whether an alert asks to ring somebody up."""
    return bool(row.kind == AlertKind.CALL)


@bp.app_template_filter("alert_url")
def alert_url(row: Any) -> str:
    """Where the thing stands that an alert is about."""
    if row.receipt_id is not None:
        return url_for("bulletins.read", receipt_id=row.receipt_id)
    if row.kind == AlertKind.OVERDUE_BELOW:
        return url_for("coordination.task", task_id=row.task_id, state="overdue")
    if row.assignment_id is not None:
        return url_for("coordination.assignment", assignment_id=row.assignment_id)
    if row.export_id is not None:
        return url_for("exports.export", export_id=row.export_id)
    if is_call(row):
        return url_for("notifications.calls")
    if row.kind == AlertKind.ENDED:  # without a receipt: this agency issued it with its host
        return url_for("bulletins.joint_paper", bulletin_id=row.bulletin_id)
    return url_for("bulletins.paper_questions", bulletin_id=row.bulletin_id)
