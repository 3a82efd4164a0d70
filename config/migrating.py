"""Migrating: bringing the database's schema to where this code wants it, safely.

Alembic takes 11 MiB, so it is loaded where something is migrated, and not by web and worker.
"""

import fcntl
from collections.abc import Iterator
from contextlib import contextmanager
from importlib import import_module
from typing import Any

from flask import Flask
from sqlalchemy import Connection, create_engine, text
from sqlalchemy.pool import NullPool

from config import schema
from config.console import Refused
from config.database import db, engine_options
from config.settings import Settings

MIGRATION_LOCK = 7_246_003


class BrokenReferences(Refused):
    """A change would have left rows that refer to nothing; it was undone."""


def join(app: Flask) -> None:
    """Give the command line Flask-Migrate's group ``db``, with which new steps are written."""
    import_module("flask_migrate").Migrate(app, db, compare_type=True)


def alembic_config() -> Any:
    """What Alembic is told of our migrations."""
    config = import_module("alembic.config").Config(schema.FOLDER / "alembic.ini")
    config.set_main_option("script_location", str(schema.FOLDER).replace("%", "%%"))
    return config


def knows(revision: str) -> bool:
    """Whether this code can lead up from ``revision``."""
    directory = import_module("alembic.script").ScriptDirectory
    scripts = directory.from_config(alembic_config()).walk_revisions()
    return revision in {script.revision for script in scripts}


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
    """Bring the schema to ``revision`` in the transaction in hand (see ``unchecked``).

    Raises Refused where the database stands at a revision that this code does not know.
    """
    config = alembic_config()
    config.attributes["connection"] = connection
    try:
        import_module("alembic.command").upgrade(config, revision)
    except import_module("alembic.util").CommandError as error:
        raise Refused(str(error)) from error


def bring_up_to_date() -> bool:
    """Migrate to the head; returns whether there was anything to do.

    Raises Refused where a newer version has been at work on the database.
    """
    with db.engine.connect() as connection:
        before = schema.current(connection)
        connection.rollback()
        if before is not None and not knows(before):
            raise Refused(f"the database is of revision {before}, which is newer than this version")
        with unchecked(connection):
            upgrade(connection)
    return before != schema.head()


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
