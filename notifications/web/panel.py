"""The panel on a bulletin's page: what became of the notices that its issuer's paper caused."""

from flask import render_template
from flask_babel import lazy_gettext as _l
from markupsafe import Markup

from agencies.actors import Actor
from bulletins.models import Bulletin
from bulletins.ports import PANELS, Panel
from notifications import labels
from notifications.queries import notice_counts


def draw(actor: Actor, bulletin: Bulletin) -> Markup | None:
    """How many notices about the paper went out and arrived; None for others and for nothing."""
    if actor.agency_id != bulletin.issuer_id or not bulletin.version:
        return None
    counts = notice_counts(bulletin.id)
    if not counts:
        return None
    return Markup(render_template("notifications/panel.html", counts=counts, labels=labels))


PANEL = Panel(_l("即时提醒"), "bulletin.receipts", draw)


def fill() -> None:
    """Put the panel onto the pages of bulletins."""
    if PANEL not in PANELS:
        PANELS.append(PANEL)
