"""What people fill in about agencies, people and their accounts: one model for HTML and JSON."""

import re
import unicodedata
from datetime import date
from typing import Annotated, Literal

from flask_babel import gettext as _
from pydantic import AfterValidator, BaseModel, Field

from agencies.contacts import normal_mail, normal_phone
from agencies.states import Channel, SeatKind, Way
from config.text import Line

_USERNAME = re.compile(r"[\w.-]{2,64}")


def normal_username(value: str) -> str:
    """A user name as it is kept: in lower case; raises ValueError for other characters.

    Letters that an input method widened are the same letters.
    """
    name = unicodedata.normalize("NFKC", value).strip().casefold()
    if not _USERNAME.fullmatch(name):
        raise ValueError(_("用户名由 2 到 64 个字母、汉字、数字、点、横线或下划线组成。"))
    return name


def _mail(value: str) -> str:
    return value and normal_mail(value)


def _phone(value: str) -> str:
    return value and normal_phone(value)


Id = Annotated[int, Field(ge=1, lt=2**63)]
Username = Annotated[str, AfterValidator(normal_username)]
Name = Annotated[Line, Field(min_length=1, max_length=50)]
Mail = Annotated[Line, Field(max_length=254), AfterValidator(_mail)]
Phone = Annotated[Line, Field(max_length=30), AfterValidator(_phone)]


class SignInInput(BaseModel):
    """User name and password."""

    username: Annotated[str, Field(min_length=1, max_length=200)]
    password: Annotated[str, Field(min_length=1, max_length=1000)]


class NewPasswordInput(BaseModel):
    """A new password, typed twice."""

    password: Annotated[str, Field(min_length=1, max_length=1000)]
    password_again: Annotated[str, Field(min_length=1, max_length=1000)]


class ChangePasswordInput(NewPasswordInput):
    """The password so far and a new one, typed twice."""

    current_password: Annotated[str, Field(min_length=1, max_length=1000)]


class CodeInput(BaseModel):
    """User name and code from a printed slip."""

    username: Annotated[str, Field(min_length=1, max_length=200)]
    code: Annotated[str, Field(min_length=1, max_length=50)]


class ForgottenInput(BaseModel):
    """Whose password is forgotten."""

    username: Annotated[str, Field(min_length=1, max_length=200)]


class ContactInput(BaseModel):
    """An address on a channel."""

    channel: Channel
    address: Annotated[Line, Field(min_length=1, max_length=254)]


class VerifyInput(BaseModel):
    """The code that came to an address."""

    code: Annotated[Line, Field(min_length=1, max_length=20)]


class AbsenceInput(BaseModel):
    """Days on which a person is away, both included."""

    from_day: date
    until_day: date


class PersonInput(BaseModel):
    """A new person and how they are reached."""

    username: Username
    name: Name
    mail: Mail | None = None
    phone: Phone | None = None


class RenameInput(BaseModel):
    """A person's name."""

    name: Name


class InviteInput(BaseModel):
    """How the invitation shall reach the person."""

    way: Way


class SeatInput(BaseModel):
    """A seat in an agency; the label tells it from others of its kind."""

    kind: SeatKind
    label: Annotated[Line, Field(max_length=50)] = ""


class HolderInput(BaseModel):
    """Who shall hold a seat, or be its deputy."""

    username: Annotated[Line, Field(min_length=1, max_length=64)]
    is_deputy: bool = False


class PlacementInput(SeatInput):
    """Which seat a person shall hold; it is made where the agency has none like it."""

    agency: Annotated[Line, Field(min_length=1, max_length=100)]
    is_deputy: bool = False


class AgencyInput(BaseModel):
    """Whom to ask at an agency, and its zone where it differs from the installation's."""

    contact_name: Annotated[Line, Field(max_length=50)] = ""
    contact_phone: Annotated[Line, Field(max_length=50)] = ""
    contact_mail: Annotated[Line, Field(max_length=254)] = ""
    timezone: Annotated[Line, Field(max_length=64)] | None = None


class TokenInput(BaseModel):
    """A new key: what it is for, the seat it acts in, for how many days."""

    label: Name
    seat_id: Id | None = None
    days: Annotated[int, Field(ge=1, le=1100)] = 365


class SpecialDayInput(BaseModel):
    """A day of the calendar that differs from what the library says."""

    day: date
    is_working: bool
    remark: Annotated[Line, Field(max_length=50)] = ""


class LanguageInput(BaseModel):
    """The language of pages, mails and messages."""

    language: Literal["zh", "en"]
