"""The receipts of a paper: progress, who waits, reminders."""

from dataclasses import asdict
from typing import Annotated, Any

from pydantic import BaseModel, Field

from agencies.actors import acting
from agencies.permissions import permission
from bulletins import services
from bulletins.api.blueprint import bp
from bulletins.api.outputs import LineOut, LinesOut, ProgressOut, RemindedOut
from bulletins.api.standing import StandingOut
from bulletins.queries import progress as queries
from bulletins.states import Waiting
from config.openapi import PageQuery, listing
from config.pages import keyset


class ScopeQuery(BaseModel):
    """Of which agency and those below it; left out, all that I may see."""

    agency: Annotated[int, Field(ge=1, lt=2**63)] | None = None


class LinesQuery(PageQuery, ScopeQuery):
    """All receipts, or those that wait in one way."""

    show: Waiting | None = None


class HowFarOut(ProgressOut):
    """How far a paper has come; nobody is waited for once it no longer holds."""

    standing: StandingOut


class RemindInput(BaseModel):
    """Whom to remind: those who have not opened, or not acknowledged."""

    which: Waiting


@bp.get("/bulletins/<int:bulletin_id>/progress")
@permission("bulletin.receipts")
@bp.input(ScopeQuery, location="query", arg_name="query")
@bp.output(HowFarOut)
@bp.doc(summary="How far a paper has come, and whether it still holds")
def progress(bulletin_id: int, query: ScopeQuery) -> HowFarOut:
    scope = services.progress(acting(), bulletin_id, query.agency)
    return HowFarOut(
        standing=StandingOut.model_validate(scope.bulletin), **asdict(queries.totals(scope))
    )


@bp.get("/bulletins/<int:bulletin_id>/receipts")
@permission("bulletin.receipts")
@bp.input(LinesQuery, location="query", arg_name="query")
@bp.output(LinesOut)
@bp.doc(summary="The receipts of a paper by agency code")
def receipts(bulletin_id: int, query: LinesQuery) -> dict[str, Any]:
    scope = services.progress(acting(), bulletin_id, query.agency)
    page = keyset(
        queries.lines(scope, query.show),
        queries.LINE_KEY,
        queries.by_code,
        size=query.limit,
        descending=False,
    )
    return listing(page, [LineOut.model_validate(row) for row in page.items])


@bp.post("/bulletins/<int:bulletin_id>/remind")
@permission("bulletin.remind")
@bp.input(RemindInput, arg_name="data")
@bp.output(RemindedOut)
@bp.doc(summary="Remind just those who have not opened, or not acknowledged")
def remind(bulletin_id: int, data: RemindInput) -> RemindedOut:
    return RemindedOut.model_validate(services.remind(acting(), bulletin_id, data.which))
