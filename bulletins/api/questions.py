"""Questions on papers, and their answers."""

from enum import StrEnum
from typing import Any

from pydantic import BaseModel

from agencies.actors import acting
from agencies.permissions import permission, require
from bulletins.api.attachments import AttachmentOut, FileIn, largest_file
from bulletins.api.blueprint import bp
from bulletins.api.outputs import FromRow
from bulletins.api.question_outputs import (
    AnswerOut,
    AnswersOut,
    QuestionOut,
    QuestionsOut,
    answered,
    drawn,
)
from bulletins.queries import questions as queries
from bulletins.queries.similar import similar
from bulletins.questions.inputs import AnswerInput, QuestionInput, SimilarInput
from bulletins.questions.permissions import Discussed
from bulletins.services import questions as service
from bulletins.services import reply_files
from config.bodies import large_body
from config.openapi import PageQuery, listing
from config.pages import keyset


class EarlierOut(FromRow):
    """What was asked earlier; `answer` is empty where there is none yet.

    `may_join`: it waits, is for all to see and another's, so that my agency can ask it too.
    """

    bulletin_id: int
    title: str
    text: str
    question_id: int | None
    answer_id: int | None
    answer: str
    is_official: bool
    may_join: bool
    is_joined: bool
    others_asking: int


class SimilarOut(BaseModel):
    items: list[EarlierOut]


class Which(StrEnum):
    """What waits for my agency's answer, what my agency has asked, or what it asks too."""

    TO_ANSWER = "to_answer"
    ASKED = "asked"
    JOINED = "joined"


_OF_WHICH = {
    Which.TO_ANSWER: queries.to_answer,
    Which.ASKED: queries.asked_by,
    Which.JOINED: queries.asked_too,
}


class QuestionsQuery(PageQuery):
    """Which questions."""

    show: Which = Which.TO_ANSWER


def _discussed(bulletin_id: int, action: str) -> Discussed:
    actor = acting()
    paper = queries.discussed(actor.agency_id, bulletin_id)
    require(actor, action, paper)
    return paper


@bp.get("/questions")
@permission("question.list")
@bp.input(QuestionsQuery, location="query", arg_name="query")
@bp.output(QuestionsOut)
@bp.doc(summary="What waits for my agency's answer, what it has asked or asks too, newest first")
def questions(query: QuestionsQuery) -> dict[str, Any]:
    agency_id = acting().agency_id or 0
    page = keyset(_OF_WHICH[query.show](agency_id), queries.KEY, queries.mark_of, size=query.limit)
    return listing(page, drawn(page.items))


@bp.get("/bulletins/<int:bulletin_id>/questions")
@permission("question.list")
@bp.input(PageQuery, location="query", arg_name="query")
@bp.output(QuestionsOut)
@bp.doc(summary="The questions on a paper that my agency may see, newest first")
def paper_questions(bulletin_id: int, query: PageQuery) -> dict[str, Any]:
    _discussed(bulletin_id, "question.list")
    seen = queries.on_paper(acting().agency_id or 0, bulletin_id)
    page = keyset(seen, queries.KEY, queries.mark_of, size=query.limit)
    return listing(page, drawn(page.items))


@bp.get("/bulletins/<int:bulletin_id>/answers")
@permission("question.list")
@bp.input(PageQuery, location="query", arg_name="query")
@bp.output(AnswersOut)
@bp.doc(summary="The answers on a paper that my agency may see, newest first")
def paperanswered(bulletin_id: int, query: PageQuery) -> dict[str, Any]:
    _discussed(bulletin_id, "question.list")
    seen = queries.answers_on_paper(acting().agency_id or 0, bulletin_id)
    page = keyset(seen, queries.ANSWER_KEY, queries.answer_mark, size=query.limit)
    return listing(page, answered(list(page.items)))


@bp.post("/bulletins/<int:bulletin_id>/questions")
@permission("question.ask")
@bp.input(QuestionInput, arg_name="data")
@bp.output(QuestionOut, status_code=201)
@bp.doc(summary="Ask or remark on a paper; asking the same again while it waits changes nothing")
def ask(bulletin_id: int, data: QuestionInput) -> QuestionOut:
    [made] = drawn([service.ask(acting(), bulletin_id, data)])
    return made


@bp.post("/bulletins/<int:bulletin_id>/questions/similar")
@permission("question.ask")
@bp.input(SimilarInput, arg_name="data")
@bp.output(SimilarOut)
@bp.doc(summary="Earlier questions that are like a text, the likest first")
def similar_questions(bulletin_id: int, data: SimilarInput) -> dict[str, Any]:
    paper = _discussed(bulletin_id, "question.ask")
    return {"items": similar(acting().agency_id or 0, paper, data.text)}


@bp.post("/questions/<int:question_id>/withdraw")
@permission("question.withdraw")
@bp.output(QuestionOut)
@bp.doc(summary="Take back a question of my agency that is not answered yet")
def withdraw_question(question_id: int) -> QuestionOut:
    [question] = drawn([service.withdraw_question(acting(), question_id)])
    return question


@bp.post("/questions/<int:question_id>/note")
@permission("question.note")
@bp.output(QuestionOut)
@bp.doc(summary="Take note of a remark on my agency's paper that needs no answer")
def note_question(question_id: int) -> QuestionOut:
    [question] = drawn([service.note(acting(), question_id)])
    return question


@bp.post("/questions/<int:question_id>/attachments")
@permission("question.attach")
@large_body(largest_file)
@bp.input(FileIn, location="files", arg_name="data")
@bp.output(AttachmentOut, status_code=201)
@bp.doc(summary="Attach a file to a question of my agency that waits for its answer")
def attach_to_question(question_id: int, data: FileIn) -> AttachmentOut:
    file = data.file
    name = file.filename or ""
    return AttachmentOut.of(
        reply_files.attach_to_question(acting(), question_id, name, file.stream)
    )


@bp.delete("/questions/attachments/<int:attachment_id>")
@permission("question.attach")
@bp.output({}, status_code=204)
@bp.doc(summary="Take a file off a question of my agency that waits for its answer")
def remove_from_question(attachment_id: int) -> tuple[str, int]:
    reply_files.remove_from_question(acting(), attachment_id)
    return "", 204


@bp.post("/answers/<int:answer_id>/attachments")
@permission("answer.attach")
@large_body(largest_file)
@bp.input(FileIn, location="files", arg_name="data")
@bp.output(AttachmentOut, status_code=201)
@bp.doc(summary="Attach a file to an answer of my agency; to an official one only as approver")
def attach_to_answer(answer_id: int, data: FileIn) -> AttachmentOut:
    file = data.file
    name = file.filename or ""
    return AttachmentOut.of(reply_files.attach_to_answer(acting(), answer_id, name, file.stream))


@bp.post("/bulletins/<int:bulletin_id>/answers")
@permission("question.answer")
@bp.input(AnswerInput, arg_name="data")
@bp.output(AnswerOut, status_code=201)
@bp.doc(summary="Answer one or more questions on my agency's paper at once")
def answer(bulletin_id: int, data: AnswerInput) -> AnswerOut:
    [made] = answered([service.answer(acting(), bulletin_id, data)])
    return made


@bp.post("/answers/<int:answer_id>/official")
@permission("answer.make_official")
@bp.output(AnswerOut)
@bp.doc(summary="Say that an answer is my agency's official word")
def make_official(answer_id: int) -> AnswerOut:
    [made] = answered([service.make_official(acting(), answer_id)])
    return made
