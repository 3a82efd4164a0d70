"""A backup: every table in one snapshot, and the kept files, as one file that either engine reads.

It is a zip: a line of JSON per row under ``tables/``, the files under ``files/``, and a manifest
with the number of rows and a SHA-256 sum for each.
"""

import base64
import hashlib
import json
import os
from collections.abc import Iterator, Sequence
from contextlib import suppress
from datetime import UTC, date, datetime, time
from pathlib import Path
from typing import Any, BinaryIO
from zipfile import ZIP_DEFLATED, ZIP_STORED, ZipFile, ZipInfo

from pydantic import BaseModel
from sqlalchemy import Connection, MetaData, Table, select

from config import clock, schema
from config.console import NOT_UP_TO_DATE, Refused
from config.database import db
from config.settings import Settings

FORMAT = 1
MANIFEST = "manifest.json"
SECRET_KEY = "secret_key"
BATCH = 2000
_PACKED = 256 * 1024


class TablePart(BaseModel):
    """What the backup holds of one table."""

    columns: list[str]
    rows: int
    sha256: str


class FilePart(BaseModel):
    """What the backup holds of one file."""

    size: int
    sha256: str


class Manifest(BaseModel):
    """What a backup says of itself."""

    format: int
    made_at: datetime
    revision: str
    engine: str
    tables: dict[str, TablePart]
    files: dict[str, FilePart]

    @property
    def rows(self) -> int:
        """How many rows there are in all."""
        return sum(part.rows for part in self.tables.values())


def write(
    path: Path, settings: Settings, kept: Sequence[str], *, with_secret_key: bool = False
) -> Manifest:
    """Back up the database and the ``kept`` files and folders of the data folder, while running.

    ``kept`` names first what must not be ahead of the database: it is read before the snapshot,
    the others after it. Raises Refused where ``path`` exists or the schema isn't up to date.
    """
    if path.exists():
        raise Refused(f"{path}: is there already; a backup never overwrites anything")
    part = path.with_name(path.name + ".part")
    part.unlink(missing_ok=True)
    handle = os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        with os.fdopen(handle, "wb") as file:
            manifest = _fill(file, settings, kept, with_secret_key)
            file.flush()
            os.fsync(file.fileno())
        part.rename(path)
    finally:
        part.unlink(missing_ok=True)
    return manifest


def _fill(
    file: BinaryIO, settings: Settings, kept: Sequence[str], with_secret_key: bool
) -> Manifest:
    with ZipFile(file, "w", ZIP_DEFLATED, compresslevel=6) as archive:
        files = dict(_add_files(archive, settings.data_dir, kept[:1]))
        with snapshot() as connection:
            revision = schema.current(connection)
            if revision is None or revision != schema.head():
                raise Refused(NOT_UP_TO_DATE)
            tables = {t.name: _add_table(archive, connection, t) for t in tables_of(connection)}
            engine = connection.dialect.name
        files |= dict(_add_files(archive, settings.data_dir, kept[1:]))
        if with_secret_key:
            key = settings.secret_key.get_secret_value().encode()
            files[SECRET_KEY] = _add_file(archive, SECRET_KEY, key)
        manifest = Manifest(
            format=FORMAT,
            made_at=clock.now(),
            revision=revision,
            engine=engine,
            tables=tables,
            files=files,
        )
        archive.writestr(MANIFEST, manifest.model_dump_json(indent=1))
    return manifest


def snapshot() -> Connection:
    """A connection to one unmoving state of the database, for reading."""
    if db.engine.dialect.name == "sqlite":
        return db.engine.connect()
    return db.engine.connect().execution_options(
        isolation_level="REPEATABLE READ", postgresql_readonly=True
    )


def tables_of(connection: Connection) -> list[Table]:
    """The tables as they stand in the database, whatever revision that is, by name.

    Without those of a full-text index, which is made anew from the others.
    """
    found = MetaData()
    found.reflect(connection, only=lambda name, _: schema.is_kept(name))
    return [found.tables[name] for name in sorted(found.tables) if name != "alembic_version"]


def _add_table(archive: ZipFile, connection: Connection, table: Table) -> TablePart:
    rows, digest = 0, hashlib.sha256()
    with archive.open(f"tables/{table.name}.jsonl", "w", force_zip64=True) as member:
        for batch in _batches(connection, table):
            data = "".join(batch).encode()
            digest.update(data)
            member.write(data)
            rows += len(batch)
    columns = [column.name for column in table.columns]
    return TablePart(columns=columns, rows=rows, sha256=digest.hexdigest())


def _batches(connection: Connection, table: Table) -> Iterator[list[str]]:
    """A table's rows as lines of JSON, in the order of its key so that equal tables sum equal."""
    query = select(table).order_by(*table.primary_key.columns)
    with connection.execute(query, execution_options={"yield_per": BATCH}) as result:
        for partition in result.partitions():
            yield [encoded(row) for row in partition]


def encoded(row: Sequence[Any]) -> str:
    """One row as a line of JSON; moments are UTC with their offset, bytes are base64."""
    return json.dumps([_plain(value) for value in row], ensure_ascii=False) + "\n"


def _plain(value: Any) -> Any:
    if isinstance(value, datetime):
        moment = value if value.tzinfo else value.replace(tzinfo=UTC)
        return moment.astimezone(UTC).isoformat(timespec="microseconds")
    if isinstance(value, date | time):
        return value.isoformat()
    if isinstance(value, bytes | memoryview):
        return base64.b64encode(value).decode()
    return value


def _add_files(
    archive: ZipFile, data_dir: Path, names: Sequence[str]
) -> Iterator[tuple[str, FilePart]]:
    for name in names:
        root = data_dir / name
        for path in [root] if root.is_file() else sorted(root.rglob("*")):
            with suppress(FileNotFoundError):  # removed since it was listed
                if path.is_file():
                    relative = path.relative_to(data_dir).as_posix()
                    yield relative, _copy_file(archive, relative, path)


def _copy_file(archive: ZipFile, name: str, path: Path) -> FilePart:
    """A file of any size; large ones are mostly packed already, and are kept as they are."""
    member = ZipInfo.from_file(path, f"files/{name}", strict_timestamps=False)
    member.compress_type = ZIP_STORED if member.file_size > _PACKED else ZIP_DEFLATED
    digest, size = hashlib.sha256(), 0
    with path.open("rb") as file, archive.open(member, "w") as packed:
        while piece := file.read(1024 * 1024):
            digest.update(piece)
            packed.write(piece)
            size += len(piece)
    return FilePart(size=size, sha256=digest.hexdigest())


def _add_file(archive: ZipFile, name: str, content: bytes) -> FilePart:
    archive.writestr(f"files/{name}", content)
    return FilePart(size=len(content), sha256=hashlib.sha256(content).hexdigest())
