"""One house on each engine for all tests of this folder, put back after each of them."""

import shutil
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import time_machine

from parts.postgresql import PostgreSQL
from tests.conftest import ENGINES, make_settings
from tests.security.house import House, built

BUILT_AT = datetime(2026, 3, 2, 2, 0, tzinfo=UTC)
TESTED_AT = BUILT_AT + timedelta(minutes=5)
"""A Monday morning: the house is built, and soon after it every test of this folder begins."""


@pytest.fixture(scope="session")
def sqlite_house(
    sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[House]:
    """The house over SQLite."""
    settings = make_settings(tmp_path_factory.mktemp("house"), log_level="ERROR")
    shutil.copy(sqlite_template, settings.data_dir / "changtong.sqlite3")
    with time_machine.travel(BUILT_AT):
        house = built(settings)
    yield house
    house.keeper.close()


@pytest.fixture(scope="session")
def postgresql_house(
    postgresql: PostgreSQL, postgresql_template: str, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[House]:
    """The house over PostgreSQL."""
    url = postgresql.create_database("house", template=postgresql_template)
    settings = make_settings(tmp_path_factory.mktemp("house"), url, log_level="ERROR")
    with time_machine.travel(BUILT_AT):
        house = built(settings, postgresql)
    yield house
    house.keeper.close()


@pytest.fixture(params=ENGINES)
def house(request: pytest.FixtureRequest) -> Iterator[House]:
    """The house on each engine in turn, as it was made."""
    one: House = request.getfixturevalue(f"{request.param}_house")
    one.keeper.restore()  # other tests write on the same server
    with time_machine.travel(TESTED_AT):
        yield one
    one.keeper.restore()


@pytest.fixture
def quick_house(sqlite_house: House) -> Iterator[House]:
    """The house on SQLite alone, for what has nothing to do with storage."""
    with time_machine.travel(TESTED_AT):
        yield sqlite_house
    sqlite_house.keeper.restore()
