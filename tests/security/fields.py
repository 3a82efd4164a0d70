"""Every field into which people type text, with how much it takes; on pages and in the API."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from pydantic import BaseModel

from agencies.exports.api import ExportInput
from agencies.inputs import (
    AgencyInput,
    ChangePasswordInput,
    CodeInput,
    ContactInput,
    ForgottenInput,
    HolderInput,
    NewPasswordInput,
    PersonInput,
    PlacementInput,
    RenameInput,
    SeatInput,
    SignInInput,
    SpecialDayInput,
    TokenInput,
    VerifyInput,
)
from bulletins.api.papers import DraftCreate
from bulletins.api.papers import SignInput as ApiSignInput
from bulletins.decisions import (
    ObjectInput,
    OpinionInput,
    PlaceInput,
    ReasonInput,
    RepealInput,
    SignInput,
    SubmitInput,
    VoidInput,
)
from bulletins.inputs import (
    ArrangeInput,
    DraftInput,
    FilingInput,
    OrganCodeInput,
    RelayInput,
    RemarkInput,
    UploadInput,
)
from bulletins.library.inputs import DeclineInput, OfferInput, SelectInput
from bulletins.questions.inputs import (
    AnswerInput,
    QuestionInput,
    SimilarInput,
)
from bulletins.search.criteria import SavedInput
from coordination.inputs import (
    BodyInput,
    CancelInput,
    ReportInput,
    SendBackInput,
    SubmissionInput,
    TaskInput,
)
from notifications.hooks.inputs import EndpointChangeInput, EndpointInput
from notifications.inputs import (
    CallInput,
    JoinInput,
    LinkInput,
    OutsideInput,
    WishInput,
)
from notifications.texting.inputs import DecisionInput, TemplateInput
from tests.security.tables import TABLE
from tests.security.tables.rows import Row

NAMED = ("username", "agency", "mail", "phone", "contact_mail", "code", "quote")
ROWS = {str(row): row for row in TABLE}


@dataclass(frozen=True)
class Field:
    """A field of a form, or of the API's JSON; ``most`` is how many characters it takes."""

    row: Row
    model: type[BaseModel]
    name: str
    most: int
    required: bool

    @property
    def named(self) -> bool:
        """Whether it names or quotes what must be there, or is written in a way of its own."""
        return self.name in NAMED

    def body(self, value: object) -> dict[str, Any]:
        """The row's good input with this value in the field."""
        if self.row.json is not None:
            return {"json": {**self.row.json, self.name: value}}
        return {"data": {**(self.row.form or {}), self.name: value}}

    def __str__(self) -> str:
        return f"{self.row} {self.name}"


def _fields(call: str, model: type[BaseModel], **most: int) -> list[Field]:
    """``most`` characters by name; negative where the field may be left empty."""
    return [Field(ROWS[call], model, name, abs(size), size > 0) for name, size in most.items()]


STATED = {
    "contact_name": -50,
    "contact_phone": -50,
    "refers_to": -500,
    "place": -500,
    "participants": -500,
    "excused": -500,
    "observers": -500,
    "signer_post": -50,
}
"""What papers of some types state besides their text."""

FIELDS = [
    *_fields("POST /bulletins/drafts/new", DraftInput, title=200, body=-50_000),
    *_fields("POST /bulletins/drafts/autosave", DraftInput, title=200, body=-50_000),
    *_fields("POST /bulletins/drafts/{draft}", DraftInput, title=200, body=-50_000),
    *_fields("POST /bulletins/drafts/{draft}/autosave", DraftInput, title=200, body=-50_000),
    *_fields("POST /bulletins/{submitted}/return", RemarkInput, remark=500),
    *_fields("POST /tasks/new", TaskInput, title=200, body=-20_000),
    *_fields("POST /tasks/issued/{task}/cancel", CancelInput, reason=500),
    *_fields("POST /tasks/{accepted}/report", ReportInput, text=2000),
    *_fields("POST /tasks/{accepted}/submit", SubmissionInput, text=2000),
    *_fields("POST /tasks/{handed_in}/send-back", SendBackInput, text=2000),
    *_fields("POST /account/keys", TokenInput, label=50),
    *_fields(
        "POST /agencies/{agency}/edit",
        AgencyInput,
        contact_name=-50,
        contact_phone=-50,
        contact_mail=-254,
    ),
    *_fields("POST /agencies/{agency}/seats", SeatInput, label=-50),
    *_fields("POST /people/new", PersonInput, name=50, username=64, mail=-254, phone=-30),
    *_fields("POST /people/{member}/name", RenameInput, name=50),
    *_fields("POST /people/{member}/seats", PlacementInput, label=-50, agency=100),
    *_fields("POST /seats/{vacant}/give", HolderInput, username=64),
    *_fields("POST /working-days", SpecialDayInput, remark=-50),
    *_fields("POST /calls/{to_call}", CallInput, note=100),
    *_fields("POST /api/v1/calls/{to_call}", CallInput, note=100),
    *_fields("POST /sms/templates/new", TemplateInput, code=32, sign=-12, text=500),
    *_fields("POST /sms/templates/{submitted_template}/decide", DecisionInput, reason=200),
    *_fields("POST /endpoints", EndpointInput, name=50),
    *_fields("POST /endpoints/{endpoint}/change", EndpointChangeInput, name=50),
    *_fields("PUT /api/v1/endpoints/{endpoint}", EndpointChangeInput, name=50),
    *_fields("POST /api/v1/endpoints", EndpointInput, name=50),
    *_fields("POST /recipients/new", OutsideInput, name=50, agency=100, phone=-30, mail=-254),
    *_fields("POST /recipients/links", LinkInput, agency=100),
    *_fields("POST /join/{join}", JoinInput, name=50, mail=-254),
    *_fields("POST /api/v1/drafts", DraftInput, title=200, body=-50_000),
    *_fields("PUT /api/v1/drafts/{draft}", DraftInput, title=200, body=-50_000),
    *_fields("POST /api/v1/bulletins/{submitted}/return", RemarkInput, remark=500),
    *_fields("POST /api/v1/tasks", TaskInput, title=200, body=-20_000),
    *_fields("POST /api/v1/tasks/{task}/cancel", CancelInput, reason=500),
    *_fields("POST /api/v1/assignments/{accepted}/report", ReportInput, text=2000),
    *_fields("POST /api/v1/assignments/{accepted}/submit", SubmissionInput, text=2000),
    *_fields("POST /api/v1/assignments/{handed_in}/send-back", SendBackInput, text=2000),
    *_fields("POST /api/v1/people", PersonInput, name=50, username=64),
    *_fields("POST /api/v1/people/{member}/seats", PlacementInput, label=-50, agency=100),
    *_fields("POST /api/v1/recipients", OutsideInput, name=50, agency=100, phone=-30, mail=-254),
    *_fields(
        "POST /bulletins/drafts/new",
        DraftInput,
        contact_name=-50,
        contact_phone=-50,
        refers_to=-500,
        place=-500,
        participants=-500,
        excused=-500,
        observers=-500,
        signer_post=-50,
    ),
    *_fields("POST /inbox/{receipt}/relay", RelayInput, note=-5000, additions=-50_000),
    *_fields("POST /relays/{laid_relay}/return", RemarkInput, remark=500),
    *_fields("POST /bulletins/numbers/codes", OrganCodeInput, code=20),
    *_fields("POST /bulletins/reviews/{review}/agree", OpinionInput, opinion=-500),
    *_fields("POST /bulletins/reviews/{review}/return", ObjectInput, remark=500),
    *_fields("POST /bulletins/{submitted}/remarks", PlaceInput, quote=-200, text=500),
    *_fields("POST /bulletins/{signed}/cancel", ReasonInput, reason=500),
    *_fields("POST /bulletins/{published}/void", VoidInput, reason=500),
    *_fields("POST /bulletins/{published}/repeal", RepealInput, reason=500),
    *_fields("POST /bulletins/{addressed}/questions", QuestionInput, text=1000),
    *_fields(
        "POST /api/v1/drafts",
        DraftInput,
        contact_name=-50,
        contact_phone=-50,
        refers_to=-500,
        place=-500,
        participants=-500,
        excused=-500,
        observers=-500,
        signer_post=-50,
        note=-500,
    ),
    *_fields("POST /api/v1/inbox/{receipt}/relay", RelayInput, note=-5000, additions=-50_000),
    *_fields("POST /api/v1/relays/{laid_relay}/return", RemarkInput, remark=500),
    *_fields("POST /api/v1/organ-codes", OrganCodeInput, code=20),
    *_fields("POST /api/v1/reviews/{review}/agree", OpinionInput, opinion=-500),
    *_fields("POST /api/v1/reviews/{review}/return", ObjectInput, remark=500),
    *_fields("POST /api/v1/bulletins/{submitted}/remarks", PlaceInput, quote=-200, text=500),
    *_fields("POST /api/v1/bulletins/{signed}/cancel", ReasonInput, reason=500),
    *_fields("POST /api/v1/bulletins/{published}/void", VoidInput, reason=500),
    *_fields("POST /api/v1/bulletins/{published}/repeal", RepealInput, reason=500),
    *_fields("POST /api/v1/searches", SavedInput, name=-50),
    *_fields("POST /api/v1/bulletins/{addressed}/questions", QuestionInput, text=1000),
    *_fields("POST /api/v1/bulletins/{published}/answers", AnswerInput, text=3000, topic=-200),
    *_fields("POST /api/v1/tasks", TaskInput, key=-64),
    *_fields("POST /api/v1/assignments/{accepted}/report", ReportInput, key=-64),
    *_fields("POST /api/v1/agencies/{agency}/seats", SeatInput, label=-50),
    *_fields("POST /api/v1/working-days", SpecialDayInput, remark=-50),
    *_fields("PATCH /api/v1/people/{member}", RenameInput, name=50),
    *_fields("POST /bulletins/{case}/offer", OfferInput, reason=-500),
    *_fields("POST /library/{to_choose}/select", SelectInput, note=-500),
    *_fields("POST /offers/{offered}/decline", DeclineInput, remark=500),
    *_fields("POST /joint/{joint}/return", RemarkInput, remark=500),
    *_fields("POST /joint/{joint}/remarks", PlaceInput, quote=-200, text=500),
    *_fields("POST /api/v1/bulletins/{case}/offers", OfferInput, reason=-500),
    *_fields("PUT /api/v1/library/{to_choose}", SelectInput, note=-500),
    *_fields("POST /api/v1/offers/{offered}/decline", DeclineInput, remark=500),
]

PASSWORDS = "compared with what is kept; neither kept nor shown itself"
FILE = "names and marks of files are cleaned, not refused: tests/bulletins/test_uploads.py"
CHECKS = "names of checks, compared with those there are"
PREVIEW = "shown to who types it and kept nowhere"

ELSEWHERE: Mapping[type[BaseModel], Mapping[str, str]] = {
    SignInInput: dict.fromkeys(("username", "password"), PASSWORDS),
    NewPasswordInput: dict.fromkeys(("password", "password_again"), PASSWORDS),
    ChangePasswordInput: {"current_password": PASSWORDS},
    CodeInput: dict.fromkeys(("username", "code"), PASSWORDS),
    ForgottenInput: {"username": PASSWORDS},
    ExportInput: {"table": "the word of a table, looked up: tests/agencies/test_exports"},
    ContactInput: {"address": "of a channel, each in a form of its own: tests/agencies"},
    VerifyInput: {"code": PASSWORDS},
    AgencyInput: {"timezone": "chosen from a list"},
    SavedInput: {
        "q": "what can't be seen is left out of what is sought, not refused",
        **dict.fromkeys(("topic", "sector"), "codes of tags, each looked up"),
    },
    UploadInput: {"name": FILE, "mark": FILE},
    ArrangeInput: {"name": FILE},
    DraftCreate: {"key": "a random word of a fixed alphabet"},
    BodyInput: {"body": PREVIEW},
    SimilarInput: {"text": PREVIEW},
    FilingInput: dict.fromkeys(("topics", "sectors"), "codes of tags, each looked up"),
    SubmitInput: {"looked_at": CHECKS},
    EndpointInput: dict.fromkeys(("url", "secret"), "printable ASCII: tests/notifications"),
    SignInput: {"looked_at": CHECKS},
    ApiSignInput: {"looked_at": CHECKS},
    WishInput: dict.fromkeys(
        ("times", "zone", "quiet_from", "quiet_until"),
        "times of the day and zones, each looked up: tests/notifications/test_subscriptions",
    ),
}
"""Texts that are held to other rules than these fields, and why."""
