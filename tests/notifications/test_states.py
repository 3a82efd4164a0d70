"""Every pair of state and action of a delivery."""

import pytest

from notifications.states import MOVES, Action, Party, State, after, sources, target

Q, C, L, S, D, F, U, H, X = (
    *(State.QUEUED, State.CLAIMED, State.CALLING, State.SENT, State.DELIVERED),
    *(State.FAILED, State.UNKNOWN, State.HELD, State.CLOSED),
)

# One line for each action, one column for each state in the order above; None changes nothing.
TABLE: dict[Action, tuple[State | None, ...]] = {
    Action.CLAIM: (C, None, None, None, None, None, None, None, None),
    Action.CALL: (None, L, None, None, None, None, None, None, None),
    Action.SPARE: (None, Q, Q, None, None, None, None, None, None),
    Action.REST: (None, Q, None, None, None, None, None, None, None),
    Action.ACCEPT: (None, None, S, None, None, None, None, None, None),
    Action.DEFER: (None, None, Q, None, None, None, None, None, None),
    Action.REFUSE: (None, F, F, None, None, None, None, None, None),
    Action.DROP: (None, X, None, None, None, None, None, None, None),
    Action.LOSE: (None, None, U, None, None, None, None, None, None),
    Action.REPEAT: (None, None, None, None, None, None, Q, None, None),
    Action.REPORT_ACCEPTED: (None, None, S, None, None, None, S, None, None),
    Action.REPORT_DELIVERED: (D, D, D, D, None, D, D, D, D),
    Action.REPORT_FAILED: (None, None, F, F, None, None, F, None, None),
    Action.RETRY: (None, None, None, None, None, Q, Q, None, Q),
    Action.CLOSE: (X, None, None, None, None, None, X, X, None),
    Action.HOLD: (H, H, H, None, None, None, H, None, None),
    Action.RELEASE: (None, None, None, None, None, None, None, Q, None),
}


def test_the_table_names_every_action_and_every_state() -> None:
    assert set(TABLE) == set(Action) == set(MOVES)
    assert all(len(row) == len(State) for row in TABLE.values())
    assert tuple(State) == (Q, C, L, S, D, F, U, H, X)


@pytest.mark.parametrize("action", Action)
@pytest.mark.parametrize("state", State)
def test_every_pair(state: State, action: Action) -> None:
    assert after(state, action) == TABLE[action][list(State).index(state)]


@pytest.mark.parametrize("action", Action)
def test_a_statement_knows_the_same(action: Action) -> None:
    leading = [state for state in State if after(state, action)]
    assert sources(action) == sorted(leading)
    assert {after(state, action) for state in leading} == {target(action)}


def test_what_has_arrived_stays_so() -> None:
    assert [action for action in Action if after(State.DELIVERED, action)] == []


def test_only_a_report_takes_back_that_something_was_sent() -> None:
    moving = {action for action in Action if after(State.SENT, action)}
    assert {MOVES[action][0] for action in moving} == {Party.PROVIDER}


def test_only_the_operator_decides_on_what_failed_or_is_held() -> None:
    for state in (State.FAILED, State.HELD, State.CLOSED):
        moving = {action for action in Action if after(state, action)} - {Action.REPORT_DELIVERED}
        assert {MOVES[action][0] for action in moving} == {Party.OPERATOR}
