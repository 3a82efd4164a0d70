"""The receipts of a paper: progress by city and county, who waits, reminders, print, CSV."""

import csv
import io
from collections.abc import Iterable, Iterator
from typing import Any

from flask import Response, flash, redirect, render_template, request, stream_with_context, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from agencies.actors import acting
from agencies.permissions import permission
from bulletins import labels, services
from bulletins.queries import progress as queries
from bulletins.queries.endings import ending_of
from bulletins.queries.inbox import names_of
from bulletins.queries.progress import Scope
from bulletins.states import Waiting
from bulletins.web.blueprint import bp
from config.errors import Conflict, NotFound
from config.http import localtime
from config.pages import keyset
from config.sheets import guarded

GROUPS_A_PAGE = 100
LINES_A_PAGE = 100
LINES_TO_PRINT = 1000


def scope_of(bulletin_id: int) -> Scope:
    """What this request may look at of a paper's receipts."""
    agency_id = request.args.get("agency", type=int)
    if agency_id is not None and not 0 < agency_id < 2**63:
        raise NotFound
    return services.progress(acting(), bulletin_id, agency_id)


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
    """Every receipt as CSV for Excel: UTF-8 with BOM, no cell that it takes for a formula."""
    return Response(
        stream_with_context(_csv(scope_of(bulletin_id))),
        content_type="text/csv; charset=utf-8",
        headers={"Content-Disposition": f"attachment; filename=receipts-{bulletin_id}.csv"},
    )


def _csv(scope: Scope) -> Iterator[bytes]:
    yield "\ufeff".encode() + _rows([_head()])
    for lines in queries.every_line(scope):
        yield _rows(map(_cells, lines))


def _rows(rows: Iterable[Iterable[str]]) -> bytes:
    file = io.StringIO()
    csv.writer(file).writerows(rows)
    return file.getvalue().encode()


def _head() -> list[str]:
    return [
        _("代码"),
        _("机构"),
        _("上级机构"),
        _("主送/抄送"),
        _("发出"),
        _("送达"),
        _("已阅"),
        _("阅文人"),
        _("签收"),
        _("签收人"),
        _("催办"),
    ]


def _cells(row: Any) -> Iterable[str]:
    cells = (
        row.code,
        row.name,
        row.parent or "",
        labels.part(row.part),
        localtime(row.sent_at),
        localtime(row.delivered_at),
        localtime(row.opened_at),
        row.opened_by or "",
        localtime(row.acknowledged_at) if row.needs_acknowledgement else _("无需签收"),
        row.acknowledged_by or "",
        localtime(row.reminded_at),
    )
    return [guarded(cell) for cell in cells]


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
