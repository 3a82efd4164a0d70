"""What became of the messages about a paper or a task: for whoever sent it or passed it on."""

from flask import render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import lazy_gettext as _l
from sqlalchemy import Subquery

from agencies.actors import acting
from agencies.permissions import permission, require
from bulletins.queries.endings import ending_of
from bulletins.services import progress
from coordination.ports import LINKS, Link
from coordination.queries import giving
from notifications import told
from notifications.web.blueprint import bp


@bp.get("/bulletins/<int:bulletin_id>/messages")
@permission("bulletin.receipts")
def messages(bulletin_id: int) -> ResponseReturnValue:
    """Counts by kind, channel and state; then those that did not arrive, or whatever is asked."""
    scope = progress(acting(), bulletin_id)
    ending = ending_of(scope.bulletin, scope.root_id)
    return _page("notifications/told.html", told.of_paper(scope), scope=scope, ending=ending)


@bp.get("/tasks/issued/<int:task_id>/messages")
@permission("task.read")
def task_messages(task_id: int) -> ResponseReturnValue:
    """The same of the digests that named a task to those who have it."""
    task = giving.task(task_id)
    require(acting(), "task.read", task)
    return _page("notifications/told_of_task.html", told.of_task(task), task=task)


LINK = Link(_l("消息去向"), "notifications.task_messages", "mail")


def fill() -> None:
    """Put the way here onto the pages of tasks."""
    if LINK not in LINKS:
        LINKS.append(LINK)


def _page(template: str, some: Subquery, **of: object) -> str:
    show = request.args.get("show", "trouble")
    show = show if show in told.SHOWN else "trouble"
    counts = told.counts(some)
    return render_template(
        template,
        show=show,
        counts=counts,
        totals=told.totals(counts),
        seconds_left=told.seconds_left(counts),
        page=told.messages(some, show),
        **of,
    )
