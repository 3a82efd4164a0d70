"""What somebody looks for: words, and what narrows them."""

from datetime import date
from enum import StrEnum
from typing import Annotated, Self

from flask_babel import gettext as _
from pydantic import AfterValidator, BaseModel, Field, model_validator
from pydantic_core import PydanticCustomError

from bulletins.models.columns import TAG_CODE_LENGTH
from bulletins.search.terms import NAME_LENGTH, QUERY_LENGTH, Term, terms
from bulletins.states import BulletinType
from config.text import Line


class Order(StrEnum):
    """What comes first: what has the words in its title, or what is newest."""

    RELEVANCE = "relevance"
    TIME = "time"


def _clean(query: str) -> str:
    """One line of what can be seen: text copied from elsewhere brings marks that nobody typed."""
    line = " ".join("".join(one if one.isprintable() else " " for one in query).split())
    if len(line) > QUERY_LENGTH:
        raise PydanticCustomError("string_too_long", "too long", {"max_length": QUERY_LENGTH})
    return line


Query = Annotated[str, AfterValidator(_clean)]
Identifier = Annotated[int, Field(ge=1, lt=2**63)]
TagCode = Annotated[Line, Field(max_length=TAG_CODE_LENGTH)]


class Criteria(BaseModel):
    """Words that must all be found, and what narrows them; of the days both are included.

    ``topic`` and ``sector`` are codes; ``issuer`` may be one of several that issue it together.
    Without words everything is found that the rest leaves.
    """

    q: Query = ""
    type: BulletinType | None = None
    issuer: Identifier | None = None
    topic: TagCode | None = None
    sector: TagCode | None = None
    since: date | None = None
    until: date | None = None
    sort: Order = Order.RELEVANCE

    @property
    def terms(self) -> list[Term]:
        """The phrases of the words."""
        return list(terms(self.q))

    @model_validator(mode="after")
    def _can_be_sought(self) -> Self:
        if self.q and not self.terms:
            raise ValueError(_("请输入文字或数字，标点符号不能检索。"))
        return self


class SavedInput(BaseModel):
    """A search to be kept: what it is called, and what it looks for; both days are included."""

    name: Annotated[Line, Field(max_length=NAME_LENGTH)] = ""
    q: Query = ""
    type: BulletinType | None = None
    issuer: Identifier | None = None
    topic: TagCode | None = None
    sector: TagCode | None = None
    since: date | None = None
    until: date | None = None
    followed: bool = False

    @model_validator(mode="after")
    def _asks_for_something(self) -> Self:
        if not (terms(self.q) or self.type or self.issuer or self.topic or self.sector):
            raise ValueError(_("请先检索，再保存。"))
        if self.since and self.until and self.until < self.since:
            raise ValueError(_("截止日期早于起始日期，什么也查不到，请改正后重新检索。"))
        return self


class FollowInput(BaseModel):
    """Whether a search is followed."""

    followed: bool = False
