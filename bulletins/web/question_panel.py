"""The panel of questions on a paper's page: how many there are, the latest answers, how to ask."""

from flask import render_template
from flask_babel import lazy_gettext as _l
from markupsafe import Markup

from agencies.actors import Actor
from bulletins.models import Bulletin
from bulletins.ports import PANELS, Panel
from bulletins.queries import questions as queries
from bulletins.states import State


def draw(actor: Actor, bulletin: Bulletin) -> Markup | None:
    """What the agency may see of a published paper's questions; None where there is nothing."""
    if actor.agency_id is None or not bulletin.version:
        return None
    is_own = bulletin.issuer_id == actor.agency_id
    waiting = queries.waiting_count(actor.agency_id, bulletin.id)
    answers = queries.latest_answers(actor.agency_id, bulletin.id)
    may_ask = not is_own and bulletin.ended_kind != State.VOID
    if not (may_ask or waiting or answers):
        return None
    return Markup(
        render_template(
            "bulletins/question_panel.html",
            bulletin=bulletin,
            is_own=is_own,
            may_ask=may_ask,
            waiting=waiting,
            answers=answers,
        )
    )


PANEL = Panel(_l("提问与答复"), "question.list", draw)


def fill() -> None:
    """Put the panel onto the pages of papers."""
    if PANEL not in PANELS:
        PANELS.append(PANEL)
