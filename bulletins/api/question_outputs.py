"""What the API tells of questions and answers."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from pydantic import BaseModel

from agencies.actors import acting
from bulletins.api.attachments import AttachmentOut
from bulletins.api.outputs import FromRow
from bulletins.models import Answer, Attachment
from bulletins.queries import questions as queries
from bulletins.queries.askers import Others, others_of
from bulletins.queries.owned import files_of
from bulletins.questions.states import QuestionKind, QuestionState
from bulletins.states import OwnerKind


class QuestionOut(FromRow):
    """A question or remark; `answer_id` names its answer in the list of the paper's answers.

    `others_asking` agencies ask it too; `is_joined`: mine is one of them.
    """

    id: int
    bulletin_id: int
    agency_id: int
    kind: QuestionKind
    for_all: bool
    text: str
    state: QuestionState
    asked_at: datetime
    answer_id: int | None
    others_asking: int = 0
    is_joined: bool = False
    attachments: list[AttachmentOut] = []


class QuestionsOut(BaseModel):
    items: list[QuestionOut]
    next: str | None


class AnswerOut(BaseModel):
    """An answer with the questions it answers, as far as I may see them, five at most."""

    id: int
    bulletin_id: int
    topic: str
    text: str
    for_all: bool
    answered_at: datetime
    official_at: datetime | None
    questions: list[QuestionOut]
    attachments: list[AttachmentOut]


class AnswersOut(BaseModel):
    items: list[AnswerOut]
    next: str | None


def drawn(rows: Sequence[Any]) -> list[QuestionOut]:
    """Questions with their files and with who asks them too."""
    ids = [row.id for row in rows]
    files, others = files_of(OwnerKind.QUESTION, ids), others_of(acting().agency_id or 0, ids)
    return [_drawn(row, files.get(row.id, ()), others.get(row.id)) for row in rows]


def _drawn(row: Any, files: Sequence[Attachment], others: Others | None) -> QuestionOut:
    more: dict[str, Any] = {"attachments": [AttachmentOut.of(one) for one in files]}
    if others:
        more |= {"others_asking": others.count, "is_joined": others.is_mine}
    return QuestionOut.model_validate(row).model_copy(update=more)


def answered(answers: list[Answer]) -> list[AnswerOut]:
    """Answers with their files and the questions that they answer, as far as one may see them."""
    ids = [one.id for one in answers]
    asked = queries.questions_of(acting().agency_id or 0, ids)
    known = {one.id: one for one in drawn([row for rows in asked.values() for row in rows])}
    files = files_of(OwnerKind.ANSWER, ids)
    return [
        AnswerOut(
            id=one.id,
            bulletin_id=one.bulletin_id,
            topic=one.topic,
            text=one.text,
            for_all=one.for_all,
            answered_at=one.answered_at,
            official_at=one.official_at,
            questions=[known[row.id] for row in asked.get(one.id, [])],
            attachments=[AttachmentOut.of(file) for file in files.get(one.id, ())],
        )
        for one in answers
    ]
