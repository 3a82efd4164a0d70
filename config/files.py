"""Where contents of files are kept, by key: a folder, or storage that speaks S3.

A content is written once under a key of its own and never changed; what a key stands for, and
whether anybody still needs it, is the database's to say.
"""

import errno
import os
import secrets
import shutil
from collections.abc import Iterator
from contextlib import suppress
from datetime import UTC, datetime
from importlib import import_module
from pathlib import Path
from typing import IO, Protocol

import structlog
from flask import Flask, current_app

from config.errors import NotFound, StorageFull
from config.settings import Settings

FOLDER = "files"
FULL = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EFBIG})
"""What the system says of a disk, a quota or a file that can take no more."""

log = structlog.get_logger(__name__)


class Store(Protocol):
    """Contents by key. A key is made of ASCII letters, digits, ``-``, ``.`` and ``/``."""

    def put(self, key: str, content: IO[bytes]) -> None:
        """Keep all of ``content``, from where it stands; raises StorageFull with nothing kept."""

    def open(self, key: str) -> IO[bytes]:
        """The content for reading; raises NotFound."""

    def delete(self, key: str) -> None:
        """Forget a content; one that is not there is forgotten already."""

    def keys(self, prefix: str, before: datetime) -> Iterator[str]:
        """The keys that begin with the folder ``prefix`` and were written before that moment."""


class FolderStore:
    """Contents as files, readable by their owner alone; on several hosts a shared folder."""

    def __init__(self, root: Path) -> None:
        self._root = root

    def put(self, key: str, content: IO[bytes]) -> None:
        path = self._root / key
        part = path.with_name(f".{path.name}.{secrets.token_hex(4)}")
        try:
            path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
            with os.fdopen(
                os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb"
            ) as file:
                shutil.copyfileobj(content, file, 1024 * 1024)
                file.flush()
                os.fsync(file.fileno())
            part.rename(path)
            _sync(path.parent)
        except OSError as error:
            if error.errno in FULL:
                log.error("storage_full", exc_info=error)
                raise StorageFull from error
            raise
        finally:
            part.unlink(missing_ok=True)

    def open(self, key: str) -> IO[bytes]:
        try:
            return (self._root / key).open("rb")
        except FileNotFoundError as error:
            raise NotFound from error

    def delete(self, key: str) -> None:
        path = self._root / key
        path.unlink(missing_ok=True)
        with suppress(OSError):  # others still have files there, or it is gone already
            path.parent.rmdir()

    def keys(self, prefix: str, before: datetime) -> Iterator[str]:
        for path in sorted((self._root / prefix).rglob("*")):
            with suppress(FileNotFoundError):  # removed since it was listed
                written = datetime.fromtimestamp(path.stat().st_mtime, UTC)
                if path.is_file() and written < before:
                    yield path.relative_to(self._root).as_posix()


def _sync(folder: Path) -> None:
    """Let a new name outlive a loss of power."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def store() -> Store:
    """The store of this service."""
    joined: Store = current_app.extensions["files"]
    return joined


def init_app(app: Flask, settings: Settings) -> None:
    """Join the store that the settings name; what S3 needs is loaded only where it is used."""
    if settings.files_url:
        app.extensions["files"] = import_module("config.s3").S3Store(settings.files_url)
    else:
        app.extensions["files"] = FolderStore(settings.data_dir / FOLDER)
