"""What people fill in about digests and outside recipients: one model for HTML and JSON."""

from typing import Annotated, Literal, Self

from flask_babel import gettext as _
from pydantic import BaseModel, Field, ValidationInfo, field_validator, model_validator

from config.text import Line
from notifications.models.alerts import NOTE_LENGTH
from notifications.states import Rhythm

Hour = Annotated[int, Field(ge=0, le=23)]
Weekday = Annotated[int, Field(ge=0, le=6)]


class SeenInput(BaseModel):
    """Up to which alert somebody has seen the bell."""

    upto: Annotated[int, Field(ge=1, le=2**63 - 1)]


class CallInput(BaseModel):
    """Who was rung up, and what was said."""

    note: Annotated[Line, Field(min_length=1, max_length=NOTE_LENGTH)]


class WishInput(BaseModel):
    """How often and when digests come, and whether urgent papers are told at once.

    ``weekdays`` are 0 (Monday) to 6: those chosen for ``daily``, the one for ``weekly``.
    """

    rhythm: Rhythm = Rhythm.OFF
    hour: Hour = 8
    weekdays: Annotated[list[Weekday], Field(max_length=7, validate_default=True)] = []
    urgent_at_once: bool = False

    @field_validator("weekdays")
    @classmethod
    def _days_fit(cls, days: list[int], info: ValidationInfo) -> list[int]:
        rhythm = info.data.get("rhythm")
        if rhythm == Rhythm.DAILY and not days:
            raise ValueError(_("请至少选一个星期几。"))
        if rhythm == Rhythm.WEEKLY and len(set(days)) != 1:
            raise ValueError(_("每周一次的，请只选一个星期几。"))
        return days

    @property
    def mask(self) -> int:
        """The weekdays as bits, bit 0 for Monday."""
        return sum(1 << day for day in set(self.weekdays))


class OutsideInput(WishInput):
    """Somebody from outside, who gets the digests of one agency, named by its code or name."""

    rhythm: Rhythm = Rhythm.WORKDAYS

    name: Annotated[Line, Field(min_length=1, max_length=50)]
    agency: Annotated[Line, Field(min_length=1, max_length=100)]
    phone: Annotated[Line, Field(max_length=32)] = ""
    mail: Annotated[Line, Field(max_length=254, validate_default=True)] = ""
    language: Literal["zh", "en"] = "zh"

    @field_validator("mail")
    @classmethod
    def _has_address(cls, mail: str, info: ValidationInfo) -> str:
        if not mail and not info.data.get("phone"):
            raise ValueError(_("邮箱和手机号至少填一项。"))
        return mail

    @model_validator(mode="after")
    def _gets_something(self) -> Self:
        if self.rhythm == Rhythm.OFF and not self.urgent_at_once:
            raise ValueError(_("请选择多久发一次，或勾选立即提醒，否则此人什么也收不到。"))
        return self
