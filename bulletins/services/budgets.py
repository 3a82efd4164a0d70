"""How many papers an agency means to send this year: it sets the number itself."""

from flask import current_app

from agencies.actors import Actor
from agencies.permissions import require
from bulletins.decisions import BudgetInput
from bulletins.models import PaperBudget
from bulletins.queries.budgets import Year, of_year
from bulletins.services.checks import today
from config import clock, journal
from config.database import advisory_lock, db, writing
from config.errors import NotFound

_LOCK = 7_246_032


def this_year(actor: Actor) -> Year:
    """The actor's agency's papers of this year beside its budget. Raises Forbidden, NotFound."""
    require(actor, "budget.see")
    return of_year(_agency(actor), today().year, current_app.extensions["settings"].zone)


def set_budget(actor: Actor, data: BudgetInput) -> None:
    """Set, change or (with None) lift the budget of this year. Raises Forbidden, NotFound."""
    require(actor, "budget.set")
    agency_id, year = _agency(actor), today().year
    with writing():
        advisory_lock(_LOCK)
        budget = db.session.get(PaperBudget, (agency_id, year))
        if (budget.most if budget else None) == data.most:
            return
        if data.most is None:
            db.session.delete(budget)
        else:
            budget = budget or PaperBudget(agency_id=agency_id, year=year)
            budget.most = data.most
            budget.updated_at = clock.now()
            budget.updated_by = actor.person_id
            db.session.add(budget)
        journal.record(
            "paper_budget.set",
            subject=("agency", agency_id),
            agency_id=agency_id,
            by=actor,
            year=year,
            most=data.most,
        )


def _agency(actor: Actor) -> int:
    if actor.agency_id is None:
        raise NotFound
    return actor.agency_id
