"""Killed again and again, the service loses nothing: the short form of ``make soak``."""

import pytest

from parts.postgresql import PostgreSQL
from soak.soak import soak
from tests.conftest import ENGINES

KILLS = 5
RECIPIENTS = 200


@pytest.mark.parametrize("engine", ENGINES)
def test_nothing_is_lost_however_web_and_worker_die(
    engine: str, request: pytest.FixtureRequest
) -> None:
    server: PostgreSQL | None = None
    if engine == "postgresql":
        server = request.getfixturevalue("postgresql")
    account = soak(engine, 20180504, KILLS, RECIPIENTS, server=server)
    assert account.faults == []
    assert account.counts["kills"] == KILLS
    assert account.counts["mails"] >= RECIPIENTS
    assert account.lost == 0
    assert account.doubled <= account.marked
