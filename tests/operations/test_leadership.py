"""Over hosts: a leader whose process or session ends is followed by another, at once."""

from contextlib import ExitStack

import pytest

from config.settings import Settings
from parts.postgresql import PostgreSQL
from parts.processes import Process, wait_until
from tests.operations.test_worker import worker

BEGAN = '"leader_began"'


def times(process: Process, said: str) -> int:
    return process.output().count(said)


def test_a_cut_session_ends_a_leadership_at_once_and_a_killed_process_too(
    prepared: Settings, request: pytest.FixtureRequest
) -> None:
    if prepared.is_sqlite:  # one host, and a lock on a file: test_worker has that
        return
    server: PostgreSQL = request.getfixturevalue("postgresql")
    with ExitStack() as stack:
        two = [stack.enter_context(worker(prepared)) for _ in range(2)]
        wait_until(lambda: any(one.says(BEGAN) for one in two), 60, "a leader")
        leader = next(one for one in two if one.says(BEGAN))
        before = sum(times(one, BEGAN) for one in two)
        server.end_lock_sessions()
        wait_until(lambda: leader.says('"leadership_lost"'), 5, "the leader noticing")
        wait_until(lambda: sum(times(one, BEGAN) for one in two) > before, 10, "a leader again")
        leading = [one for one in two if times(one, BEGAN) > times(one, '"leader_ended"')]
        assert len(leading) == 1
        leading[0].kill()
        last = two[1 - two.index(leading[0])]
        told = times(last, BEGAN)
        wait_until(lambda: times(last, BEGAN) > told, 10, "the other leading")
