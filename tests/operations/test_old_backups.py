"""A backup of an older version is brought up to date by restoring it; a newer one is refused."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from apiflask import APIFlask
from sqlalchemy import func, select, text

from agencies.models import Agency
from config import backup, migrating, restoring, schema
from config.console import Refused
from config.database import db
from config.settings import Settings
from tests.operations.test_migrations import ALTERS
from tests.worlds import World


@pytest.fixture
def newer(tmp_path: Path) -> Path:
    """The migrations of a version to come, with one step more."""
    folder = tmp_path / "migrations"
    shutil.copytree(schema.FOLDER, folder, ignore=shutil.ignore_patterns("__pycache__"))
    (folder / "versions" / "0099_step.py").write_text(ALTERS.format(head=schema.head()))
    return folder


@pytest.fixture(autouse=True)
def _forget_the_head() -> Iterator[None]:
    yield
    schema.head.cache_clear()


def _at(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(schema, "FOLDER", folder)
    schema.head.cache_clear()


def test_an_older_one_is_brought_up_to_date(
    migrated: APIFlask, newer: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings: Settings = migrated.extensions["settings"]
    World.built()
    taken = backup.write(tmp_path / "old.zip", settings, ())
    _at(newer, monkeypatch)
    restoring.restore(tmp_path / "old.zip", settings, force=True)
    with db.engine.connect() as connection:
        assert schema.current(connection) == "0099" != taken.revision
        assert connection.scalar(select(func.count()).select_from(Agency)) == 8
        assert connection.scalar(text("SELECT count(*) FROM agencies WHERE short = ''")) == 8


def test_a_newer_one_is_refused(
    migrated: APIFlask, newer: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings: Settings = migrated.extensions["settings"]
    with monkeypatch.context() as patch:
        _at(newer, patch)
        migrating.bring_up_to_date()
        backup.write(tmp_path / "new.zip", settings, ())
    schema.head.cache_clear()
    with pytest.raises(Refused, match="revision 0099, which is newer"):
        restoring.restore(tmp_path / "new.zip", settings, force=True)
    with db.engine.connect() as connection:
        assert schema.current(connection) == "0099"
