"""The journal, for the auditor."""

from typing import Any

from flask import current_app

from agencies import records
from agencies.api.blueprint import bp
from agencies.api.outputs import EntryOut, JournalOut
from agencies.permissions import permission
from agencies.records import RecordFilter
from config.openapi import PageQuery, listing


class JournalQuery(PageQuery, RecordFilter):
    """What the auditor looks for; all may be left out."""


@bp.get("/journal")
@permission("journal.read")
@bp.input(JournalQuery, location="query", arg_name="query")
@bp.output(JournalOut)
@bp.doc(summary="The journal, newest first, for the auditor")
def journal(query: JournalQuery) -> dict[str, Any]:
    page = records.records(query, current_app.extensions["settings"].zone, query.limit)
    return listing(page, [EntryOut.of(entry) for entry in page.items])
