"""The table of an assignment's states, every pair of state and action."""

import pytest

from coordination.permissions import rule_for
from coordination.states import MOVES, OPEN, OVER, TODO, Action, Move, Side, State, move, offered

ASSIGNEE, ISSUER = Side.ASSIGNEE, Side.ISSUER

TABLE: dict[State, dict[Action, tuple[State, Side]]] = {
    State.ASSIGNED: {
        Action.ACCEPT: (State.ACCEPTED, ASSIGNEE),
        Action.CANCEL: (State.CANCELLED, ISSUER),
    },
    State.ACCEPTED: {
        Action.REPORT: (State.ACCEPTED, ASSIGNEE),
        Action.SUBMIT: (State.SUBMITTED, ASSIGNEE),
        Action.CANCEL: (State.CANCELLED, ISSUER),
    },
    State.SUBMITTED: {
        Action.SEND_BACK: (State.SENT_BACK, ISSUER),
        Action.CLOSE: (State.CLOSED, ISSUER),
        Action.CANCEL: (State.CANCELLED, ISSUER),
    },
    State.SENT_BACK: {
        Action.REPORT: (State.SENT_BACK, ASSIGNEE),
        Action.SUBMIT: (State.SUBMITTED, ASSIGNEE),
        Action.CANCEL: (State.CANCELLED, ISSUER),
    },
    State.CLOSED: {},
    State.CANCELLED: {},
}


@pytest.mark.parametrize("state", State)
@pytest.mark.parametrize("action", Action)
def test_every_pair(state: State, action: Action) -> None:
    wanted = TABLE[state].get(action)
    assert move(state, action) == (Move(*wanted) if wanted else None)
    for side in Side:
        assert (action in offered(state, side)) == (wanted is not None and wanted[1] == side)


def test_the_side_of_a_step_agrees_with_its_permission() -> None:
    rules = {Side.ASSIGNEE: "assignment.answer", Side.ISSUER: "assignment.judge"}
    for (_, action), made in MOVES.items():
        if action is not Action.CANCEL:  # a whole task is cancelled, by a rule of its own
            assert rule_for(action) == rules[made.by]


def test_a_state_is_to_do_submitted_or_over() -> None:
    assert TODO < OPEN
    assert {State.SUBMITTED} == OPEN - TODO
    assert set(State) == OPEN | OVER
    assert not OPEN & OVER


def test_what_is_over_stays_over() -> None:
    assert not [pair for pair in MOVES if pair[0] in OVER]
