"""What people put in: the models that HTML forms and JSON fill and services take."""

from datetime import date
from enum import StrEnum
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

from agencies.states import AgencyKind, Level
from bulletins.audience import Rule
from bulletins.inputs import AudienceInput, Identifier, Named
from config.text import Line, Text
from coordination.deadlines import MAX_WORKING_DAYS
from coordination.models import REASON_LENGTH, TITLE_LENGTH

BODY_LENGTH = 20_000
REMARK_LENGTH = 2_000

Days = Annotated[int, Field(ge=1, le=MAX_WORKING_DAYS)]
Words = Annotated[Text, Field(min_length=1, max_length=REMARK_LENGTH)]


class Leading(StrEnum):
    """Who leads: each agency addressed its own part, or one agency which the others assist."""

    EACH = "each"
    ONE = "one"


class Input(BaseModel):
    model_config = ConfigDict(extra="forbid")


class TaskInput(Input):
    """A task: what is to be done, by whom and until when.

    ``days`` are working days from today; ``due_on`` is a day; one of them is wanted.
    ``to_direct`` is everybody right under the issuer; the other ``to_*`` fields are as on a paper
    (levels and kinds narrow the subtrees, or all that stands below the issuer).
    """

    title: Annotated[Line, Field(min_length=1, max_length=TITLE_LENGTH)]
    body: Annotated[Text, Field(max_length=BODY_LENGTH)] = ""
    bulletin_id: Identifier | None = None
    to_direct: bool = False
    to_levels: list[Level] = []
    to_kinds: list[AgencyKind] = []
    to_subtrees: Named = []
    to_agencies: Named = []
    except_agencies: Named = []
    leading: Leading = Leading.EACH
    lead_id: Identifier | None = None
    days: Days | None = None
    due_on: date | None = None

    @property
    def lead(self) -> int | None:
        """The one agency that leads; None where each leads its own part."""
        return self.lead_id if self.leading is Leading.ONE else None

    @property
    def named(self) -> set[int]:
        """All agencies that are named one by one."""
        return {
            *self.to_subtrees,
            *self.to_agencies,
            *self.except_agencies,
            *([self.lead] if self.lead else []),
        }

    def rules(self, issuer_id: int) -> list[Rule]:
        """Whom it is addressed to, as the rules of an audience."""
        fields = ("to_levels", "to_kinds", "to_subtrees", "to_agencies")
        chosen = {name: getattr(self, name) for name in fields}
        return AudienceInput(**chosen).rules(issuer_id)


class ReportInput(Input):
    """How far it is: in words and, where that says something, in percent."""

    text: Words
    percent: Annotated[int, Field(ge=0, le=100)] | None = None


class RemarkInput(Input):
    """What was done, to hand in with a submission."""

    text: Words


class SendBackInput(Input):
    """What is missing, and until when it shall be there (as before, where nothing is given)."""

    text: Words
    days: Days | None = None
    due_on: date | None = None


class CancelInput(Input):
    """Why a task is no longer wanted."""

    reason: Annotated[Text, Field(min_length=1, max_length=REASON_LENGTH)]
