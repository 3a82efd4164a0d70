"""One's own digests: how often, when, by what; what one would get now; what one got."""

from typing import Any
from zoneinfo import ZoneInfo

from flask import current_app, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from agencies.actors import acting
from agencies.contacts import verified_addresses
from agencies.permissions import permission
from agencies.queries import away_now
from agencies.states import Channel
from config.errors import Invalid, NotFound
from config.forms import Form
from notifications import labels
from notifications import ledger as ledgers
from notifications.inputs import DEFAULT_TIME, WishInput
from notifications.models import Subscription
from notifications.preview import preview
from notifications.queries import wishes_of
from notifications.services import subscriptions
from notifications.states import Rhythm
from notifications.texting.queries import stopped
from notifications.web.blueprint import bp

ZONES = (
    *(("Asia/Shanghai", _l("北京时间")), ("Asia/Urumqi", _l("新疆时间"))),
    *(("Asia/Hong_Kong", _l("香港")), ("Asia/Macau", _l("澳门")), ("Asia/Taipei", _l("台北"))),
    *(("Asia/Tokyo", _l("东京")), ("Asia/Singapore", _l("新加坡"))),
    *(("Europe/London", _l("伦敦")), ("America/New_York", _l("纽约")), ("UTC", _l("世界时"))),
)
"""Zones to choose from; any other of the IANA database can be typed."""


def _channel(name: str) -> Channel:
    if name not in set(Channel):
        raise NotFound
    return Channel(name)


def choices() -> dict[str, Any]:
    """What a form of a wish offers."""
    return {
        "rhythms": [(rhythm.value, str(words)) for rhythm, words in labels.RHYTHMS.items()],
        "weekdays": [(day, str(words)) for day, words in enumerate(labels.WEEKDAYS)],
        "month_days": [(day, _("%(day)s 日", day=day)) for day in range(1, 32)],
        "zones": ZONES,
    }


def usual(rhythm: Rhythm, **values: Any) -> Form[Any]:
    """A form as somebody finds it who has not chosen yet."""
    times, days = [DEFAULT_TIME], list(range(7))
    return Form.blank(rhythm=rhythm.value, times=times, weekdays=days, **values)


def shown(wish: Subscription, zone: str) -> Form[WishInput]:
    """A form that shows a wish as it stands."""
    days = [day for day in range(7) if wish.weekdays >> day & 1]
    weekly = wish.rhythm == Rhythm.WEEKLY
    return Form.blank(
        rhythm=wish.rhythm,
        times=wish.times.split(),
        weekdays=list(range(7)) if weekly else days,
        weekday=days[0] if weekly else 0,
        month_day=wish.month_day,
        zone="" if wish.zone == zone else wish.zone,
        quiet_from=wish.quiet_from,
        quiet_until=wish.quiet_until,
        even_when_away=wish.even_when_away,
        urgent_at_once=wish.urgent_at_once,
    )


def _drawn(
    channel: Channel, form: Form[WishInput] | None = None, status: int = 200
) -> ResponseReturnValue:
    actor = acting()
    wish = wishes_of(actor.person_id).get(channel)
    own = actor.agency.timezone if actor.agency else None
    zone = own or current_app.extensions["settings"].timezone
    address = verified_addresses([actor.person_id], channel).get(actor.person_id)
    page = render_template(
        "notifications/settings.html",
        channel=channel,
        form=form or (shown(wish, zone) if wish else usual(Rhythm.OFF)),
        wish=wish,
        due=_due(wish),
        is_away=bool(away_now([actor.person_id])),
        address=address,
        is_stopped=channel == Channel.SMS and stopped(address),
        zone=zone,
        **choices(),
    )
    return page, status


def _due(wish: Subscription | None) -> str:
    """When the next digest comes, on its reader's clock."""
    if wish is None or wish.next_due_at is None:
        return ""
    return f"{wish.next_due_at.astimezone(ZoneInfo(wish.zone)):%Y-%m-%d %H:%M}"


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
