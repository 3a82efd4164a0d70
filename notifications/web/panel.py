"""The panel on a bulletin's page: what became of the messages that tell of it, for its issuer."""

from flask import render_template
from flask_babel import lazy_gettext as _l
from markupsafe import Markup

from agencies.actors import Actor
from bulletins.models import Bulletin
from bulletins.ports import PANELS, Panel
from bulletins.services import progress
from notifications import labels, told


def draw(actor: Actor, bulletin: Bulletin) -> Markup | None:
    """How many messages about the paper went out and arrived; None for others and for nothing."""
    if actor.agency_id != bulletin.issuer_id or not bulletin.version:
        return None
    counts = told.counts(told.of_paper(progress(actor, bulletin.id)))
    if not counts:
        return None
    return Markup(
        render_template("notifications/panel.html", counts=counts, labels=labels, bulletin=bulletin)
    )


PANEL = Panel(_l("消息去向"), "bulletin.receipts", draw)


def fill() -> None:
    """Put the panel onto the pages of bulletins."""
    if PANEL not in PANELS:
        PANELS.append(PANEL)
