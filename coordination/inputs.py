"""What people put in: the models that HTML forms and JSON fill and services take."""

import hashlib
from datetime import date
from enum import StrEnum
from typing import Annotated

from flask_babel import gettext as _
from pydantic import AfterValidator, BaseModel, ConfigDict, Field

from agencies.states import AgencyKind, Level
from bulletins import classified
from bulletins.inputs import AudienceInput, Identifier, Named
from config.text import Line, Text
from coordination.deadlines import MAX_WORKING_DAYS
from coordination.models import REASON_LENGTH, TITLE_LENGTH

BODY_LENGTH = 20_000
REMARK_LENGTH = 2_000
KEY_LENGTH = 64

Days = Annotated[int, Field(ge=1, le=MAX_WORKING_DAYS)]


def _refuse_classified(text: str) -> str:
    """Papers with a marking of state secrets have no place here; raises ValueError."""
    marking = classified.marking(text)
    if marking:
        raise ValueError(
            _(
                "文中有密级标志“%(marking)s”。本系统只传输公开和内部信息，不得传输涉密文件。",
                marking=marking,
            )
        )
    return text


Public = AfterValidator(_refuse_classified)
Words = Annotated[Text, Field(min_length=1, max_length=REMARK_LENGTH), Public]
Key = Annotated[Line, Field(max_length=KEY_LENGTH)]


class Leading(StrEnum):
    """Who leads: each agency addressed its own part, or one agency which the others assist."""

    EACH = "each"
    ONE = "one"


class Input(BaseModel):
    model_config = ConfigDict(extra="forbid")


def _hash_of(about: str, data: Input) -> str:
    return hashlib.sha256(f"{about} {data.model_dump_json()}".encode()).hexdigest()


class AddressInput(Input):
    """To whom a task is given, strictly below its issuer, and who leads.

    The fields are those of a paper's audience; the lead is addressed even where they don't name it.
    """

    to_all: bool = False
    to_levels: list[Level] = []
    to_kinds: list[AgencyKind] = []
    to_subtrees: Named = []
    to_agencies: Named = []
    except_levels: list[Level] = []
    except_kinds: list[AgencyKind] = []
    except_subtrees: Named = []
    except_agencies: Named = []
    leading: Leading = Leading.EACH
    lead_id: Identifier | None = None

    @property
    def lead(self) -> int | None:
        """The one agency that leads; None where each leads its own part."""
        return self.lead_id if self.leading is Leading.ONE else None

    @property
    def named(self) -> set[int]:
        """All agencies that are named one by one."""
        audience = self.audience()
        lead = [self.lead] if self.lead else []
        return {
            *audience.to_subtrees,
            *audience.to_agencies,
            *audience.except_subtrees,
            *audience.except_agencies,
            *lead,
        }

    def audience(self) -> AudienceInput:
        """Whom it is addressed to, as a paper says it."""
        fields = AddressInput.model_fields.keys() & AudienceInput.model_fields.keys()
        return AudienceInput(**{name: getattr(self, name) for name in fields})


class TimeInput(Input):
    """Until when: in so many working days from today, or on a day; one of the two at most."""

    days: Days | None = None
    due_on: date | None = None


class TaskInput(AddressInput, TimeInput):
    """A task: what is to be done, by whom and until when, which must be given.

    ``key`` is a word of the sender's own: the same task sent again with the same key is not given
    again.
    """

    title: Annotated[Line, Field(min_length=1, max_length=TITLE_LENGTH), Public]
    body: Annotated[Text, Field(max_length=BODY_LENGTH), Public] = ""
    bulletin_id: Identifier | None = None
    key: Key = ""

    def once(self, issuer_id: int) -> str | None:
        """What is the same where an agency is sent the same task again; None without a key."""
        return _hash_of(str(issuer_id), self) if self.key else None


class BodyInput(Input):
    """A text to look at before it is sent."""

    body: Annotated[Text, Field(max_length=BODY_LENGTH)] = ""


class StepInput(Input):
    """The words of a step.

    ``key`` is a word of the sender's own: the same words sent again with it are no further step.
    """

    text: Words
    key: Key = ""

    def once(self, assignment_id: int, step: str) -> str | None:
        """What is the same where the same step is sent again; None without a key."""
        return _hash_of(f"{assignment_id} {step}", self) if self.key else None


class ReportInput(StepInput):
    """How far it is: in words and, where that says something, in percent."""

    percent: Annotated[int, Field(ge=0, le=100)] | None = None


class SubmissionInput(ReportInput):
    """What was done, to hand in."""


class SendBackInput(StepInput, TimeInput):
    """What is missing, and until when it shall be there (as before, where nothing is given)."""


class CancelInput(Input):
    """Why a task is no longer wanted."""

    reason: Annotated[Text, Field(min_length=1, max_length=REASON_LENGTH), Public]
