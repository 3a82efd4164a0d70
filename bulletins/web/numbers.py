"""The register of document numbers: by code and year, its print, and the codes themselves."""

from collections.abc import Sequence
from dataclasses import dataclass

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from agencies.actors import acting
from agencies.permissions import permission
from bulletins import services
from bulletins.inputs import OrganCodeInput
from bulletins.models import OrganCode
from bulletins.queries import numbers as queries
from bulletins.services.checks import today
from bulletins.web.blueprint import bp
from config.errors import Invalid, NotFound
from config.forms import Form
from config.pages import keyset


@dataclass(frozen=True)
class Chosen:
    """Which register is looked at, and which there are."""

    codes: Sequence[OrganCode]
    code: OrganCode | None
    years: Sequence[int]
    year: int

    def code_choices(self) -> list[tuple[str, str]]:
        """The codes for the list to choose from."""
        return [(str(one.id), one.code) for one in self.codes]

    def year_choices(self) -> list[tuple[str, str]]:
        """The years for the list to choose from."""
        return [(str(one), str(one)) for one in self.years]


def _chosen() -> Chosen:
    """The register that the address names; without a code, the default one's of this year."""
    codes = queries.codes(acting().agency_id or 0)
    wanted = request.args.get("code", type=int)
    code = next((one for one in codes if wanted in (None, one.id)), None)
    if code is None and wanted is not None:
        raise NotFound
    this_year = today().year
    years = sorted({this_year, *(queries.years(code.id) if code else ())}, reverse=True)
    year = request.args.get("year", this_year, type=int)
    if year not in years:
        raise NotFound
    return Chosen(codes, code, years, year)


@bp.get("/bulletins/numbers")
@permission("number.register")
def numbers() -> ResponseReturnValue:
    """A register, the latest number first."""
    return _page(Form.blank(used_before=0))


def _page(form: Form[OrganCodeInput]) -> str:
    chosen = _chosen()
    query = queries.register(chosen.code.id if chosen.code else 0, chosen.year)
    page = keyset(query, queries.KEY, queries.mark_of, size=50)
    return render_template("bulletins/numbers.html", chosen=chosen, page=page, form=form)


@bp.get("/bulletins/numbers/print")
@permission("number.register")
def print_numbers() -> ResponseReturnValue:
    """A whole register on one page, for printing."""
    chosen = _chosen()
    if chosen.code is None:
        raise NotFound
    lines = queries.every_line(chosen.code.id, chosen.year)
    return render_template("bulletins/print_numbers.html", chosen=chosen, lines=lines)


@bp.post("/bulletins/numbers/codes")
@permission("number.keep")
def add_code() -> ResponseReturnValue:
    """Put a code into use."""
    form = Form[OrganCodeInput].posted(OrganCodeInput)
    if form.data is not None:
        try:
            code = services.add_code(acting(), form.data)
        except Invalid as error:
            form.refuse(error)
        else:
            flash(_("机关代字“%(code)s”已启用。", code=code.code), "success")
            return redirect(url_for("bulletins.numbers", code=code.id))
    return _page(form), Invalid.status


@bp.post("/bulletins/numbers/codes/<int:organ_code_id>/default")
@permission("number.keep")
def choose_code(organ_code_id: int) -> ResponseReturnValue:
    """Offer a code first for new papers."""
    services.choose_default(acting(), organ_code_id)
    flash(_("已设为默认代字。"), "success")
    return redirect(url_for("bulletins.numbers"))


@bp.post("/bulletins/numbers/codes/<int:organ_code_id>/end")
@permission("number.keep")
def end_code(organ_code_id: int) -> ResponseReturnValue:
    """Take a code out of use."""
    services.end_code(acting(), organ_code_id)
    flash(_("已停用，登记簿仍可查看。"), "success")
    return redirect(url_for("bulletins.numbers"))
