"""What becomes of a task and of each agency's part in it: pure tables, no database."""

from dataclasses import dataclass
from enum import StrEnum


class Part(StrEnum):
    """How an agency takes part in a task: it leads (牵头) or assists (协办)."""

    LEAD = "lead"
    ASSISTING = "assisting"


class TaskState(StrEnum):
    OPEN = "open"
    CLOSED = "closed"
    CANCELLED = "cancelled"


class State(StrEnum):
    """Where one agency stands with its assignment. Overdue is no state: it follows from due_at."""

    ASSIGNED = "assigned"
    ACCEPTED = "accepted"
    SUBMITTED = "submitted"
    SENT_BACK = "sent_back"
    CLOSED = "closed"
    CANCELLED = "cancelled"


class Told(StrEnum):
    """What the journal has told of an assignment's deadline: each is told once a deadline."""

    NOTHING = "nothing"
    NEAR = "near"
    LATE = "late"


class Action(StrEnum):
    ACCEPT = "accept"
    REPORT = "report"
    SUBMIT = "submit"
    SEND_BACK = "send_back"
    CLOSE = "close"
    CANCEL = "cancel"


class Side(StrEnum):
    """Who acts: the agency that has the assignment, or the one that gave it."""

    ASSIGNEE = "assignee"
    ISSUER = "issuer"


@dataclass(frozen=True)
class Move:
    """What an action makes of a state, and which side may do it."""

    to: State
    by: Side


TODO = frozenset({State.ASSIGNED, State.ACCEPTED, State.SENT_BACK})
"""It is the assignee's turn."""
OPEN = TODO | {State.SUBMITTED}
"""Not over yet."""
OVER = frozenset(State) - OPEN

MOVES: dict[tuple[State, Action], Move] = {
    (State.ASSIGNED, Action.ACCEPT): Move(State.ACCEPTED, Side.ASSIGNEE),
    (State.ACCEPTED, Action.REPORT): Move(State.ACCEPTED, Side.ASSIGNEE),
    (State.ACCEPTED, Action.SUBMIT): Move(State.SUBMITTED, Side.ASSIGNEE),
    (State.SUBMITTED, Action.CLOSE): Move(State.CLOSED, Side.ISSUER),
    (State.SUBMITTED, Action.SEND_BACK): Move(State.SENT_BACK, Side.ISSUER),
    (State.SENT_BACK, Action.REPORT): Move(State.SENT_BACK, Side.ASSIGNEE),
    (State.SENT_BACK, Action.SUBMIT): Move(State.SUBMITTED, Side.ASSIGNEE),
    **{(state, Action.CANCEL): Move(State.CANCELLED, Side.ISSUER) for state in sorted(OPEN)},
}


def move(state: str, action: Action) -> Move | None:
    """What ``action`` makes of ``state``; None where it can't be done now."""
    return MOVES.get((State(state), action))


def offered(state: str, side: Side) -> frozenset[Action]:
    """The actions that one side can do now."""
    return frozenset(
        action for (at, action), made in MOVES.items() if at == state and made.by == side
    )
