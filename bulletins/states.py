"""What a paper is, the states it goes through, and who may move it: pure tables."""

from enum import StrEnum

from agencies.states import SeatKind


class BulletinType(StrEnum):
    """The fifteen official types (文种) in the order of 条例 第八条, then the everyday ones."""

    RESOLUTION = "resolution"
    DECISION = "decision"
    ORDER = "order"
    COMMUNIQUE = "communique"
    ANNOUNCEMENT = "announcement"
    PROCLAMATION = "proclamation"
    OPINION = "opinion"
    NOTICE = "notice"
    BULLETIN = "bulletin"
    REPORT = "report"
    REQUEST = "request"
    REPLY = "reply"
    MOTION = "motion"
    LETTER = "letter"
    MINUTES = "minutes"
    INFORMATION = "information"
    CASE = "case"
    EXPERIENCE = "experience"
    TRAINING = "training"
    INTERPRETATION = "interpretation"


class TagKind(StrEnum):
    """What a paper is about, or whom it concerns."""

    TOPIC = "topic"
    SECTOR = "sector"


class Urgency(StrEnum):
    """How quickly a paper wants to be dealt with."""

    NORMAL = "normal"
    URGENT = "urgent"
    FLASH = "flash"


class Layout(StrEnum):
    """Layouts between which the drafter of some types may choose: 文件格式, 信函格式."""

    DOCUMENT = "document"
    LETTER = "letter"


class Part(StrEnum):
    """Whether an agency is addressed or copied, or taken out again."""

    TO = "to"
    CC = "cc"
    EXCEPT = "except"


class RuleKind(StrEnum):
    """What an audience rule names: one agency, or an agency with all below it."""

    AGENCY = "agency"
    SUBTREE = "subtree"


class OwnerKind(StrEnum):
    """What an attachment is part of."""

    BULLETIN = "bulletin"
    RELAY = "relay"
    QUESTION = "question"
    ANSWER = "answer"


class State(StrEnum):
    DRAFT = "draft"
    REVIEW = "review"
    SUBMITTED = "submitted"
    RETURNED = "returned"
    SIGNED = "signed"
    PUBLISHED = "published"
    REPEALED = "repealed"
    VOID = "void"
    DISCARDED = "discarded"


class Action(StrEnum):
    EDIT = "edit"
    REVIEW = "review"
    AGREE = "agree"
    PASS = "pass"
    OBJECT = "object"
    SUBMIT = "submit"
    WITHDRAW = "withdraw"
    RETURN = "return"
    SIGN = "sign"
    CANCEL = "cancel"
    PUBLISH = "publish"
    CORRECT = "correct"
    ABANDON = "abandon"
    REPEAL = "repeal"
    VOID = "void"
    DISCARD = "discard"


class Verdict(StrEnum):
    """What a reviewer says of a paper."""

    AGREED = "agreed"
    RETURNED = "returned"


class Waiting(StrEnum):
    """What somebody has not done yet with a paper."""

    UNOPENED = "unopened"
    UNACKNOWLEDGED = "unacknowledged"
    UNRELAYED = "unrelayed"


class Fact(StrEnum):
    """The facts of a receipt, in the order in which they follow each other."""

    SENT = "sent"
    DELIVERED = "delivered"
    OPENED = "opened"
    ACKNOWLEDGED = "acknowledged"
    RELAYED = "relayed"
    ACTED = "acted"


OPEN = (State.DRAFT, State.REVIEW, State.SUBMITTED, State.RETURNED, State.SIGNED)
"""The states in which a paper, or its correction, is still on somebody's desk at its issuer."""

ENDED = (State.REPEALED, State.VOID)
"""The states of a paper that was published and holds no more."""

MOVES: dict[tuple[State, Action], State] = {
    (State.DRAFT, Action.EDIT): State.DRAFT,
    (State.DRAFT, Action.REVIEW): State.REVIEW,
    (State.DRAFT, Action.SUBMIT): State.SUBMITTED,
    (State.DRAFT, Action.DISCARD): State.DISCARDED,
    (State.DRAFT, Action.ABANDON): State.PUBLISHED,
    (State.DRAFT, Action.VOID): State.VOID,
    (State.REVIEW, Action.AGREE): State.REVIEW,
    (State.REVIEW, Action.PASS): State.SUBMITTED,
    (State.REVIEW, Action.OBJECT): State.RETURNED,
    (State.REVIEW, Action.WITHDRAW): State.DRAFT,
    (State.REVIEW, Action.VOID): State.VOID,
    (State.SUBMITTED, Action.WITHDRAW): State.DRAFT,
    (State.SUBMITTED, Action.RETURN): State.RETURNED,
    (State.SUBMITTED, Action.SIGN): State.SIGNED,
    (State.SUBMITTED, Action.VOID): State.VOID,
    (State.RETURNED, Action.EDIT): State.RETURNED,
    (State.RETURNED, Action.REVIEW): State.REVIEW,
    (State.RETURNED, Action.SUBMIT): State.SUBMITTED,
    (State.RETURNED, Action.DISCARD): State.DISCARDED,
    (State.RETURNED, Action.ABANDON): State.PUBLISHED,
    (State.RETURNED, Action.VOID): State.VOID,
    (State.SIGNED, Action.PUBLISH): State.PUBLISHED,
    (State.SIGNED, Action.CANCEL): State.RETURNED,
    (State.SIGNED, Action.VOID): State.VOID,
    (State.PUBLISHED, Action.CORRECT): State.DRAFT,
    (State.PUBLISHED, Action.REPEAL): State.REPEALED,
    (State.PUBLISHED, Action.VOID): State.VOID,
    (State.REPEALED, Action.VOID): State.VOID,
}
"""A correction goes the way of a draft, while readers keep seeing what was published before it."""

ONCE_PUBLISHED = frozenset({Action.ABANDON, Action.VOID})
"""Steps that need something published already."""

NEVER_PUBLISHED = frozenset({Action.DISCARD})
"""Steps that nothing published may take."""

_DRAFTERS = frozenset({SeatKind.CLERK})
_REVIEWERS = frozenset(SeatKind) - {SeatKind.READER}
_SIGNERS = frozenset({SeatKind.APPROVER})

ACTORS: dict[Action, frozenset[SeatKind]] = {
    Action.EDIT: _DRAFTERS,
    Action.REVIEW: _DRAFTERS,
    Action.SUBMIT: _DRAFTERS,
    Action.WITHDRAW: _DRAFTERS,
    Action.DISCARD: _DRAFTERS,
    Action.CORRECT: _DRAFTERS,
    Action.ABANDON: _DRAFTERS,
    Action.AGREE: _REVIEWERS,
    Action.PASS: _REVIEWERS,
    Action.OBJECT: _REVIEWERS,
    Action.RETURN: _SIGNERS,
    Action.SIGN: _SIGNERS,
    Action.CANCEL: _SIGNERS,
    Action.PUBLISH: _SIGNERS,
    Action.REPEAL: _SIGNERS,
    Action.VOID: _SIGNERS,
}
"""The seats of the issuer that may take each action: who drafts never signs from the same seat."""


def after(state: str, action: Action, version: int = 0) -> State | None:
    """The state that ``action`` leads to; None where it can't be taken in ``state``.

    ``version`` is the paper's last published one.
    """
    if (action in ONCE_PUBLISHED and not version) or (action in NEVER_PUBLISHED and version):
        return None
    return MOVES.get((State(state), action))


RELAY_MOVES: dict[tuple[State, Action], State] = {
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
"""A relay takes fewer steps than a paper; who may take each is the same."""

RELAY_ACTIONS = frozenset(action for _state, action in RELAY_MOVES)


def relay_after(state: str, action: Action) -> State | None:
    """The state of a relay that ``action`` leads to; None where it can't be taken in ``state``."""
    return RELAY_MOVES.get((State(state), action))
