"""PostgreSQL serves, copies databases, breaks connections and keeps what it should."""

from collections.abc import Iterator

import pytest
from sqlalchemy import create_engine, text
from sqlalchemy.exc import OperationalError

from parts.postgresql import PostgreSQL


@pytest.fixture(scope="module")
def server() -> Iterator[PostgreSQL]:
    with PostgreSQL() as server:
        yield server


def ask(url: str, statement: str) -> list[object]:
    """Run one statement over a connection of its own and return the first column."""
    engine = create_engine(url, connect_args={"connect_timeout": 5})
    try:
        with engine.begin() as connection:
            result = connection.execute(text(statement))
            return list(result.scalars()) if result.returns_rows else []
    finally:
        engine.dispose()


def test_a_database_is_copied_from_its_template(server: PostgreSQL) -> None:
    original = server.create_database("original")
    ask(original, "CREATE TABLE names AS SELECT '定州市' AS name")
    copy = server.create_database("copy", template="original")
    assert ask(copy, "SELECT name FROM names") == ["定州市"]
    ask(copy, "DELETE FROM names")
    assert ask(original, "SELECT name FROM names") == ["定州市"]


def test_a_database_is_dropped_under_its_users(server: PostgreSQL) -> None:
    engine = create_engine(server.create_database("used"))
    with engine.connect() as connection:
        connection.execute(text("SELECT 1"))
        server.drop_database("used")
        with pytest.raises(OperationalError):
            connection.execute(text("SELECT 1"))
    engine.dispose()
    server.drop_database("used")
    assert ask(server.url("postgres"), "SELECT 1 FROM pg_database WHERE datname = 'used'") == []


def test_connections_can_be_broken(server: PostgreSQL) -> None:
    engine = create_engine(server.create_database("broken"))
    with engine.connect() as connection:
        connection.execute(text("SELECT 1"))
        server.disconnect("broken")
        with pytest.raises(OperationalError):
            connection.execute(text("SELECT 1"))
    engine.dispose()


def test_it_comes_back_with_its_data_even_when_killed() -> None:
    with PostgreSQL(durable=True) as server:
        url = server.create_database("kept")
        ask(url, "CREATE TABLE names AS SELECT '辛集市' AS name")
        server.kill()
        with pytest.raises(OperationalError):
            ask(url, "SELECT name FROM names")
        server.start()
        assert ask(url, "SELECT name FROM names") == ["辛集市"]
        server.stop()
        server.start()
        assert ask(url, "SELECT name FROM names") == ["辛集市"]


def test_a_database_is_emptied_and_counts_anew(server: PostgreSQL) -> None:
    url = server.create_database("filled")
    ask(url, "CREATE TABLE upper (id bigserial PRIMARY KEY)")
    ask(url, "CREATE TABLE lower (id bigserial PRIMARY KEY, upper_id bigint REFERENCES upper)")
    ask(url, "CREATE TABLE kept AS SELECT 7 AS version")
    ask(url, "INSERT INTO upper DEFAULT VALUES")
    ask(url, "INSERT INTO lower (upper_id) VALUES (1)")
    shape = server.empty("filled", keep=["kept"])
    assert ask(url, "SELECT count(*) FROM lower") == [0]
    assert ask(url, "INSERT INTO upper DEFAULT VALUES RETURNING id") == [1]
    assert ask(url, "SELECT version FROM kept") == [7]
    ask(url, "ALTER TABLE lower ADD COLUMN name text")
    assert server.empty("filled", keep=["kept"]) != shape
