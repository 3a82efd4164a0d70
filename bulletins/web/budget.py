"""The page on which an agency sets how many papers it means to send this year."""

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from agencies.actors import acting
from agencies.permissions import permission
from bulletins import services
from bulletins.decisions import BudgetInput
from bulletins.web.blueprint import bp
from config.errors import Invalid
from config.forms import Form


@bp.get("/bulletins/budget")
@permission("budget.see")
def budget() -> ResponseReturnValue:
    """This year's papers beside the budget."""
    return _page(None)


@bp.post("/bulletins/budget")
@permission("budget.set")
def set_budget() -> ResponseReturnValue:
    """Set or lift it."""
    form = Form[BudgetInput].posted(BudgetInput)
    if form.data is None:
        return _page(form), Invalid.status
    services.set_budget(acting(), form.data)
    flash(_("已保存。"), "success")
    return redirect(url_for("bulletins.budget"))


def _page(form: Form[BudgetInput] | None) -> str:
    year = services.this_year(acting())
    form = form or Form.blank(most=year.most)
    return render_template("bulletins/budget.html", year=year, form=form)
