"""What people put in: the models that HTML forms and JSON fill and services take."""

import re
from datetime import date
from typing import Annotated, Self

from flask_babel import gettext as _
from pydantic import BaseModel, Field, ValidationInfo, field_validator, model_validator

from agencies.states import AgencyKind, Level
from bulletins import classified
from bulletins.audience import Rule
from bulletins.models import (
    CONTACT_LENGTH,
    FORM_KEY_LENGTH,
    ORGAN_CODE_LENGTH,
    PARTICULAR_LENGTH,
    REASON_LENGTH,
    TAG_CODE_LENGTH,
    TITLE_LENGTH,
)
from bulletins.states import BulletinType, Layout, Part, RuleKind, Urgency
from config.text import Line, Text

BODY_LENGTH = 50_000
KEY = re.compile(rf"[A-Za-z0-9_-]{{16,{FORM_KEY_LENGTH}}}")
NAMED_AT_MOST = 2000
NOTE_LENGTH = 5_000
TAGS_AT_MOST = 50
JOINT_AT_MOST = 20
RELAY_WITHIN_AT_MOST = 60

Identifier = Annotated[int, Field(ge=1, lt=2**63)]
TagCode = Annotated[Line, Field(max_length=TAG_CODE_LENGTH)]
Named = Annotated[list[Identifier], Field(max_length=NAMED_AT_MOST)]
Reviewers = Annotated[list[Identifier], Field(max_length=20)]


class AudienceInput(BaseModel):
    """Whom a paper addresses (to), copies (cc) and leaves out (except), as flat fields.

    ``*_all`` is everybody below the issuer. ``*_subtrees`` are agencies with all below them;
    ``*_levels`` and ``*_kinds`` narrow these, or what stands below the issuer where no subtree is
    named; with both given an agency must be of one of the levels and of one of the kinds.
    ``*_agencies`` are single agencies.
    """

    to_all: bool = False
    to_levels: list[Level] = []
    to_kinds: list[AgencyKind] = []
    to_subtrees: Named = []
    to_agencies: Named = []
    cc_all: bool = False
    cc_levels: list[Level] = []
    cc_kinds: list[AgencyKind] = []
    cc_subtrees: Named = []
    cc_agencies: Named = []
    except_levels: list[Level] = []
    except_kinds: list[AgencyKind] = []
    except_subtrees: Named = []
    except_agencies: Named = []

    def rules(self, issuer_id: int) -> list[Rule]:
        """The fields as rules, without doubles and in a fixed order."""
        return [rule for part in Part for rule in self._of(part, issuer_id)]

    def _of(self, part: Part, issuer_id: int) -> list[Rule]:
        levels = sorted(set(getattr(self, f"{part}_levels"))) or [None]
        kinds = sorted(set(getattr(self, f"{part}_kinds"))) or [None]
        roots = sorted(set(getattr(self, f"{part}_subtrees")))
        if not roots and (levels != [None] or kinds != [None]):
            roots = [issuer_id]
        found = [
            Rule(part, RuleKind.SUBTREE, root, level, kind)
            for root in roots
            for level in levels
            for kind in kinds
        ]
        whole = Rule(part, RuleKind.SUBTREE, issuer_id)
        if getattr(self, f"{part}_all", False) and whole not in found:
            found.insert(0, whole)
        named = sorted(set(getattr(self, f"{part}_agencies")))
        return found + [Rule(part, RuleKind.AGENCY, agency_id) for agency_id in named]


class ParticularsInput(BaseModel):
    """What papers of some types state besides their text; ``paper_types`` says which.

    ``refers_to_id`` is the paper that this one answers or explains, where it is kept here; what is
    not is named in words.
    """

    contact_name: Annotated[Line, Field(max_length=CONTACT_LENGTH)] = ""
    contact_phone: Annotated[Line, Field(max_length=CONTACT_LENGTH)] = ""
    refers_to_id: Identifier | None = None
    refers_to: Annotated[Line, Field(max_length=PARTICULAR_LENGTH)] = ""
    held_on: date | None = None
    held_until: date | None = None
    place: Annotated[Line, Field(max_length=PARTICULAR_LENGTH)] = ""
    participants: Annotated[Line, Field(max_length=PARTICULAR_LENGTH)] = ""
    excused: Annotated[Line, Field(max_length=PARTICULAR_LENGTH)] = ""
    observers: Annotated[Line, Field(max_length=PARTICULAR_LENGTH)] = ""
    signer_post: Annotated[Line, Field(max_length=CONTACT_LENGTH)] = ""
    enrol_by: date | None = None


class FilingInput(BaseModel):
    """Topics and sectors by their codes."""

    topics: Annotated[list[TagCode], Field(max_length=TAGS_AT_MOST)] = []
    sectors: Annotated[list[TagCode], Field(max_length=TAGS_AT_MOST)] = []


class ReachInput(AudienceInput):
    """An audience of a paper: its type and who issues it together say how far it reaches."""

    type: BulletinType = BulletinType.NOTICE
    joint_agencies: Annotated[list[Identifier], Field(max_length=JOINT_AT_MOST)] = []


class ReviewPlanInput(BaseModel):
    """The seats that review a paper before it is signed: a step's side by side, steps in order."""

    review_1: Reviewers = []
    review_2: Reviewers = []
    review_3: Reviewers = []

    def plan(self) -> list[tuple[int, int]]:
        """Pairs of step and seat in a fixed order; a seat named twice is asked in its first."""
        steps = (self.review_1, self.review_2, self.review_3)
        first: dict[int, int] = {}
        for step, seats in enumerate(steps, start=1):
            for seat_id in seats:
                first.setdefault(seat_id, step)
        return sorted((step, seat_id) for seat_id, step in first.items())


class DraftInput(FilingInput, ParticularsInput, ReachInput, ReviewPlanInput):
    """A paper as its clerk writes it."""

    title: Line
    body: Annotated[Text, Field(max_length=BODY_LENGTH)] = ""
    urgency: Urgency = Urgency.NORMAL
    needs_acknowledgement: bool = False
    acknowledge_by: date | None = None
    relay_within: Annotated[int, Field(ge=1, le=RELAY_WITHIN_AT_MOST)] | None = None
    organ_code_id: Identifier | None = None
    for_followers: bool = False
    layout: Layout | None = None
    note: Annotated[Text, Field(max_length=REASON_LENGTH)] = ""

    @field_validator("title")
    @classmethod
    def _title(cls, value: str) -> str:
        if not value:
            raise ValueError(_("标题不能为空。"))
        if len(value) > TITLE_LENGTH:
            raise ValueError(
                _(
                    "标题不能超过 %(most)s 个字，现在有 %(now)s 个。",
                    most=TITLE_LENGTH,
                    now=len(value),
                )
            )
        return value

    @model_validator(mode="after")
    def _refuse_classified(self) -> Self:
        refuse_marked(self.title, self.body)
        return self


class RelayInput(AudienceInput):
    """What an agency adds to a paper that it relays, and to whom below it that goes.

    ``note`` stands before the original, ``additions`` after it.
    """

    note: Annotated[Text, Field(max_length=NOTE_LENGTH)] = ""
    additions: Annotated[Text, Field(max_length=BODY_LENGTH)] = ""
    needs_acknowledgement: bool = False
    acknowledge_by: date | None = None

    @model_validator(mode="after")
    def _refuse_classified(self) -> Self:
        refuse_marked(self.note, self.additions)
        return self


def refuse_marked(*texts: str) -> None:
    """Raise ValueError for words that bear a mark of secrecy: they have no place here."""
    for text in texts:
        marking = classified.marking(text)
        if marking:
            raise ValueError(classified.refusal(marking))


class RemarkInput(BaseModel):
    """Words to the clerk of a paper that is returned."""

    remark: Annotated[Text, Field(max_length=500)]

    @field_validator("remark")
    @classmethod
    def _remark(cls, value: str) -> str:
        if not value:
            raise ValueError(_("请写明退回的原因。"))
        return value


class OrganCodeInput(BaseModel):
    """An organ code to be used from now on; ``used_before`` numbers of this year are gone.

    ``is_of_orders``: a register of orders, called as they are cited (河北省市场监督管理局令); of it
    ``used_before`` numbers are gone in all.
    """

    code: Line
    is_of_orders: bool = False
    used_before: Annotated[int, Field(ge=0, le=99_999)] = 0

    @field_validator("code")
    @classmethod
    def _code(cls, value: str) -> str:
        if not value.isalpha() or len(value) > ORGAN_CODE_LENGTH:
            raise ValueError(
                _("代字由 1 到 %(most)s 个汉字或字母组成，例如“冀质监”。", most=ORGAN_CODE_LENGTH)
            )
        return value

    @field_validator("is_of_orders")
    @classmethod
    def _of_orders(cls, value: bool, info: ValidationInfo) -> bool:
        if value and not str(info.data.get("code", "令")).endswith("令"):
            raise ValueError(_("令号的名称以“令”结尾，例如“河北省市场监督管理局令”。"))
        return value


class ArrangeInput(BaseModel):
    """Another name of an attachment, or its place among the others, counted from 1."""

    name: Annotated[str, Field(min_length=1, max_length=255)] | None = None
    place: Annotated[int, Field(ge=1, lt=2**31)] | None = None


class UploadInput(BaseModel):
    """A file that will arrive in parts: its name, its size in bytes, and the sender's mark of it.

    The same name, size and mark (say, the file's time of change) find the upload again after a
    broken line; without a mark each is a new one.
    """

    name: Annotated[str, Field(min_length=1, max_length=255)]
    size: Annotated[int, Field(ge=1, lt=2**53)]
    mark: Annotated[str, Field(max_length=64)] = ""
