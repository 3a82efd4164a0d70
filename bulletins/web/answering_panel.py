"""The panel of a paper's page that leads from a request to its reply, and back."""

from flask import render_template
from flask_babel import lazy_gettext as _l
from markupsafe import Markup

from agencies.actors import Actor
from bulletins.models import Bulletin
from bulletins.ports import PANELS, Panel
from bulletins.queries.answering import related


def draw(actor: Actor, bulletin: Bulletin) -> Markup | None:
    """What the agency may read of a published paper's other side; None where there is nothing."""
    if actor.agency_id is None or not bulletin.version:
        return None
    papers = related(actor.agency_id, bulletin)
    if not papers:
        return None
    page = "bulletins/answering_panel.html"
    return Markup(render_template(page, papers=papers, agency_id=actor.agency_id))


PANEL = Panel(_l("请示与批复"), "bulletin.inbox", draw)


def fill() -> None:
    """Put the panel onto the pages of papers."""
    if PANEL not in PANELS:
        PANELS.append(PANEL)
