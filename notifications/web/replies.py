"""What people answered by SMS, for whoever is on duty in their agency."""

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from agencies.actors import acting
from agencies.permissions import permission
from notifications.services import replies as service
from notifications.texting import labels, queries
from notifications.web.blueprint import bp


@bp.get("/replies")
@permission("reply.read")
def replies() -> ResponseReturnValue:
    """The replies of the agency's people, newest first."""
    return render_template(
        "notifications/replies.html",
        page=queries.replies_for(acting().agency_id or 0),
        texting=labels,
    )


@bp.post("/replies/<int:reply_id>/read")
@permission("reply.read")
def read_reply(reply_id: int) -> ResponseReturnValue:
    """Note that a reply was dealt with."""
    service.mark_read(acting(), reply_id)
    flash(_("已处理。"), "ok")
    return redirect(url_for(".replies"), 303)
