"""Where a paper is stuck: the picture of its chain, and the same as table, CSV, XLSX and print."""

from flask import render_template
from flask.typing import ResponseReturnValue

from agencies.exports.web import delivered
from agencies.permissions import permission
from bulletins import tables
from bulletins.queries import chain as queries
from bulletins.queries.endings import ending_of
from bulletins.queries.progress import LINE_KEY, Scope, by_code
from bulletins.steps_taken import Steps
from bulletins.web.blueprint import bp
from bulletins.web.drawing import Picture
from bulletins.web.receipts import scope_of, wanted_of
from config.http import zone
from config.pages import keyset
from config.sheets import Format

LINES_A_PAGE = 100


def _steps(scope: Scope) -> Steps:
    return Steps(scope.version.signed_at, zone())


@bp.get("/bulletins/<int:bulletin_id>/chain")
@permission("bulletin.receipts")
def chain(bulletin_id: int) -> ResponseReturnValue:
    """The picture of the chain under an agency: those right below it, the rest on opening one."""
    scope = scope_of(bulletin_id)
    steps = _steps(scope)
    nodes, left_out = queries.nodes(scope)
    return render_template(
        "bulletins/chain.html",
        scope=scope,
        ending=ending_of(scope.bulletin, scope.root_id),
        totals=queries.totals(scope),
        waits=[(wait, steps.since(wait.since)) for wait in queries.longest_waits(scope)],
        picture=Picture(nodes, steps),
        left_out=left_out,
    )


@bp.get("/bulletins/<int:bulletin_id>/chain/table")
@permission("bulletin.receipts")
def chain_table(bulletin_id: int) -> ResponseReturnValue:
    """The same as a table, by agency code."""
    scope = scope_of(bulletin_id)
    page = keyset(queries.lines(scope), LINE_KEY, by_code, size=LINES_A_PAGE, descending=False)
    return render_template(
        "bulletins/chain_table.html",
        scope=scope,
        ending=ending_of(scope.bulletin, scope.root_id),
        page=page,
        rows=page.items,
        steps=_steps(scope),
    )


@bp.get("/bulletins/<int:bulletin_id>/chain/print")
@permission("bulletin.receipts")
def print_chain(bulletin_id: int) -> ResponseReturnValue:
    """The whole table on one page, with the longest waits, for printing."""
    scope = scope_of(bulletin_id)
    steps = _steps(scope)
    return render_template(
        "bulletins/chain_table.html",
        scope=scope,
        ending=ending_of(scope.bulletin, scope.root_id),
        page=None,
        rows=queries.every_line(scope),
        waits=[(wait, steps.since(wait.since)) for wait in queries.longest_waits(scope)],
        steps=steps,
    )


@bp.get("/bulletins/<int:bulletin_id>/chain.csv")
@permission("bulletin.receipts")
def export_chain(bulletin_id: int) -> ResponseReturnValue:
    """The whole table as CSV for Excel."""
    return delivered(tables.CHAIN.kind, Format.CSV, wanted_of(bulletin_id))


@bp.get("/bulletins/<int:bulletin_id>/chain.xlsx")
@permission("bulletin.receipts")
def export_chain_xlsx(bulletin_id: int) -> ResponseReturnValue:
    """The whole table as a workbook."""
    return delivered(tables.CHAIN.kind, Format.XLSX, wanted_of(bulletin_id))
