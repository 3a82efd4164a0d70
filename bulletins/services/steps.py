"""A step of a paper from one state to the next."""

from flask_babel import gettext as _
from sqlalchemy import select

from agencies.actors import Actor
from agencies.permissions import require
from bulletins import labels
from bulletins.models import Bulletin
from bulletins.permissions import action_name
from bulletins.states import Action, State, after
from config import journal
from config.database import found
from config.errors import Conflict
from config.journal import Entry


def take(actor: Actor, bulletin_id: int, action: Action) -> Bulletin:
    """The paper, locked and moved on by ``action``. Call inside ``writing()``.

    Raises NotFound (also for another agency's paper), Forbidden, and Conflict where the paper's
    state has no such step.
    """
    bulletin = found(select(Bulletin).where(Bulletin.id == bulletin_id), lock=True)
    require(actor, action_name(action), bulletin)
    bulletin.state = moved(bulletin, action)
    return bulletin


def moved(bulletin: Bulletin, action: Action) -> State:
    """The state that ``action`` leads the paper to; raises Conflict where there is no such step."""
    state = after(bulletin.state, action, bulletin.version)
    if state is None:
        raise Conflict(
            _(
                "此稿现在是“%(state)s”，不能%(action)s。",
                state=labels.state(bulletin.state),
                action=labels.action(action),
            )
        )
    return state


def record(kind: str, bulletin: Bulletin, actor: Actor | None, **facts: journal.Fact) -> Entry:
    """The entry of a step of a paper; the schedule's have no actor."""
    return journal.record(
        kind,
        subject=("bulletin", bulletin.id),
        agency_id=bulletin.issuer_id,
        by=actor,
        **facts,
    )
