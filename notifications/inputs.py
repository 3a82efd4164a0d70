"""What people fill in about digests and outside recipients: one model for HTML and JSON."""

import re
from functools import cache
from typing import Annotated, Any, Literal, Self
from zoneinfo import available_timezones

from flask_babel import gettext as _
from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    Field,
    ValidationInfo,
    field_validator,
    model_validator,
)

from agencies.inputs import Mail, Phone
from config.text import Line
from notifications.models.alerts import NOTE_LENGTH
from notifications.states import Rhythm

MOST_TIMES = 6
DEFAULT_TIME = "08:00"

_TIME = re.compile(r"([01]?[0-9]|2[0-3])[:：]([0-5][0-9])(?::00)?")


def _time(value: str) -> str:
    """A time of the day as ``HH:MM``."""
    found = _TIME.fullmatch(value.strip())
    if found is None:
        raise ValueError(_("时间请写成 08:30 这样。"))
    return f"{int(found[1]):02d}:{found[2]}"


def _filled(value: Any) -> Any:
    """Without the boxes of a form that were left empty; a form without any box has the default."""
    if value == []:
        return [DEFAULT_TIME]
    return [one for one in value if one != ""] if isinstance(value, list) else value


@cache
def _zones() -> frozenset[str]:
    return frozenset(available_timezones())


Weekday = Annotated[int, Field(ge=0, le=6)]
Clock = Annotated[str, Field(max_length=8), AfterValidator(_time)]
MaybeClock = Annotated[
    str, Field(max_length=8), AfterValidator(lambda value: _time(value) if value.strip() else "")
]
Times = Annotated[list[Clock], Field(max_length=MOST_TIMES), BeforeValidator(_filled)]


class SeenInput(BaseModel):
    """Up to which alert somebody has seen the bell."""

    upto: Annotated[int, Field(ge=1, le=2**63 - 1)]


class CallInput(BaseModel):
    """Who was rung up, and what was said."""

    note: Annotated[Line, Field(min_length=1, max_length=NOTE_LENGTH)]


class WishInput(BaseModel):
    """How often and when digests come, and whether urgent papers are told at once.

    ``weekdays`` are 0 (Monday) to 6, for ``daily``; ``weekday`` is for ``weekly``, ``month_day``
    for ``monthly`` (a month too short has it on its last day). ``zone`` is empty for the agency's.
    Nothing comes from ``quiet_from`` to ``quiet_until``; both empty: no quiet hours of one's own.
    ``even_when_away``: digests don't wait until one is back.
    """

    rhythm: Rhythm = Rhythm.OFF
    times: Times = [DEFAULT_TIME]
    weekdays: Annotated[list[Weekday], Field(max_length=7, validate_default=True)] = []
    weekday: Annotated[Weekday | None, Field(validate_default=True)] = None
    month_day: Annotated[int, Field(ge=1, le=31)] = 1
    zone: Annotated[Line, Field(max_length=64)] = ""
    quiet_from: MaybeClock = ""
    quiet_until: Annotated[MaybeClock, Field(validate_default=True)] = ""
    even_when_away: bool = False
    urgent_at_once: bool = False

    @field_validator("times")
    @classmethod
    def _has_time(cls, times: list[str]) -> list[str]:
        if not times:
            raise ValueError(_("请至少填一个时间。"))
        return sorted(set(times))

    @field_validator("weekdays")
    @classmethod
    def _has_days(cls, days: list[int], info: ValidationInfo) -> list[int]:
        if info.data.get("rhythm") == Rhythm.DAILY and not days:
            raise ValueError(_("请至少选一个星期几。"))
        return days

    @field_validator("weekday")
    @classmethod
    def _has_day(cls, day: int | None, info: ValidationInfo) -> int | None:
        if info.data.get("rhythm") != Rhythm.WEEKLY or day is not None:
            return day
        days = set(info.data.get("weekdays", []))
        if len(days) != 1:
            raise ValueError(_("每周一次的，请只选一个星期几。"))
        return int(days.pop())

    @field_validator("zone")
    @classmethod
    def _is_zone(cls, zone: str) -> str:
        if zone and zone not in _zones():
            raise ValueError(_("没有这个时区，例如 Asia/Urumqi。"))
        return zone

    @field_validator("quiet_until")
    @classmethod
    def _are_whole(cls, until: str, info: ValidationInfo) -> str:
        begins = info.data.get("quiet_from", "")
        if bool(begins) != bool(until):
            raise ValueError(_("免打扰时段请把开始和结束都填上，或都不填。"))
        if begins and begins == until:
            raise ValueError(_("免打扰时段的开始和结束不能相同。"))
        return until

    @property
    def mask(self) -> int:
        """The weekdays as bits, bit 0 for Monday."""
        if self.rhythm == Rhythm.WEEKLY and self.weekday is not None:
            return 1 << self.weekday
        return sum(1 << day for day in set(self.weekdays))


class OutsideInput(WishInput):
    """Somebody from outside, who gets the digests of one agency, named by its code or name."""

    rhythm: Rhythm = Rhythm.WORKDAYS

    name: Annotated[Line, Field(min_length=1, max_length=50)]
    agency: Annotated[Line, Field(min_length=1, max_length=100)]
    phone: Phone = ""
    mail: Annotated[Mail, Field(validate_default=True)] = ""
    language: Literal["zh", "en"] = "zh"

    @field_validator("mail")
    @classmethod
    def _has_address(cls, mail: str, info: ValidationInfo) -> str:
        if not mail and info.data.get("phone") == "":  # a wrong one has its own message
            raise ValueError(_("邮箱和手机号至少填一项。"))
        return mail

    @model_validator(mode="after")
    def _gets_something(self) -> Self:
        if self.rhythm == Rhythm.OFF and not self.urgent_at_once:
            raise ValueError(_("请选择多久发一次，或勾选立即提醒，否则此人什么也收不到。"))
        return self


class LinkInput(BaseModel):
    """For which agency a link is made, by its code or its whole name."""

    agency: Annotated[Line, Field(min_length=1, max_length=100)]


class JoinInput(BaseModel):
    """Somebody from outside who asks for an agency's digests by mail."""

    name: Annotated[Line, Field(min_length=1, max_length=50)]
    mail: Annotated[Line, Field(min_length=3, max_length=254)]
