"""What a paper is, the states it goes through, and who may move it: pure tables."""

from enum import StrEnum

from agencies.states import SeatKind


class BulletinType(StrEnum):
    NOTICE = "notice"
    BULLETIN = "bulletin"
    OPINION = "opinion"
    DECISION = "decision"
    LETTER = "letter"
    INFORMATION = "information"
    CASE = "case"
    EXPERIENCE = "experience"
    TRAINING = "training"
    INTERPRETATION = "interpretation"


class Urgency(StrEnum):
    """How quickly a paper wants to be dealt with."""

    NORMAL = "normal"
    URGENT = "urgent"
    FLASH = "flash"


class Part(StrEnum):
    """Whether an agency is addressed or copied, or taken out again."""

    TO = "to"
    CC = "cc"
    EXCEPT = "except"


class RuleKind(StrEnum):
    """What an audience rule names: one agency, or an agency with all below it."""

    AGENCY = "agency"
    SUBTREE = "subtree"


class State(StrEnum):
    DRAFT = "draft"
    SUBMITTED = "submitted"
    RETURNED = "returned"
    PUBLISHED = "published"
    DISCARDED = "discarded"


class Action(StrEnum):
    EDIT = "edit"
    SUBMIT = "submit"
    WITHDRAW = "withdraw"
    RETURN = "return"
    SIGN = "sign"
    DISCARD = "discard"


class Waiting(StrEnum):
    """What somebody has not done yet with a paper."""

    UNOPENED = "unopened"
    UNACKNOWLEDGED = "unacknowledged"


OPEN = (State.DRAFT, State.SUBMITTED, State.RETURNED)
"""The states in which a paper is still on somebody's desk at its issuer."""

MOVES: dict[tuple[State, Action], State] = {
    (State.DRAFT, Action.EDIT): State.DRAFT,
    (State.DRAFT, Action.SUBMIT): State.SUBMITTED,
    (State.DRAFT, Action.DISCARD): State.DISCARDED,
    (State.SUBMITTED, Action.WITHDRAW): State.DRAFT,
    (State.SUBMITTED, Action.RETURN): State.RETURNED,
    (State.SUBMITTED, Action.SIGN): State.PUBLISHED,
    (State.RETURNED, Action.EDIT): State.RETURNED,
    (State.RETURNED, Action.SUBMIT): State.SUBMITTED,
    (State.RETURNED, Action.DISCARD): State.DISCARDED,
}

_DRAFTERS = frozenset({SeatKind.CLERK})
_SIGNERS = frozenset({SeatKind.APPROVER})

ACTORS: dict[Action, frozenset[SeatKind]] = {
    Action.EDIT: _DRAFTERS,
    Action.SUBMIT: _DRAFTERS,
    Action.WITHDRAW: _DRAFTERS,
    Action.DISCARD: _DRAFTERS,
    Action.RETURN: _SIGNERS,
    Action.SIGN: _SIGNERS,
}
"""The seats of the issuer that may take each action: who drafts never signs from the same seat."""


def after(state: str, action: Action) -> State | None:
    """The state that ``action`` leads to; None where it can't be taken in ``state``."""
    return MOVES.get((State(state), action))
