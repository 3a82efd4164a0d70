"""What people put in to offer a paper, to select it, to decline an offer."""

from typing import Annotated, Self

from flask_babel import gettext as _
from pydantic import BaseModel, Field, field_validator, model_validator

from bulletins.inputs import Identifier, TagCode, refuse_marked
from bulletins.models.columns import REMARK_LENGTH
from bulletins.states import BulletinType
from config.text import Text

Words = Annotated[Text, Field(max_length=REMARK_LENGTH)]


class LibraryFilter(BaseModel):
    """What narrows the library."""

    type: BulletinType | None = None
    issuer: Identifier | None = None
    topic: TagCode | None = None
    sector: TagCode | None = None


class OfferInput(BaseModel):
    """To which agency above a paper is offered, and what is good about it."""

    to: Identifier
    reason: Words = ""

    @model_validator(mode="after")
    def _refuse_classified(self) -> Self:
        refuse_marked(self.reason)
        return self


class SelectInput(BaseModel):
    """What readers of the library are told of a paper."""

    note: Words = ""

    @model_validator(mode="after")
    def _refuse_classified(self) -> Self:
        refuse_marked(self.note)
        return self


class DeclineInput(BaseModel):
    """Why an offer is declined."""

    remark: Words

    @field_validator("remark")
    @classmethod
    def _remark(cls, value: str) -> str:
        if not value:
            raise ValueError(_("请写明未入选的原因，推荐机构会看到。"))
        refuse_marked(value)
        return value


class UsefulInput(BaseModel):
    """Whether a paper was useful to the reader."""

    useful: bool = False
