"""Exported tables for programs: asked for, waited for, fetched."""

from datetime import datetime
from typing import Annotated, Any

from apiflask import APIBlueprint, FileSchema
from flask import Response, redirect, url_for
from flask.typing import ResponseReturnValue
from pydantic import BaseModel, Field

from agencies.actors import acting
from agencies.exports import services
from agencies.exports.models import Export
from agencies.exports.states import State
from agencies.exports.web import sent
from agencies.permissions import permission
from config.http import csrf, locale
from config.openapi import PageQuery, listing
from config.sheets import Format

bp = APIBlueprint("exports_api", __name__, url_prefix="/api/v1", tag="Exports")
csrf.exempt(bp)


class ExportInput(BaseModel):
    """Which table, in which form, under which conditions (see docs/api.md)."""

    table: Annotated[str, Field(max_length=32)]
    format: Format = Format.XLSX
    given: dict[str, int | str] = {}


class ExportOut(BaseModel):
    """A table that was asked for: ``done`` of ``total`` lines are written."""

    id: int
    table: str
    format: str
    title: str
    state: str
    failure: str | None
    done: int
    total: int
    size: int
    asked_at: datetime
    ready_at: datetime | None

    @classmethod
    def of(cls, export: Export) -> "ExportOut":
        """A table as the API shows it."""
        same = set(cls.model_fields) - {"table", "format"}
        rest = {name: getattr(export, name) for name in same}
        return cls(table=export.kind, format=export.form, **rest)


class ExportsOut(BaseModel):
    items: list[ExportOut]
    next: str | None


def _accepted(export: Export) -> tuple[ExportOut, int, dict[str, str]]:
    path = url_for("exports_api.one_export", export_id=export.id)
    return ExportOut.of(export), 202, {"Location": path}


@bp.post("/exports")
@permission("export.ask")
@bp.input(ExportInput, arg_name="data")
@bp.output(ExportOut, status_code=202)
@bp.doc(summary="Have a table made; Location is where to ask how far it is")
def ask(data: ExportInput) -> tuple[ExportOut, int, dict[str, str]]:
    given = services.conditions(data.table, data.given)
    return _accepted(services.ask(acting(), data.table, data.format, given, locale()))


@bp.get("/exports")
@permission("export.ask")
@bp.input(PageQuery, location="query", arg_name="page")
@bp.output(ExportsOut)
@bp.doc(summary="The tables I asked for, newest first")
def list_exports(page: PageQuery) -> dict[str, Any]:
    found = services.listed(acting(), size=page.limit)
    return listing(found, [ExportOut.of(one) for one in found.items])


@bp.get("/exports/<int:export_id>")
@permission("export.own")
@bp.output(ExportOut)
@bp.doc(
    summary="How far a table is; once it is ready, 303 to its file",
    responses={303: "It is ready: Location is its file"},
)
def one_export(export_id: int) -> ExportOut | ResponseReturnValue:
    export = services.own(acting(), export_id)
    if export.state == State.READY:
        return redirect(url_for("exports_api.export_file", export_id=export_id), 303)
    return ExportOut.of(export)


@bp.get("/exports/<int:export_id>/file")
@permission("export.own")
@bp.output(FileSchema(), content_type="application/octet-stream")
@bp.doc(summary="The file of a table that is ready")
def export_file(export_id: int) -> Response:
    return sent(services.fetch(acting(), export_id))


@bp.post("/exports/<int:export_id>/again")
@permission("export.own")
@bp.output(ExportOut, status_code=202)
@bp.doc(summary="Have a table made once more that failed or whose file was removed")
def ask_again(export_id: int) -> tuple[ExportOut, int, dict[str, str]]:
    return _accepted(services.ask_again(acting(), export_id))
