"""What a question is and how it ends, as a table."""

from enum import StrEnum

from agencies.permissions import WORKING_SEATS
from agencies.states import SeatKind


class QuestionKind(StrEnum):
    """Whether somebody wants to know something, or has something to say."""

    QUESTION = "question"
    REMARK = "remark"


class QuestionState(StrEnum):
    ASKED = "asked"
    ANSWERED = "answered"
    NOTED = "noted"
    WITHDRAWN = "withdrawn"


class QuestionAction(StrEnum):
    ANSWER = "answer"
    NOTE = "note"
    WITHDRAW = "withdraw"


MOVES: dict[tuple[QuestionState, QuestionAction], QuestionState] = {
    (QuestionState.ASKED, QuestionAction.ANSWER): QuestionState.ANSWERED,
    (QuestionState.ASKED, QuestionAction.NOTE): QuestionState.NOTED,
    (QuestionState.ASKED, QuestionAction.WITHDRAW): QuestionState.WITHDRAWN,
}

ACTORS: dict[QuestionAction, frozenset[SeatKind]] = {
    QuestionAction.ANSWER: frozenset({SeatKind.CLERK, SeatKind.APPROVER}),
    QuestionAction.NOTE: frozenset({SeatKind.CLERK, SeatKind.APPROVER}),
    QuestionAction.WITHDRAW: WORKING_SEATS,
}
"""The seats that may: of the issuer to answer or note, of the asker to withdraw."""


def ends(kind: str, action: QuestionAction) -> bool:
    """Whether that can end what was said: a question wants an answer, it is not only noted."""
    return action != QuestionAction.NOTE or kind == QuestionKind.REMARK


def after(state: str, action: QuestionAction) -> QuestionState | None:
    """The state that ``action`` leads to; None where it can't be taken in ``state``."""
    return MOVES.get((QuestionState(state), action))
