"""The outbox: what was written to files because no provider is set, as it would have been sent."""

from flask import Response, render_template
from flask.typing import ResponseReturnValue

from agencies.permissions import permission
from config.errors import NotFound
from notifications import ledger as ledgers
from notifications import outbox as files
from notifications import sms
from notifications.web.blueprint import bp

# The mail's own page: nothing in it runs, and only our own page may frame it.
_MAIL_POLICY = (
    "default-src 'none'; style-src 'unsafe-inline'; img-src data:; sandbox; frame-ancestors 'self'"
)


@bp.get("/outbox")
@permission("outbox.read")
def outbox() -> ResponseReturnValue:
    """The messages written, newest first."""
    page = ledgers.ledger(ledgers.Narrowed(outcome="written"))
    return render_template("notifications/outbox.html", page=page)


@bp.get("/outbox/<int:delivery_id>")
@permission("outbox.read")
def written(delivery_id: int) -> ResponseReturnValue:
    """One message."""
    delivery, message, _ = ledgers.entry(delivery_id)
    content = files.read(delivery)
    if content is None:
        raise NotFound
    return render_template(
        "notifications/written.html",
        delivery=delivery,
        message=message,
        written=content,
        parts=sms.parts(content.text),
    )


@bp.get("/outbox/<int:delivery_id>/html")
@permission("outbox.read")
def written_html(delivery_id: int) -> ResponseReturnValue:
    """A mail's HTML for the frame on its page."""
    delivery, _, _ = ledgers.entry(delivery_id)
    content = files.read(delivery)
    if content is None or not content.html:
        raise NotFound
    return Response(
        content.html,
        headers={"Content-Security-Policy": _MAIL_POLICY, "X-Frame-Options": "SAMEORIGIN"},
    )
