"""The ledger of all deliveries, and the operator's decisions on them."""

from collections.abc import Iterable

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import ngettext
from sqlalchemy import select

from agencies.actors import acting
from agencies.permissions import permission, require
from agencies.states import Channel
from config import clock
from config.database import db
from config.errors import NotFound
from notifications import ledger as ledgers
from notifications.marks import blanked
from notifications.models import ChannelPause
from notifications.services import ledger as service
from notifications.states import Action, Kind, State, sources
from notifications.web.blueprint import bp

NAME_LENGTH = 50
DECISIONS = {"retry": Action.RETRY, "close": Action.CLOSE, "release": Action.RELEASE}


def _action(name: str) -> Action:
    if name not in DECISIONS:
        raise NotFound
    return DECISIONS[name]


def _asked(name: str, words: Iterable[str]) -> str:
    """What the address asks for, if it is one of these words."""
    word = request.args.get(name, "")
    return word if word in set(words) else ""


@bp.get("/deliveries")
@permission("delivery.list")
def deliveries() -> ResponseReturnValue:
    """Every delivery, newest first, narrowed as asked."""
    narrowed = ledgers.Narrowed(
        _asked("channel", Channel),
        _asked("state", State),
        _asked("kind", Kind),
        name=request.args.get("name", "")[:NAME_LENGTH].strip(),
    )
    return render_template(
        "notifications/deliveries.html",
        page=ledgers.ledger(narrowed),
        counts=ledgers.counts(),
        failing=ledgers.failing(),
        failing_count=ledgers.failing_count(),
        pauses=db.session.scalars(select(ChannelPause)).all(),
        narrowed=narrowed,
        states=[state for state in State if state != State.CALLING],
        kinds=list(Kind),
        now=clock.now(),
    )


@bp.get("/deliveries/<int:delivery_id>")
@permission("delivery.own")
def delivery(delivery_id: int) -> ResponseReturnValue:
    """One delivery; what was said is for its recipient alone, without the secret part."""
    shown, message, recipient = ledgers.entry(delivery_id)
    require(acting(), "delivery.own", (shown, recipient))
    return render_template(
        "notifications/delivery.html",
        delivery=shown,
        message=message,
        attempts=ledgers.attempts(delivery_id),
        text=blanked(message.text) if recipient.person_id == acting().person_id else "",
        decisions=[name for name, action in DECISIONS.items() if shown.state in sources(action)],
    )


@bp.post("/deliveries/<int:delivery_id>/<name>")
@permission("delivery.decide")
def decide(delivery_id: int, name: str) -> ResponseReturnValue:
    """Send one delivery again, let it go, or give it up."""
    service.decide(acting(), delivery_id, _action(name))
    flash(_("已处理。"), "ok")
    return redirect(url_for("notifications.delivery", delivery_id=delivery_id), 303)


@bp.post("/deliveries/all/<state>/<name>")
@permission("delivery.decide")
def decide_all(state: str, name: str) -> ResponseReturnValue:
    """Decide on everything that is held, unknown or has failed."""
    action = _action(name)
    if state not in (State.HELD, State.UNKNOWN, State.FAILED) or state not in sources(action):
        raise NotFound
    count = service.decide_all(acting(), State(state), action)
    flash(ngettext("已处理 %(num)s 条。", "已处理 %(num)s 条。", count), "ok")
    return redirect(url_for("notifications.deliveries"), 303)
