"""The panel of the library on a case's page: useful or not, offered, selected."""

from flask import render_template
from flask_babel import lazy_gettext as _l
from markupsafe import Markup

from agencies.actors import Actor
from bulletins.library.states import TYPES
from bulletins.models import Bulletin
from bulletins.ports import PANELS, Panel
from bulletins.queries import library as queries
from bulletins.states import State


def draw(actor: Actor, bulletin: Bulletin) -> Markup | None:
    """Where a published case or experience stands, and what one may do; None for other papers."""
    if not bulletin.version:
        return None
    paper = queries.shelved(actor.agency_id, bulletin.id)
    if paper.version.type not in TYPES:
        return None
    agency_id = actor.agency_id or 0
    return Markup(
        render_template(
            "bulletins/library_panel.html",
            paper=paper,
            is_void=bulletin.state == State.VOID,
            is_own=bulletin.issuer_id == agency_id,
            count=queries.useful_counts([bulletin.id]).get(bulletin.id, 0),
            is_useful=queries.found_useful(bulletin.id, actor.person_id),
            offers=queries.offers_of(bulletin.id, agency_id),
        )
    )


PANEL = Panel(_l("经验库"), "library.browse", draw)


def fill() -> None:
    """Put the panel onto the pages of papers."""
    if PANEL not in PANELS:
        PANELS.append(PANEL)
