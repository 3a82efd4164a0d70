"""Loading the tree of agencies from a file, and giving it back as one."""

from collections.abc import Sequence

from flask import Response, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from agencies.actors import acting
from agencies.csv_import import COLUMNS, DEEPEST, LARGEST
from agencies.csv_table import Fault, WrongLines, listed
from agencies.exports.web import delivered
from agencies.permissions import permission
from agencies.services import exports, imports
from agencies.web.blueprint import bp
from config.bodies import large_body
from config.forms import Form
from config.sheets import Format

MOST_SHOWN = 200


@bp.get("/agencies/import")
@permission("agency.import")
def import_page() -> ResponseReturnValue:
    """The form for a file."""
    return _drawn([], 200)


def _drawn(faults: Sequence[Fault], status: int) -> ResponseReturnValue:
    html = render_template(
        "agencies/import.html",
        faults=faults[:MOST_SHOWN],
        count=len(faults),
        form=Form.blank(),
        columns=COLUMNS,
        deepest=DEEPEST,
    )
    return html, status


def _sent() -> bytes | None:
    file = request.files.get("file")
    return file.read() if file is not None and file.filename else None


def _without_file() -> ResponseReturnValue:
    return _drawn([Fault(0, _("请选择一个文件。"))], 422)


@bp.post("/agencies/import")
@permission("agency.import")
@large_body(LARGEST)
def import_agencies() -> ResponseReturnValue:
    """Load the file, or name each of its wrong lines."""
    data = _sent()
    if data is None:
        return _without_file()
    try:
        outcome = imports.import_agencies(acting(), data)
    except WrongLines as error:
        return _drawn(error.faults, 422)
    flash(
        _(
            "导入完成：新增 %(created)s 个，更新 %(changed)s 个，未变 %(unchanged)s 个。",
            **vars(outcome),
        ),
        "ok",
    )
    return redirect(url_for("agencies.agencies"), 303)


@bp.post("/agencies/import/faults.csv")
@permission("agency.import")
@large_body(LARGEST)
def check_agencies() -> ResponseReturnValue:
    """Every wrong line of the file as a file of its own; nothing is imported or kept."""
    data = _sent()
    if data is None:
        return _without_file()
    faults = imports.faults_of(acting(), data)
    if not faults:
        flash(_("没有发现错误，可以导入。"), "ok")
        return redirect(url_for("agencies.import_page"), 303)
    return Response(
        listed(faults),
        mimetype="text/csv",
        headers={"Content-Disposition": "attachment; filename=faults.csv"},
    )


@bp.get("/agencies/export.csv")
@permission("agency.export")
def export_agencies() -> ResponseReturnValue:
    """The tree as a file that can be imported again; with BOM, as Excel wants it."""
    return delivered(exports.AGENCIES.kind, Format.CSV, exports.EveryAgency())
