"""Every pair of state and action, before and after something was published, and every seat."""

import pytest

from agencies.states import SeatKind
from bulletins.states import ACTORS, MOVES, Action, State, after, relay_after

NEW = {
    "draft": {
        "edit": "draft",
        "review": "review",
        "submit": "submitted",
        "discard": "discarded",
    },
    "review": {"agree": "review", "pass": "submitted", "object": "returned", "withdraw": "draft"},
    "submitted": {"withdraw": "draft", "return": "returned", "sign": "signed"},
    "returned": {
        "edit": "returned",
        "review": "review",
        "submit": "submitted",
        "discard": "discarded",
    },
    "signed": {"publish": "published", "cancel": "returned"},
    "published": {"correct": "draft", "repeal": "repealed"},
    "repealed": {},
    "void": {},
    "discarded": {},
}
"""A paper of which readers have seen nothing yet."""

DISCARDING = {"draft", "returned"}
VOIDABLE = {"draft", "review", "submitted", "returned", "signed", "published", "repealed"}


def _with_something_published(state: str) -> dict[str, str]:
    """A correction is abandoned instead of discarded; what readers have seen can become void."""
    moves = {action: to for action, to in NEW[state].items() if action != "discard"}
    if state in DISCARDING:
        moves["abandon"] = "published"
    if state in VOIDABLE:
        moves["void"] = "void"
    return moves


@pytest.mark.parametrize("state", State)
@pytest.mark.parametrize("action", Action)
def test_each_pair_of_state_and_action(state: State, action: Action) -> None:
    assert after(state, action) == NEW[state].get(action)
    for version in (1, 7):
        assert after(state, action, version) == _with_something_published(state).get(action)


RELAYS = {
    "draft": {"edit": "draft", "submit": "submitted", "discard": "discarded"},
    "submitted": {"withdraw": "draft", "return": "returned", "sign": "published"},
    "returned": {"edit": "returned", "submit": "submitted", "discard": "discarded"},
}


@pytest.mark.parametrize("state", State)
@pytest.mark.parametrize("action", Action)
def test_each_pair_of_a_relays_state_and_action(state: State, action: Action) -> None:
    assert relay_after(state, action) == RELAYS.get(state, {}).get(action)


def test_every_action_is_taken_by_fitting_seats_and_drafting_is_not_signing() -> None:
    clerk, approver = {SeatKind.CLERK}, {SeatKind.APPROVER}
    reviewers = {SeatKind.CLERK, SeatKind.APPROVER, SeatKind.LIAISON, SeatKind.DUTY}
    assert {
        Action.EDIT: clerk,
        Action.REVIEW: clerk,
        Action.SUBMIT: clerk,
        Action.WITHDRAW: clerk,
        Action.DISCARD: clerk,
        Action.CORRECT: clerk,
        Action.ABANDON: clerk,
        Action.AGREE: reviewers,
        Action.PASS: reviewers,
        Action.OBJECT: reviewers,
        Action.RETURN: approver,
        Action.SIGN: approver,
        Action.CANCEL: approver,
        Action.PUBLISH: approver,
        Action.REPEAL: approver,
        Action.VOID: approver,
    } == ACTORS
    assert {action for _state, action in MOVES} == set(Action)
