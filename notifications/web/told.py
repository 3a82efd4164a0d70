"""What became of a paper's messages: for whoever issued it, and for those who passed it on."""

from flask import render_template, request
from flask.typing import ResponseReturnValue

from agencies.actors import acting
from agencies.permissions import permission
from bulletins.services import progress
from notifications import told
from notifications.web.blueprint import bp


@bp.get("/bulletins/<int:bulletin_id>/messages")
@permission("bulletin.receipts")
def messages(bulletin_id: int) -> ResponseReturnValue:
    """Counts by kind, channel and state; then those that did not arrive, or whatever is asked."""
    scope = progress(acting(), bulletin_id)
    show = request.args.get("show", "trouble")
    show = show if show in told.SHOWN else "trouble"
    counts = told.counts(scope)
    return render_template(
        "notifications/told.html",
        scope=scope,
        show=show,
        counts=counts,
        totals={
            name: sum(row.count for row in counts if row.state in states)
            for name, states in told.SHOWN.items()
        },
        page=told.messages(scope, show),
    )
