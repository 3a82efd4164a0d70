"""Putting a backup back: all of it in one transaction, or nothing; then what folders do after."""

import secrets
import shutil
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path

import structlog
from flask import current_app
from sqlalchemy import Connection, String, Table, delete, func, insert, inspect, select, text
from sqlalchemy.orm import Mapped, mapped_column

from config import clock, journal, migrating, schema
from config.archive import Archive, opened
from config.backup import Manifest, tables_of
from config.console import Refused
from config.database import Base, Key, db, end_reading, writing
from config.leading import leadership
from config.settings import Settings

Hook = Callable[[], str | None]
"""What a folder does after a restore; what it gives back is told to the operator."""

log = structlog.get_logger(__name__)


class Restore(Base):
    """That this database came out of a backup, and whether what follows from it has been done."""

    __tablename__ = "restores"

    id: Mapped[Key]
    at: Mapped[datetime]
    backup_made_at: Mapped[datetime]
    files: Mapped[str] = mapped_column(String(64))
    finished_at: Mapped[datetime | None]


def restore(path: Path, settings: Settings, *, force: bool = False) -> tuple[Manifest, list[str]]:
    """Replace database and kept files by the backup in ``path``; returns what the folders say.

    Raises Refused, with nothing changed, where the backup is damaged, the worker runs, or the
    database has rows and ``force`` is not given.
    """
    end_reading()
    with opened(path) as archive, _without_worker(settings):
        folder = settings.data_dir / f"restoring-{secrets.token_hex(8)}"
        try:
            archive.unpack(folder)
            with db.engine.connect() as connection:
                _replace(connection, archive, folder.name, force)
        except BaseException:
            shutil.rmtree(folder, ignore_errors=True)
            raise
        return archive.manifest, finish()


@contextmanager
def _without_worker(settings: Settings) -> Iterator[None]:
    leading = leadership(settings)
    if not leading.take():
        raise Refused("the worker is running: stop worker and web first")
    try:
        yield
    finally:
        leading.release()


def _replace(connection: Connection, archive: Archive, files: str, force: bool) -> None:
    """Everything in the database by what the backup holds, brought up to this code's schema."""
    manifest = archive.manifest
    if not migrating.knows(manifest.revision):
        raise Refused(f"the backup is of revision {manifest.revision}, which is newer than this")
    if not force and _has_rows(connection):
        raise Refused("the database is not empty: --force replaces all that is in it")
    connection.rollback()
    with migrating.unchecked(connection):
        _drop_everything(connection)
        migrating.upgrade(connection, manifest.revision)
        tables = {table.name: table for table in tables_of(connection)}
        _fill(connection, archive, tables)
        migrating.upgrade(connection)
        connection.execute(
            insert(Restore).values(
                at=clock.now(), backup_made_at=manifest.made_at, files=files, finished_at=None
            )
        )


def _has_rows(connection: Connection) -> bool:
    return any(
        connection.execute(select(1).select_from(t).limit(1)).first()
        for t in tables_of(connection)
        if t.name not in schema.SEEDED
    )


def _drop_everything(connection: Connection) -> None:
    cascade = "" if connection.dialect.name == "sqlite" else " CASCADE"
    quoted = connection.dialect.identifier_preparer.quote
    for name in inspect(connection).get_table_names():
        connection.exec_driver_sql(f"DROP TABLE IF EXISTS {quoted(name)}{cascade}")


def _fill(connection: Connection, archive: Archive, tables: dict[str, Table]) -> None:
    """Load every table, whatever refers to what; PostgreSQL checks as references are put back."""
    if set(archive.manifest.tables) != set(tables):
        raise Refused("the backup has other tables than its revision; nothing was changed")
    references = _dropped_references(connection)
    for name in schema.SEEDED & set(tables):
        connection.execute(delete(tables[name]))
    for name, part in archive.manifest.tables.items():
        try:
            loaded = _load(connection, archive, tables[name])
        except (ValueError, TypeError, LookupError) as error:
            raise Refused(f"{name}: its rows fit no table; nothing was changed") from error
        if loaded != part.rows:
            raise Refused(f"{name}: {loaded} rows instead of {part.rows}; nothing was changed")
        _move_sequence(connection, tables[name])
    for table, name, definition in references:
        connection.exec_driver_sql(f"ALTER TABLE {table} ADD CONSTRAINT {name} {definition}")


def _load(connection: Connection, archive: Archive, table: Table) -> int:
    loaded = 0
    for rows in archive.rows(table):
        connection.execute(insert(table), rows)
        loaded += len(rows)
    return loaded


def _dropped_references(connection: Connection) -> Sequence[tuple[str, str, str]]:
    """PostgreSQL's foreign keys, dropped, as table, name and definition."""
    if connection.dialect.name == "sqlite":
        return []
    found = connection.exec_driver_sql(
        "SELECT conrelid::regclass::text, quote_ident(conname), pg_get_constraintdef(oid)"
        " FROM pg_constraint WHERE contype = 'f' AND connamespace = current_schema()::regnamespace"
    ).all()
    for table, name, _definition in found:
        connection.exec_driver_sql(f"ALTER TABLE {table} DROP CONSTRAINT {name}")
    return [(table, name, definition) for table, name, definition in found]


def _move_sequence(connection: Connection, table: Table) -> None:
    """Let PostgreSQL go on counting behind the highest key that was loaded."""
    key = [column for column in table.primary_key.columns if column.type.python_type is int]
    if connection.dialect.name == "sqlite" or len(key) != 1:
        return
    sequence = connection.scalar(
        text("SELECT pg_get_serial_sequence(:table, :key)"),
        {"table": f'"{table.name}"', "key": key[0].name},
    )
    highest = connection.scalar(select(func.max(key[0])))
    if sequence and highest:
        connection.execute(select(func.setval(sequence, highest)))


def hooks() -> Sequence[Hook]:
    """What the folders do after a restore, as the app joined it."""
    joined: Sequence[Hook] = current_app.extensions["restored"]
    return joined


def finish() -> list[str]:
    """Do what follows a restore if that is still to be done; the worker asks before it begins.

    Puts the files in place, lets every folder do its part (deliveries must wait, or everybody gets
    last week's digest again), and keeps it in the journal. Returns what the folders say of it.
    """
    waiting = db.session.scalars(select(Restore).where(Restore.finished_at.is_(None))).all()
    said: list[str] = []
    for row in waiting:
        number = row.id
        _put_in_place(Path(current_app.config["DATA_DIR"]), row.files)
        said += [line for hook in hooks() if (line := hook())]
        with writing():
            journal.record("backup.restored", subject=("restore", number))
            db.session.get_one(Restore, number).finished_at = clock.now()
        log.warning("restore_finished", restore=number)
    db.session.rollback()
    return said


def _put_in_place(data_dir: Path, name: str) -> None:
    """Move the unpacked files to where they belong; what was there is kept beside them."""
    folder = data_dir / name
    if not folder.is_dir():
        return
    for path in folder.iterdir():
        there = data_dir / path.name
        if there.exists():
            kept = data_dir / f"replaced-{name.removeprefix('restoring-')}"
            kept.mkdir(mode=0o700, exist_ok=True)
            there.rename(kept / path.name)
        path.rename(there)
    folder.rmdir()
