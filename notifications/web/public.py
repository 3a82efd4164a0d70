"""What works without signing in: ending one's mails, and a gateway's reports."""

from flask import Response, render_template, request
from flask.typing import ResponseReturnValue

from agencies.permissions import public
from agencies.states import Channel
from config.errors import NotFound
from config.http import csrf
from notifications.models import Recipient
from notifications.services.reports import report
from notifications.services.subscriptions import unsubscribe, unsubscribing_of
from notifications.web.blueprint import bp


@bp.get("/unsubscribe/<word>")
@public
def unsubscribing(word: str) -> ResponseReturnValue:
    """Ask whether the mails shall end: a mail scanner that follows links must not end them."""
    recipient, channel = unsubscribing_of(word)
    return _drawn(recipient, channel, word, done=False)


@bp.post("/unsubscribe/<word>")
@public
def end_mails(word: str) -> ResponseReturnValue:
    """End the mails."""
    recipient, channel = unsubscribe(word)
    return _drawn(recipient, channel, word, done=True)


def _drawn(recipient: Recipient, channel: Channel, word: str, *, done: bool) -> str:
    return render_template(
        "notifications/unsubscribe.html",
        channel=channel,
        word=word,
        done=done,
        signs_in=recipient.person_id is not None,
    )


# One click in a mail program posts there without a cookie or token (RFC 8058); the signed address
# is what proves that it may.
csrf.exempt(end_mails)


@bp.get("/notifications/kannel/<word>")
@public
def kannel_report(word: str) -> ResponseReturnValue:
    """Take a gateway's report; an address we never gave is no page, and nothing is told."""
    bit = request.args.get("type", "")
    if not bit.isascii() or not bit.isdecimal() or len(bit) > 4:
        raise NotFound
    report(word, int(bit), request.args.get("reply", "")[:100])
    return Response("", mimetype="text/plain")
