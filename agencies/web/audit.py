"""The auditor's page: what everybody did, and whether the record of it is whole."""

from flask import current_app, render_template, request
from flask.typing import ResponseReturnValue
from pydantic import ValidationError

from agencies import records
from agencies.permissions import permission
from agencies.ports import ENTRY_WORDS
from agencies.records import RecordFilter
from agencies.web.blueprint import bp
from config import settling
from config.forms import Form, messages, typed_values
from config.settling import Verdict


@bp.get("/journal")
@permission("journal.read")
def journal() -> ResponseReturnValue:
    """The journal, filtered, newest first."""
    return _drawn(None)


@bp.post("/journal/verify")
@permission("journal.verify")
def verify_journal() -> ResponseReturnValue:
    """Check every link of the chain and show what came out."""
    settling.settle_all()
    return _drawn(settling.verify())


def _drawn(verdict: Verdict | None) -> ResponseReturnValue:
    form = _filter()
    zone = current_app.extensions["settings"].zone
    page = records.records(form.data or RecordFilter(), zone)
    html = render_template(
        "agencies/journal.html",
        form=form,
        page=page,
        names=records.names(page.items),
        facts=records.facts,
        words=ENTRY_WORDS,
        verdict=verdict,
    )
    return html, 422 if form.errors else 200


def _filter() -> Form[RecordFilter]:
    values = typed_values(RecordFilter, request.args)
    try:
        return Form(values=values, data=RecordFilter.model_validate(values))
    except ValidationError as error:
        return Form(values=values, errors=messages(error))
