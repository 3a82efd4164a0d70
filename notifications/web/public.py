"""What works without signing in: choosing or ending one's mails, and a gateway's reports."""

from flask import Response, current_app, render_template, request
from flask.typing import ResponseReturnValue

from agencies.permissions import public
from agencies.states import Channel
from config.errors import Invalid, NotFound
from config.forms import Form
from config.http import csrf
from notifications.inputs import WishInput
from notifications.links import unsubscribe_url
from notifications.models import Recipient
from notifications.queries import subscription_of
from notifications.services.confirming import asked_of, standing
from notifications.services.confirming import confirm as agree
from notifications.services.reports import report
from notifications.services.subscriptions import choose_by_link, unsubscribe, unsubscribing_of
from notifications.states import Rhythm
from notifications.web.blueprint import bp
from notifications.web.late import WORDS, came_late
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
    form, status = Form.posted(WishInput), 422
    if came_late():
        form.errors, status = {"": str(WORDS)}, 400
    elif form.data is not None:
        try:
            recipient, channel = choose_by_link(word, form.data)
        except Invalid as error:
            form.refuse(error)
        else:
            return _drawn(recipient, channel, word, done="saved")
    return _drawn(recipient, channel, word, form=form), status


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
    return _asked(word, *asked_of(word))


@bp.post("/confirm/<word>")
@public
def confirm(word: str) -> ResponseReturnValue:
    """Have messages from now on."""
    asked = asked_of(word)
    if came_late():
        return _asked(word, *asked, late=True), 400
    return _asked(word, *agree(word))


def _asked(
    word: str, recipient: Recipient, channel: Channel, agency: str, *, late: bool = False
) -> str:
    address = (recipient.mail if channel == Channel.MAIL else recipient.phone) or ""
    return render_template(
        "notifications/confirm.html",
        word=word,
        channel=channel,
        agency=agency,
        standing=standing(recipient, channel),
        again=unsubscribe_url(recipient.id, recipient.created_at, channel, address),
        late=WORDS if late else "",
    )


# One click in a mail program posts there without a cookie or token (RFC 8058); the signed address
# is what proves that it may.
csrf.exempt(end_mails)
csrf.exempt(choose_mails)  # these two ask for the token themselves
csrf.exempt(confirm)


@bp.get("/notifications/kannel/<word>")
@public
def kannel_report(word: str) -> ResponseReturnValue:
    """Take a gateway's report; an address we never gave is no page, and nothing is told."""
    bit = request.args.get("type", "")
    if not bit.isascii() or not bit.isdecimal() or len(bit) > 4:
        raise NotFound
    report(word, int(bit), request.args.get("reply", "")[:100])
    return Response("", mimetype="text/plain")
