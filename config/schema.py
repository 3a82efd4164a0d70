"""The database's schema: where it stands, where it should, and bringing it there safely."""

import fcntl
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, create_engine, text
from sqlalchemy.pool import NullPool

from config.console import Refused
from config.database import db, engine_options
from config.settings import Settings

FOLDER = Path(__file__).parents[1] / "migrations"
MIGRATION_LOCK = 7_246_003


class BrokenReferences(Refused):
    """A change would have left rows that refer to nothing; it was undone."""


SEEDED = frozenset({"tags"})
"""Tables that migrations fill: a database with rows in them alone is an empty one."""


def alembic_config() -> Config:
    """What Alembic is told of our migrations."""
    config = Config(FOLDER / "alembic.ini")
    config.set_main_option("script_location", str(FOLDER).replace("%", "%%"))
    return config


def is_kept(table: str) -> bool:
    """Whether a table holds something of its own, and not the index of a full-text search.

    An index is each engine's own affair: no model maps it, no backup keeps it.
    """
    return not table.startswith("fts_")


def included(name: str | None, kind: str, _parents: object) -> bool:
    """What Alembic compares with the models."""
    return kind != "table" or is_kept(name or "")


@cache
def head() -> str | None:
    """The revision that this code wants; None before the first migration is written."""
    return ScriptDirectory.from_config(alembic_config()).get_current_head()


def knows(revision: str) -> bool:
    """Whether this code can lead up from ``revision``."""
    scripts = ScriptDirectory.from_config(alembic_config()).walk_revisions()
    return revision in {script.revision for script in scripts}


def current(connection: Connection) -> str | None:
    """The revision at which the database stands; None for one without tables."""
    return MigrationContext.configure(connection).get_current_revision()


@contextmanager
def unchecked(connection: Connection) -> Iterator[None]:
    """One write transaction at whose end, on SQLite, all references are checked at once.

    SQLite rebuilds a table to alter it; with foreign keys on, dropping the old one would empty
    the tables that refer to it, and the switch works outside of a transaction only. Raises
    BrokenReferences, with everything undone, where a row refers to nothing.
    """
    if connection.dialect.name != "sqlite":
        with connection.begin():
            # A forgotten transaction somewhere must not stop this one, and all behind it, for ever.
            connection.exec_driver_sql("SET LOCAL lock_timeout = '60s'")
            yield
        return
    connection.execution_options(sqlite_begin="IMMEDIATE")
    driver = connection.connection.dbapi_connection
    assert driver is not None
    driver.execute("PRAGMA foreign_keys=OFF")
    try:
        with connection.begin():
            yield
            broken = connection.exec_driver_sql("PRAGMA foreign_key_check").fetchmany(100)
            if broken:
                tables = ", ".join(sorted({row[0] for row in broken}))
                raise BrokenReferences(f"rows that refer to nothing in: {tables}")
    finally:
        driver.execute("PRAGMA foreign_keys=ON")
        connection.execution_options(sqlite_begin="DEFERRED")


def upgrade(connection: Connection, revision: str = "head") -> None:
    """Bring the schema to ``revision`` in the transaction in hand (see ``unchecked``)."""
    config = alembic_config()
    config.attributes["connection"] = connection
    command.upgrade(config, revision)


def bring_up_to_date() -> bool:
    """Migrate to the head; returns whether there was anything to do."""
    with db.engine.connect() as connection:
        before = current(connection)
        connection.rollback()
        with unchecked(connection):
            upgrade(connection)
    return before != head()


@contextmanager
def one_at_a_time(settings: Settings) -> Iterator[None]:
    """Let one process at a time prepare the database: of all hosts, or of this one for SQLite."""
    if settings.is_sqlite:
        with (settings.data_dir / "prepare.lock").open("w", encoding="ascii") as file:
            fcntl.flock(file, fcntl.LOCK_EX)
            yield
        return
    options = {k: v for k, v in engine_options(settings).items() if k == "connect_args"}
    engine = create_engine(
        settings.database_direct_url, poolclass=NullPool, isolation_level="AUTOCOMMIT", **options
    )
    with engine.connect() as connection:
        connection.execute(text("SELECT pg_advisory_lock(:number)"), {"number": MIGRATION_LOCK})
        yield
