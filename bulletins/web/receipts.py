"""The receipts of a paper: progress by city and county, who waits, reminders, print, CSV."""

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from agencies.actors import acting
from agencies.exports.web import delivered
from agencies.permissions import permission
from bulletins import services, tables
from bulletins.queries import progress as queries
from bulletins.queries.endings import ending_of
from bulletins.queries.inbox import names_of
from bulletins.queries.progress import Scope
from bulletins.states import Waiting
from bulletins.web.blueprint import bp
from config.errors import Conflict, NotFound
from config.pages import keyset
from config.sheets import Format

GROUPS_A_PAGE = 100
LINES_A_PAGE = 100
LINES_TO_PRINT = 1000


def scope_of(bulletin_id: int) -> Scope:
    """What this request may look at of a paper's receipts."""
    return services.progress(acting(), bulletin_id, _agency_id())


def wanted_of(bulletin_id: int) -> tables.OfPaper:
    """The same as the conditions of a table."""
    return tables.OfPaper(bulletin_id=bulletin_id, agency=_agency_id())


def _agency_id() -> int | None:
    agency_id = request.args.get("agency", type=int)
    if agency_id is not None and not 0 < agency_id < 2**63:
        raise NotFound
    return agency_id


def _waiting(word: str | None) -> Waiting:
    try:
        return Waiting(word or "")
    except ValueError as error:
        raise NotFound from error


@bp.get("/bulletins/<int:bulletin_id>/receipts")
@permission("bulletin.receipts")
def receipts(bulletin_id: int) -> ResponseReturnValue:
    """How far a paper has come: counts of everything, and by agency under the one looked at."""
    scope = scope_of(bulletin_id)
    page = keyset(
        queries.groups(scope),
        queries.GROUP_KEY,
        queries.by_code,
        size=GROUPS_A_PAGE,
        descending=False,
    )
    single = [row for row in page.items if row.sent == 1]
    return render_template(
        "bulletins/receipts.html",
        scope=scope,
        ending=ending_of(scope.bulletin, scope.root_id),
        totals=queries.totals(scope),
        page=page,
        names=names_of({one for row in single for one in (row.opened_by, row.acknowledged_by)}),
        own=queries.own_lines(scope),
    )


@bp.get("/bulletins/<int:bulletin_id>/receipts/<any(unopened,unacknowledged,unrelayed):which>")
@permission("bulletin.receipts")
def waiting(bulletin_id: int, which: str) -> ResponseReturnValue:
    """Who has not opened, not acknowledged, or not relayed."""
    scope, chosen = scope_of(bulletin_id), _waiting(which)
    page = keyset(
        queries.lines(scope, chosen),
        queries.LINE_KEY,
        queries.by_code,
        size=LINES_A_PAGE,
        descending=False,
    )
    return render_template(
        "bulletins/waiting.html",
        scope=scope,
        ending=ending_of(scope.bulletin, scope.root_id),
        which=chosen,
        totals=queries.totals(scope),
        page=page,
    )


@bp.get("/bulletins/<int:bulletin_id>/receipts/print")
@permission("bulletin.receipts")
def print_receipts(bulletin_id: int) -> ResponseReturnValue:
    """Receipts by the sheet, for printing: all of a province's on one page."""
    scope = scope_of(bulletin_id)
    page = keyset(
        queries.lines(scope),
        queries.LINE_KEY,
        queries.by_code,
        size=LINES_TO_PRINT,
        descending=False,
    )
    return render_template(
        "bulletins/print_receipts.html",
        scope=scope,
        ending=ending_of(scope.bulletin, scope.root_id),
        totals=queries.totals(scope),
        page=page,
        lines=page.items,
    )


@bp.get("/bulletins/<int:bulletin_id>/receipts.csv")
@permission("bulletin.receipts")
def export_receipts(bulletin_id: int) -> ResponseReturnValue:
    """Every receipt as CSV for Excel."""
    return delivered(tables.RECEIPTS.kind, Format.CSV, wanted_of(bulletin_id))


@bp.post("/bulletins/<int:bulletin_id>/remind")
@permission("bulletin.remind")
def remind(bulletin_id: int) -> ResponseReturnValue:
    """Remind just those who have not opened, or not acknowledged."""
    which = _waiting(request.form.get("which"))
    here = url_for("bulletins.waiting", bulletin_id=bulletin_id, which=which)
    try:
        reminded = services.remind(acting(), bulletin_id, which)
    except Conflict as error:
        flash(" ".join(str(part) for part in (error.message, error.hint) if part), "warning")
        return redirect(here)
    message = _("已提醒 %(count)s 个机构。", count=reminded.count)
    if reminded.left_out:
        message += _("另有 %(count)s 个 24 小时内已催过，这次不再提醒。", count=reminded.left_out)
    flash(message, "success")
    return redirect(here)
