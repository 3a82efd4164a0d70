"""What goes out at present: queues and batches, and the operator's decisions on a batch."""

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import ngettext

from agencies.actors import acting
from agencies.permissions import permission
from config import clock
from config.errors import DomainError, NotFound
from config.forms import Form
from notifications import batches, subjects
from notifications import queues as asked
from notifications.ledger_inputs import WhichInput
from notifications.services.decisions import DECISIONS
from notifications.web.blueprint import bp


def _standing() -> dict[str, object]:
    queues = asked.lines()
    return {
        "queues": queues,
        "batches": batches.batches(queues),
        "papers": subjects.papers(queues),
        "tasks": subjects.tasks(queues),
        "failures": batches.failures(),
        "stops": batches.stops(),
        "most": asked.AT_MOST,
        "now": clock.now(),
    }


@bp.get("/deliveries/queues")
@permission("delivery.list")
def queues() -> ResponseReturnValue:
    """Queues, digest hours, papers and failures, as they stand."""
    return render_template("notifications/queues.html", **_standing())


@bp.get("/deliveries/queues/now")
@permission("delivery.list")
def queues_now() -> ResponseReturnValue:
    """The part of that page that changes, for the page that stays open."""
    return render_template("notifications/_queues.html", **_standing())


@bp.post("/deliveries/batch/<name>")
@permission("delivery.decide")
def decide_batch(name: str) -> ResponseReturnValue:
    """Send what failed again, stop a batch, let it go on, or give it up."""
    if name not in DECISIONS:
        raise NotFound
    form = Form.posted(WhichInput)
    if form.data is None:
        raise DomainError
    count = DECISIONS[name](acting(), form.data.which)
    flash(ngettext("已处理 %(num)s 条。", "已处理 %(num)s 条。", count), "ok")
    return redirect(url_for("notifications.queues"), 303)
