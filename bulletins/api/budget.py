"""How many papers my agency means to send this year."""

from agencies.actors import acting
from agencies.permissions import permission
from bulletins import services
from bulletins.api.blueprint import bp
from bulletins.api.outputs import FromRow
from bulletins.decisions import BudgetInput


class BudgetOut(FromRow):
    """`sent` papers of `year` so far; `most` is what the agency set itself, null: nothing."""

    year: int
    sent: int
    most: int | None


def _now() -> BudgetOut:
    return BudgetOut.model_validate(services.this_year(acting()))


@bp.get("/budget")
@permission("budget.see")
@bp.output(BudgetOut)
@bp.doc(summary="This year's papers of my agency beside the number it set itself")
def budget() -> BudgetOut:
    return _now()


@bp.put("/budget")
@permission("budget.set")
@bp.input(BudgetInput, arg_name="data")
@bp.output(BudgetOut)
@bp.doc(summary="Set how many papers my agency means to send this year, or lift it with null")
def set_budget(data: BudgetInput) -> BudgetOut:
    services.set_budget(acting(), data)
    return _now()
