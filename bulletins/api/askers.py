"""Asking too what another agency has asked; who asks it."""

from datetime import datetime
from typing import Any

from pydantic import BaseModel

from agencies.actors import acting
from agencies.permissions import permission, require
from bulletins.api.blueprint import bp
from bulletins.api.outputs import FromRow
from bulletins.api.question_outputs import QuestionOut, drawn
from bulletins.queries import askers as queries
from bulletins.services import askers as service
from config.openapi import PageQuery, listing
from config.pages import keyset


class AskerOut(FromRow):
    """An agency that asks a question too."""

    agency_id: int
    agency: str
    joined_at: datetime


class AskersOut(BaseModel):
    items: list[AskerOut]
    next: str | None


@bp.post("/questions/<int:question_id>/join")
@permission("question.join")
@bp.output(QuestionOut)
@bp.doc(summary="Ask too what another agency has asked for all to see: mine is told of the answer")
def join_question(question_id: int) -> QuestionOut:
    [question] = drawn([service.join_question(acting(), question_id)])
    return question


@bp.post("/questions/<int:question_id>/leave")
@permission("question.join")
@bp.output(QuestionOut)
@bp.doc(summary="Ask no more what another agency has asked and has no answer yet")
def leave_question(question_id: int) -> QuestionOut:
    [question] = drawn([service.leave_question(acting(), question_id)])
    return question


@bp.get("/questions/<int:question_id>/askers")
@permission("question.askers")
@bp.input(PageQuery, location="query", arg_name="query")
@bp.output(AskersOut)
@bp.doc(summary="The agencies that ask too what is asked of mine, the first to come first")
def askers(question_id: int, query: PageQuery) -> dict[str, Any]:
    thing = queries.joinable(acting().agency_id, question_id)
    require(acting(), "question.askers", thing.question)
    page = keyset(
        queries.askers(question_id),
        queries.KEY,
        queries.mark_of,
        size=query.limit,
        descending=False,
    )
    return listing(page, list(page.items))
