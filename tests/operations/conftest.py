"""Fixtures for the operator's work: databases without tables, commands as processes."""

import os
import subprocess
import sys
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import pytest
from apiflask import APIFlask

from app import create_app
from config import migrating
from config.database import db
from config.settings import Settings
from parts.postgresql import PostgreSQL
from tests.conftest import ENGINES, make_settings

ROOT = Path(__file__).parents[2]
Installation = Callable[[str], Settings]
Flask = Callable[..., subprocess.CompletedProcess[str]]


@pytest.fixture
def installation(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Installation]:
    """Make installations with a data folder and a database without tables, on an engine by name."""
    databases: list[str] = []

    def made(engine: str) -> Settings:
        number = len(list(tmp_path.iterdir()))
        if engine == "sqlite":
            return make_settings(tmp_path / f"installation-{number}")
        server: PostgreSQL = request.getfixturevalue("postgresql")
        databases.append(f"bare_{tmp_path.parent.name}_{tmp_path.name}_{number}".lower()[-60:])
        url = server.create_database(databases[-1])
        return make_settings(tmp_path / f"installation-{number}", url)

    yield made
    for name in databases:
        request.getfixturevalue("postgresql").drop_database(name)


@pytest.fixture(params=ENGINES)
def bare(request: pytest.FixtureRequest, installation: Installation) -> Settings:
    """An installation without tables, on each engine in turn."""
    return installation(request.param)


@pytest.fixture
def migrated(bare: Settings) -> Iterator[APIFlask]:
    """The service on a database made by the migrations; an app context is open."""
    app = create_app(bare)
    with app.app_context():
        migrating.bring_up_to_date()
        yield app
        db.session.remove()
        db.engine.dispose()


def environment(settings: Settings) -> dict[str, str]:
    """The environment of a process of its own for that installation."""
    names = {
        "CHANGTONG_DATA_DIR": str(settings.data_dir),
        "CHANGTONG_DATABASE_URL": settings.database_url,
        "CHANGTONG_SECRET_KEY": settings.secret_key.get_secret_value(),
    }
    return {k: v for k, v in os.environ.items() if not k.startswith("CHANGTONG_")} | names


def command(arguments: Sequence[str]) -> list[str]:
    """The command line of one of the service's commands."""
    return [sys.executable, "-m", "flask", "--app", "app", *arguments]


@pytest.fixture
def prepared(bare: Settings) -> Settings:
    """An installation with all tables and no process that uses it, on each engine in turn."""
    app = create_app(bare)
    with app.app_context():
        migrating.bring_up_to_date()
        db.engine.dispose()
    return bare


@pytest.fixture
def flask() -> Flask:
    """Run a command of the service for an installation, as an operator would."""

    def run(settings: Settings, *arguments: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            command(arguments),
            cwd=ROOT,
            env=environment(settings),
            capture_output=True,
            text=True,
            timeout=120,
            check=False,
        )

    return run
