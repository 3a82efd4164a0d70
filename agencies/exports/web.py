"""The pages of exported tables: asking for a large one, how far it is, the download."""

import io
from collections.abc import Mapping

from flask import Blueprint, Response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from pydantic import BaseModel
from werkzeug.wsgi import wrap_file

from agencies.actors import acting
from agencies.exports import labels, services
from agencies.exports.models import Export
from agencies.exports.services import File
from agencies.exports.states import ASKED_ANEW, FILE_KEPT, GOING_ON
from agencies.permissions import permission
from config.errors import NotFound
from config.http import locale
from config.sheets import MEDIA_TYPES, Format, write

bp = Blueprint("exports", __name__)


@bp.context_processor
def words() -> dict[str, object]:
    """States and failures in words, for the templates."""
    return {
        "labels": labels,
        "going_on": GOING_ON,
        "asked_anew": ASKED_ANEW,
        "days_kept": FILE_KEPT.days,
    }


def delivered(kind: str, form: Format, given: BaseModel) -> ResponseReturnValue:
    """A small table as the answer to this request; of a large one, the page that has it made."""
    table = services.source(acting(), kind, given)
    if table.count > services.MOST_AT_ONCE:
        wanted = given.model_dump(mode="json", exclude_none=True)
        return redirect(url_for("exports.new", table=kind, format=form, **wanted), 303)
    file = io.BytesIO()
    write(form, table.rows(), file)
    return _file(f"{table.name}.{form}", MEDIA_TYPES[form], Response(file.getvalue()))


def _file(name: str, media_type: str, response: Response) -> Response:
    response.content_type = media_type
    response.headers["Content-Disposition"] = f"attachment; filename={name}"
    return response


def _wanted(given: Mapping[str, str]) -> tuple[str, Format, BaseModel]:
    """Which table in which form; raises NotFound."""
    kind, form = given.get("table", ""), given.get("format", "")
    if form not in Format.__members__.values():
        raise NotFound
    rest = {name: value for name, value in given.items() if name not in ("table", "format")}
    return kind, Format(form), services.conditions(kind, rest)


@bp.get("/exports/new")
@permission("export.ask")
def new() -> ResponseReturnValue:
    """What a large table will hold, and the button that has it made."""
    kind, form, given = _wanted(request.args)
    source = services.source(acting(), kind, given)
    hidden = {"table": kind, "format": str(form)} | given.model_dump(mode="json", exclude_none=True)
    return render_template("exports/new.html", source=source, kind=kind, form=form, hidden=hidden)


@bp.post("/exports")
@permission("export.ask")
def ask() -> ResponseReturnValue:
    """The press of that button."""
    kind, form, given = _wanted(request.form)
    export = services.ask(acting(), kind, form, given, locale())
    return redirect(url_for("exports.export", export_id=export.id), 303)


@bp.get("/exports")
@permission("export.ask")
def exports() -> ResponseReturnValue:
    """What this person asked for, newest first."""
    return render_template("exports/exports.html", page=services.listed(acting()))


@bp.get("/exports/<int:export_id>")
@permission("export.own")
def export(export_id: int) -> ResponseReturnValue:
    """How far a table is, then the way to download it.

    ``then``: without scripts the page was loaded again until there is a file, which then comes.
    """
    waited = request.args.get("then") == "file"
    return _page("exports/export.html", services.own(acting(), export_id), waited=waited)


@bp.get("/exports/<int:export_id>/state")
@permission("export.own")
def state(export_id: int) -> ResponseReturnValue:
    """The part of that page that changes."""
    return _page("exports/_state.html", services.own(acting(), export_id))


def _page(template: str, shown: Export, *, waited: bool = False) -> str:
    return render_template(template, export=shown, waited=waited)


@bp.get("/exports/<int:export_id>/file")
@permission("export.own")
def download(export_id: int) -> Response:
    """The file itself; each download is recorded."""
    return sent(services.fetch(acting(), export_id))


def sent(file: File) -> Response:
    """A file that was made before, as the answer to this request."""
    response = Response(wrap_file(request.environ, file.content), direct_passthrough=True)
    response.call_on_close(file.content.close)
    response.content_length = file.size
    # Packed on the way, its progress would be unknown.
    response.headers["Content-Encoding"] = "identity"
    return _file(file.name, file.media_type, response)


@bp.post("/exports/<int:export_id>/again")
@permission("export.own")
def again(export_id: int) -> ResponseReturnValue:
    """Have it made once more."""
    services.ask_again(acting(), export_id)
    return redirect(url_for("exports.export", export_id=export_id), 303)
