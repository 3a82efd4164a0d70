"""Reading a backup: opened only if every sum in it is right, then row by row."""

import base64
import hashlib
import json
import shutil
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date, datetime, time
from itertools import islice
from pathlib import Path, PurePosixPath
from typing import IO, Any
from zipfile import BadZipFile, ZipFile

from sqlalchemy import Table

from config.backup import BATCH, FORMAT, MANIFEST, Manifest
from config.console import Refused

_PARSERS: dict[type, Callable[[str], Any]] = {
    datetime: datetime.fromisoformat,
    date: date.fromisoformat,
    time: time.fromisoformat,
    bytes: base64.b64decode,
}


class Archive:
    """A backup whose every part was found to be as it was written."""

    def __init__(self, archive: ZipFile, manifest: Manifest) -> None:
        self._archive = archive
        self.manifest = manifest

    def rows(self, table: Table) -> Iterator[list[dict[str, Any]]]:
        """The rows of a table in batches, as its columns take them."""
        names = self.manifest.tables[table.name].columns
        parsers = [_parser(table, name) for name in names]
        with self._archive.open(f"tables/{table.name}.jsonl") as member:
            while lines := list(islice(member, BATCH)):
                yield [
                    {
                        name: value if parse is None or value is None else parse(value)
                        for name, parse, value in zip(names, parsers, json.loads(line), strict=True)
                    }
                    for line in lines
                ]

    def unpack(self, folder: Path) -> None:
        """Write the files of the backup into ``folder``, readable by their owner alone."""
        for name in self.manifest.files:
            path = folder / name
            path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
            path.touch(mode=0o600)
            with self._archive.open(f"files/{name}") as member, path.open("wb") as file:
                shutil.copyfileobj(member, file, 1024 * 1024)


def _parser(table: Table, column: str) -> Callable[[str], Any] | None:
    return _PARSERS.get(table.columns[column].type.python_type)


@contextmanager
def opened(path: Path) -> Iterator[Archive]:
    """The backup in ``path``.

    Raises Refused, before anything of it is used, where a byte is not what was written.
    """
    damaged = Refused(f"{path}: is damaged or not a backup; nothing was changed")
    try:
        archive = ZipFile(path)
    except BadZipFile as error:
        raise damaged from error
    with archive:
        try:
            manifest = _checked(archive)
        except (
            BadZipFile,
            zlib.error,
            EOFError,
            KeyError,
            ValueError,
            NotImplementedError,
        ) as error:
            raise damaged from error
        if manifest.format != FORMAT:
            raise Refused(f"{path}: has format {manifest.format}, this version reads {FORMAT}")
        yield Archive(archive, manifest)


def _checked(archive: ZipFile) -> Manifest:
    """The manifest, if everything is there as it says and nothing else."""
    manifest = Manifest.model_validate_json(archive.read(MANIFEST))
    sums = {f"tables/{name}.jsonl": part.sha256 for name, part in manifest.tables.items()}
    sums |= {f"files/{name}": part.sha256 for name, part in manifest.files.items()}
    if sorted(archive.namelist()) != sorted([*sums, MANIFEST]):
        raise BadZipFile("other parts than the manifest lists")
    for name, expected in sums.items():
        if not _stays_inside(name):
            raise BadZipFile("a path that leads out")
        with archive.open(name) as member:
            if _sum_of(member) != expected:
                raise BadZipFile(f"{name}: wrong sum")
    return manifest


def _stays_inside(name: str) -> bool:
    path = PurePosixPath(name)
    return not path.is_absolute() and ".." not in path.parts


def _sum_of(member: IO[bytes]) -> str:
    return hashlib.file_digest(member, "sha256").hexdigest()  # type: ignore[arg-type]
