"""Every pair of state and action, and every seat for every action."""

import pytest

from agencies.states import SeatKind
from bulletins.states import ACTORS, MOVES, Action, State, after

ALLOWED = {
    "draft": {"edit": "draft", "submit": "submitted", "discard": "discarded"},
    "submitted": {"withdraw": "draft", "return": "returned", "sign": "published"},
    "returned": {"edit": "returned", "submit": "submitted", "discard": "discarded"},
    "published": {},
    "discarded": {},
}


@pytest.mark.parametrize("state", State)
@pytest.mark.parametrize("action", Action)
def test_each_pair_of_state_and_action(state: State, action: Action) -> None:
    assert after(state, action) == ALLOWED[state].get(action)


def test_every_action_is_taken_by_one_kind_of_seat_and_drafting_is_not_signing() -> None:
    clerk, approver = {SeatKind.CLERK}, {SeatKind.APPROVER}
    assert {
        Action.EDIT: clerk,
        Action.SUBMIT: clerk,
        Action.WITHDRAW: clerk,
        Action.DISCARD: clerk,
        Action.RETURN: approver,
        Action.SIGN: approver,
    } == ACTORS
    assert {action for _state, action in MOVES} == set(Action)
