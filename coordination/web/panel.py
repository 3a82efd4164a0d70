"""The panel on a bulletin's page: the tasks that rest on it, and the way to give one."""

from flask import render_template
from flask_babel import lazy_gettext as _l
from markupsafe import Markup

from agencies.actors import Actor
from agencies.permissions import can
from bulletins.models import Bulletin
from bulletins.ports import PANELS, Panel
from config import clock
from coordination.queries import answering, giving


def draw(actor: Actor, bulletin: Bulletin) -> Markup | None:
    """What the actor's agency gave or got on the ground of the bulletin; None for nothing."""
    if actor.agency_id is None or not bulletin.version:
        return None
    gives = (
        not bulletin.ended_kind and can(actor, "task.assign") and giving.has_below(actor.agency_id)
    )
    given = giving.given_on(bulletin.id, actor.agency_id)
    got = answering.got_on(bulletin.id, actor.agency_id)
    if not (gives or given or got):
        return None
    return Markup(
        render_template(
            "coordination/panel.html",
            bulletin=bulletin,
            gives=gives,
            given=given,
            progress=giving.progress([task.id for task in given], clock.now()),
            got=got,
            now=clock.now(),
        )
    )


PANEL = Panel(_l("任务"), "task.list", draw)


def fill() -> None:
    """Put the panel onto the pages of bulletins."""
    if PANEL not in PANELS:
        PANELS.append(PANEL)
