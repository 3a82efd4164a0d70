"""What people decide about a paper: the models that HTML forms and JSON fill and services take."""

from datetime import date, datetime, time
from typing import Annotated
from zoneinfo import ZoneInfo

from flask_babel import gettext as _
from pydantic import AfterValidator, BaseModel, Field, field_validator, model_validator

from bulletins.inputs import Identifier, RemarkInput
from bulletins.models import QUOTE_LENGTH, REASON_LENGTH
from config.text import Line, Text


def _each(values: list[str]) -> list[str]:
    """The one tick of a page sends all names in one value."""
    return [name for value in values for name in value.split(",") if name]


LookedAt = Annotated[
    list[Annotated[str, Field(max_length=1000)]], Field(max_length=50), AfterValidator(_each)
]
"""Names of the checks before publishing whose warnings were looked at."""

Reason = Annotated[Text, Field(max_length=REASON_LENGTH)]


class SignInput(BaseModel):
    """How a paper is signed, as the page asks: published at once, or on a day at a time.

    ``revision`` is the one that was read. ``asks_again``: who acknowledged what is corrected now
    shall do so once more. ``looked_at`` names the checks whose warnings were seen.
    """

    publish_on: date | None = None
    publish_time: time | None = None
    asks_again: bool = False
    looked_at: LookedAt = []

    @model_validator(mode="after")
    def _whole(self) -> "SignInput":
        if (self.publish_on is None) != (self.publish_time is None):
            raise ValueError(_("定时发布请同时填写日期和时间。"))
        return self

    def moment(self, zone: ZoneInfo) -> datetime | None:
        """When to publish; None: at once."""
        if self.publish_on is None or self.publish_time is None:
            return None
        return datetime.combine(self.publish_on, self.publish_time.replace(tzinfo=None), zone)


class SubmitInput(BaseModel):
    """How a draft is laid before the approver: with which warnings looked at."""

    looked_at: LookedAt = []


class ReasonInput(BaseModel):
    """Why a paper is not to be published, or not to be issued at all."""

    reason: Reason

    @field_validator("reason")
    @classmethod
    def _reason(cls, value: str) -> str:
        if not value.strip():
            raise ValueError(_("请写明原因。"))
        return value


class VoidInput(ReasonInput):
    """Why a paper ends, as its readers are told, and the paper that replaces it."""

    replaced_by_id: Identifier | None = None


class RepealInput(VoidInput):
    """From which day on a paper has no force."""

    ended_on: date


class OpinionInput(BaseModel):
    """What a reviewer adds when they agree."""

    opinion: Reason = ""


class ObjectInput(RemarkInput):
    """What a reviewer wants changed."""


class PlaceInput(BaseModel):
    """A remark at a paragraph (from 1), or at words quoted from the text, or both."""

    paragraph: Annotated[int, Field(ge=1, le=100_000)] | None = None
    quote: Annotated[Line, Field(max_length=QUOTE_LENGTH)] = ""
    text: Reason

    @field_validator("text")
    @classmethod
    def _text(cls, value: str) -> str:
        if not value.strip():
            raise ValueError(_("请写明怎样修改。"))
        return value


class BudgetInput(BaseModel):
    """How many papers an agency means to send this year, at most; None: it sets no number."""

    most: Annotated[int, Field(ge=0, le=100_000)] | None = None
