"""What works without signing in: choosing or ending one's mails, and a gateway's reports."""

from flask import Response, current_app, render_template, request
from flask.typing import ResponseReturnValue

from agencies.permissions import public
from agencies.states import Channel
from config.errors import Invalid, NotFound
from config.forms import Form
from config.http import csrf
from notifications.inputs import WishInput
from notifications.models import Recipient
from notifications.queries import subscription_of
from notifications.services.confirming import asked_of
from notifications.services.confirming import confirm as agree
from notifications.services.reports import report
from notifications.services.subscriptions import choose_by_link, unsubscribe, unsubscribing_of
from notifications.states import Rhythm
from notifications.web.blueprint import bp
from notifications.web.settings import choices, shown, usual


@bp.get("/unsubscribe/<word>")
@public
def unsubscribing(word: str) -> ResponseReturnValue:
    """Ask whether the mails shall end: a mail scanner that follows links must not end them."""
    recipient, channel = unsubscribing_of(word)
    return _drawn(recipient, channel, word)


@bp.post("/unsubscribe/<word>")
@public
def end_mails(word: str) -> ResponseReturnValue:
    """End the mails."""
    recipient, channel = unsubscribe(word)
    return _drawn(recipient, channel, word, done="ended")


@bp.post("/unsubscribe/<word>/wish")
@public
def choose_mails(word: str) -> ResponseReturnValue:
    """Have the mails come otherwise: how often, at what hour, or only what is urgent."""
    recipient, channel = unsubscribing_of(word)
    form = Form.posted(WishInput)
    if form.data is not None:
        try:
            recipient, channel = choose_by_link(word, form.data)
        except Invalid as error:
            form.refuse(error)
        else:
            return _drawn(recipient, channel, word, done="saved")
    return _drawn(recipient, channel, word, form=form), 422


def _drawn(
    recipient: Recipient,
    channel: Channel,
    word: str,
    *,
    done: str = "",
    form: Form[WishInput] | None = None,
) -> str:
    zone: str = current_app.extensions["settings"].timezone
    wish = subscription_of(recipient.id, channel)
    return render_template(
        "notifications/unsubscribe.html",
        channel=channel,
        word=word,
        done=done,
        is_on=wish is not None and (wish.rhythm != Rhythm.OFF or wish.urgent_at_once),
        form=form or (shown(wish, zone) if wish else usual(Rhythm.OFF)),
        zone=zone,
        signs_in=recipient.person_id is not None,
        **choices(),
    )


@bp.get("/confirm/<word>")
@public
def confirming(word: str) -> ResponseReturnValue:
    """Ask whether messages are wanted: a mail scanner that follows links must not agree to them."""
    _recipient, channel, agency = asked_of(word)
    page = "notifications/confirm.html"
    return render_template(page, word=word, channel=channel, agency=agency, done=False)


@bp.post("/confirm/<word>")
@public
def confirm(word: str) -> ResponseReturnValue:
    """Have messages from now on."""
    _recipient, channel, agency = agree(word)
    page = "notifications/confirm.html"
    return render_template(page, word=word, channel=channel, agency=agency, done=True)


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
