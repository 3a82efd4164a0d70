"""The panel of a relay on a paper's page: what is to be done with it here, and how far it got."""

from flask import render_template
from flask_babel import lazy_gettext as _l
from markupsafe import Markup

from agencies.actors import Actor
from bulletins.models import Bulletin
from bulletins.ports import PANELS, Panel
from bulletins.queries import relays
from bulletins.services.checks import today


def draw(actor: Actor, bulletin: Bulletin) -> Markup | None:
    """The relays of the actor's own agency and the way to one more; None for nothing."""
    if actor.agency_id is None or not bulletin.version:
        return None
    receipt = relays.receipt_of(actor.agency_id, bulletin)
    if receipt is None:
        return None
    return Markup(
        render_template(
            "bulletins/relay_panel.html",
            receipt=receipt,
            is_over=bulletin.ended_kind is not None,
            open_relay=relays.open_relay(actor.agency_id, bulletin.id),
            signed=relays.signed(actor.agency_id, bulletin.id),
            can_relay=relays.can_relay(bulletin, actor.agency_id, today()),
            today=today(),
        )
    )


PANEL = Panel(_l("转发与办理"), "bulletin.inbox", draw)


def fill() -> None:
    """Put the panel onto the pages of papers."""
    if PANEL not in PANELS:
        PANELS.append(PANEL)
