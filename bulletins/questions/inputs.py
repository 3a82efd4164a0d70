"""What people put in to ask, and to answer."""

from typing import Annotated, Self

from flask_babel import gettext as _
from pydantic import BaseModel, ConfigDict, Field, field_validator, model_validator

from bulletins.inputs import Identifier, refuse_marked
from bulletins.models.questions import ANSWER_LENGTH, QUESTION_LENGTH, TOPIC_LENGTH
from bulletins.questions.states import QuestionKind
from config.text import Line, Text

ANSWERED_AT_ONCE = 200
"""Questions that one answer may settle in one step."""


class QuestionInput(BaseModel):
    """A question or remark; ``for_all``: all who have the paper see it, not the issuer alone."""

    kind: QuestionKind = QuestionKind.QUESTION
    text: Annotated[Text, Field(max_length=QUESTION_LENGTH)]
    for_all: bool = False

    @field_validator("text")
    @classmethod
    def _text(cls, value: str) -> str:
        if not value:
            raise ValueError(_("请写明要问的事或意见。"))
        return value

    @model_validator(mode="after")
    def _refuse_classified(self) -> Self:
        refuse_marked(self.text)
        return self


class SimilarInput(BaseModel):
    """What somebody means to ask; a field of another name would look for nothing."""

    model_config = ConfigDict(extra="forbid")

    text: Annotated[Text, Field(min_length=1)]


class AnswerInput(BaseModel):
    """One answer to one or more questions on the same paper.

    ``topic`` says for readers what was asked, where they don't see the questions themselves.
    """

    questions: Annotated[
        list[Identifier], Field(max_length=ANSWERED_AT_ONCE, validate_default=True)
    ] = []
    text: Annotated[Text, Field(max_length=ANSWER_LENGTH)]
    topic: Annotated[Line, Field(max_length=TOPIC_LENGTH)] = ""
    for_all: bool = False
    is_official: bool = False

    @field_validator("questions")
    @classmethod
    def _questions(cls, value: list[int]) -> list[int]:
        if not value:
            raise ValueError(_("请勾选要答复的提问，类似的可以一并答复。"))
        return sorted(set(value))

    @field_validator("text")
    @classmethod
    def _text(cls, value: str) -> str:
        if not value:
            raise ValueError(_("请写明答复。"))
        return value

    @model_validator(mode="after")
    def _refuse_classified(self) -> Self:
        refuse_marked(self.topic, self.text)
        return self
