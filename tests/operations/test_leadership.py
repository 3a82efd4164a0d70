"""Over hosts: a leader whose process or session ends is followed by another, at once."""

from collections.abc import Sequence
from contextlib import ExitStack

import pytest

from config.settings import Settings
from parts.postgresql import PostgreSQL
from parts.processes import Process, wait_until
from tests.operations.test_worker import worker

BEGAN = '"leader_began"'


def times(process: Process, said: str) -> int:
    return process.output().count(said)


def leading(workers: Sequence[Process]) -> list[Process]:
    """Those that began to lead and have not ended."""
    return [one for one in workers if times(one, BEGAN) > times(one, '"leader_ended"')]


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
        wait_until(lambda: len(leading(two)) == 1, 10, "one of them leading")
        [leads] = leading(two)
        leads.kill()
        last = two[1 - two.index(leads)]
        told = times(last, BEGAN)
        wait_until(lambda: times(last, BEGAN) > told, 10, "the other leading")
