"""One's own digests: how often, when, by what; what one would get now; what one got."""

from flask import current_app, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from agencies.actors import acting
from agencies.contacts import verified_addresses
from agencies.permissions import permission
from agencies.states import Channel
from config.errors import Invalid, NotFound
from config.forms import Form
from notifications import ledger as ledgers
from notifications.inputs import WishInput
from notifications.models import Subscription
from notifications.preview import preview
from notifications.queries import wishes_of
from notifications.services import subscriptions
from notifications.services.enrolment import DEFAULT_HOUR
from notifications.states import Rhythm
from notifications.web.blueprint import bp

HOURS = [(hour, f"{hour:02d}:00") for hour in range(24)]


def _channel(name: str) -> Channel:
    if name not in set(Channel):
        raise NotFound
    return Channel(name)


def blank(wish: Subscription | None) -> Form[WishInput]:
    """A form that shows a wish as it stands."""
    if wish is None:
        return Form.blank(rhythm=Rhythm.OFF.value, hour=DEFAULT_HOUR, weekdays=[])
    return Form.blank(
        rhythm=wish.rhythm,
        hour=wish.hour,
        weekdays=[day for day in range(7) if wish.weekdays >> day & 1],
        urgent_at_once=wish.urgent_at_once,
    )


def _drawn(
    channel: Channel, form: Form[WishInput] | None = None, status: int = 200
) -> ResponseReturnValue:
    actor = acting()
    wish = wishes_of(actor.person_id).get(channel)
    zone = actor.agency.timezone if actor.agency else None
    page = render_template(
        "notifications/settings.html",
        channel=channel,
        form=form or blank(wish),
        wish=wish,
        address=verified_addresses([actor.person_id], channel).get(actor.person_id),
        hours=HOURS,
        zone=zone or current_app.extensions["settings"].timezone,
    )
    return page, status


@bp.get("/settings/digests", endpoint="settings", defaults={"name": "mail"})
@bp.get("/settings/digests/<name>", endpoint="settings")
@permission("digest.choose")
def show_settings(name: str) -> ResponseReturnValue:
    """How digests come on one channel."""
    return _drawn(_channel(name))


@bp.post("/settings/digests/<name>")
@permission("digest.choose")
def save_settings(name: str) -> ResponseReturnValue:
    """Choose how digests come on one channel."""
    channel = _channel(name)
    form = Form.posted(WishInput)
    if form.data is None:
        return _drawn(channel, form, 422)
    try:
        subscriptions.choose(acting(), channel, form.data)
    except Invalid as error:
        form.refuse(error)
        return _drawn(channel, form, 422)
    flash(_("已保存。"), "ok")
    return redirect(url_for("notifications.settings", name=channel), 303)


@bp.get("/settings/digests/<name>/preview")
@permission("digest.choose")
def show_preview(name: str) -> ResponseReturnValue:
    """What would be sent if it were due now."""
    channel = _channel(name)
    wish = wishes_of(acting().person_id).get(channel)
    if wish is None or wish.rhythm == Rhythm.OFF:
        raise NotFound
    return render_template(
        "notifications/preview.html", channel=channel, wish=wish, preview=preview(wish)
    )


@bp.get("/settings/deliveries")
@permission("delivery.own")
def own_deliveries() -> ResponseReturnValue:
    """What was sent to oneself."""
    page = ledgers.ledger(ledgers.Narrowed(person_id=acting().person_id))
    return render_template("notifications/own_deliveries.html", page=page)
