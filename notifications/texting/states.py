"""The states of templates, and what a reply can mean and come to. Pure."""

import unicodedata
from enum import StrEnum

from notifications.states import Kind


class Vendor(StrEnum):
    """The clouds that take templates they have approved, and nothing else."""

    ALIYUN = "aliyun"
    TENCENT = "tencent"


class TemplateState(StrEnum):
    """Where a template stands with its vendor."""

    DRAFT = "draft"
    SUBMITTED = "submitted"
    APPROVED = "approved"
    REJECTED = "rejected"


class TemplateAction(StrEnum):
    """What the administrator notes of a template."""

    SUBMIT = "submit"
    APPROVE = "approve"
    REJECT = "reject"
    WITHDRAW = "withdraw"


MOVES: dict[TemplateAction, tuple[set[TemplateState], TemplateState]] = {
    TemplateAction.SUBMIT: (
        {TemplateState.DRAFT, TemplateState.REJECTED},
        TemplateState.SUBMITTED,
    ),
    TemplateAction.APPROVE: ({TemplateState.SUBMITTED}, TemplateState.APPROVED),
    TemplateAction.REJECT: (
        {TemplateState.SUBMITTED, TemplateState.APPROVED},
        TemplateState.REJECTED,
    ),
    TemplateAction.WITHDRAW: (
        {TemplateState.SUBMITTED, TemplateState.APPROVED},
        TemplateState.DRAFT,
    ),
}
"""For each action: from which states, to which one. Any other pair is refused."""

EDITABLE = frozenset({TemplateState.DRAFT, TemplateState.REJECTED})
"""States in which a template's words may change: what was approved is what the vendor approved."""

_OF_PAPERS = ("headline", "issuer", "title")
_OF_DIGESTS = (
    *("total", "to_acknowledge", "to_relay", "new", "ended", "passed_over", "due"),
    *("tasks_new", "tasks_overdue", "tasks_passed", "tasks_passed_below", "task_answers"),
    *("questions", "answers", "searched"),
    *("followed", "offers", "offers_decided", "to_sign", "to_review", "noted_remarks"),
    "lost_readers",
)
_LINKS = (Kind.INVITATION, Kind.CONFIRMATION)
NEEDED: tuple[Kind, ...] = tuple(kind for kind in Kind if kind not in _LINKS)
"""Kinds that need an approved template; the others are a link, which no cloud takes."""


def names(kind: Kind) -> tuple[str, ...]:
    """The gaps that a template of ``kind`` may have."""
    if kind == Kind.DIGEST:
        return _OF_DIGESTS
    if kind in _LINKS:
        return ("link",)
    return ("code",) if kind == Kind.CODE else _OF_PAPERS


class Meaning(StrEnum):
    """What a reply says."""

    YES = "yes"
    STOP = "stop"
    BEGIN = "begin"
    ELSE = "else"


class Became(StrEnum):
    """What a reply came to."""

    ACKNOWLEDGED = "acknowledged"
    STOPPED = "stopped"
    BEGUN = "begun"  # text messages that were stopped come again
    PASSED = "passed"  # to the duty seat
    STRANGER = "stranger"  # the number is nobody's


_STOPS = frozenset({"TD", "T", "退订", "R", "拒收"})
_BEGINS = frozenset({"DY", "订阅"})


def meaning(text: str) -> Meaning:
    """What a reply says: ``1``, and the words that stop or begin, count only standing alone."""
    said = unicodedata.normalize("NFKC", text).strip(" \t\r\n。.，,！!\"'“”").upper()
    if said == "1":
        return Meaning.YES
    if said in _BEGINS:
        return Meaning.BEGIN
    return Meaning.STOP if said in _STOPS else Meaning.ELSE
