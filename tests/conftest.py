"""Fixtures: the app on either engine, with tables of its own for each test."""

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from apiflask import APIFlask
from flask.testing import FlaskClient
from playwright.sync_api import Browser as Chromium
from playwright.sync_api import sync_playwright
from pydantic import SecretStr
from werkzeug.test import TestResponse

from app import create_app
from config.database import db
from config.migrating import bring_up_to_date
from config.settings import Settings
from parts.postgresql import PostgreSQL
from tests.worlds import World, sign_in

KEPT = ("alembic_version", "tags")
ENGINES = ("sqlite", "postgresql")
CALLBACK_WORD = "secret-word-of-tests"
SECRET = SecretStr("tests-only-" + "0" * 32)


def make_settings(data_dir: Path, database_url: str = "", **others: object) -> Settings:
    """Settings of a throwaway installation."""
    data_dir.mkdir(parents=True, exist_ok=True)
    return Settings.model_validate(
        {
            "data_dir": data_dir,
            "database_url": database_url,
            "secret_key": SECRET,
            "sms_callback_word": CALLBACK_WORD,
            **others,
        }
    )


@pytest.fixture(scope="session")
def postgresql() -> Iterator[PostgreSQL]:
    """A real PostgreSQL server for this run."""
    # What vacuums by itself counts as a write, where tests look whether anything was written.
    with PostgreSQL(settings={"autovacuum": "off"}) as server:
        yield server


@pytest.fixture(scope="session")
def chromium() -> Iterator[Chromium]:
    """The system's Chromium, started once for this run."""
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(
            executable_path=shutil.which("chromium"), args=["--no-sandbox"]
        )
        yield started
        started.close()


def _fill(settings: Settings) -> None:
    app = create_app(settings)
    with app.app_context():
        bring_up_to_date()
        db.session.remove()
        db.engine.dispose()


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An empty SQLite database with all tables."""
    folder = tmp_path_factory.mktemp("template")
    _fill(make_settings(folder))
    return folder / "changtong.sqlite3"


@pytest.fixture(scope="session")
def postgresql_template(postgresql: PostgreSQL, tmp_path_factory: pytest.TempPathFactory) -> str:
    """The name of an empty PostgreSQL database with all tables."""
    url = postgresql.create_database("template_tables")
    _fill(make_settings(tmp_path_factory.mktemp("template"), url))
    return "template_tables"


@pytest.fixture(scope="session")
def emptied(postgresql: PostgreSQL, postgresql_template: str) -> Iterator[Callable[[], str]]:
    """Gives the address of one database, emptied, or made anew where a test reshaped it."""
    name = "emptied"
    url = postgresql.create_database(name, template=postgresql_template)
    shape = postgresql.empty(name, keep=KEPT)

    def ready() -> str:
        if postgresql.empty(name, keep=KEPT) != shape:
            postgresql.drop_database(name)
            postgresql.create_database(name, template=postgresql_template)
        return url

    yield ready
    postgresql.drop_database(name)


@pytest.fixture(scope="session")
def data_dirs(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """A data folder for each engine, used by one test after the other."""
    return {engine: tmp_path_factory.mktemp(engine) / "data" for engine in ENGINES}


@pytest.fixture(params=ENGINES)
def settings(request: pytest.FixtureRequest, data_dirs: dict[str, Path]) -> Settings:
    """Settings whose database has all tables and no rows, on each engine in turn."""
    data_dir = data_dirs[request.param]
    shutil.rmtree(data_dir, ignore_errors=True)
    if request.param == "postgresql":
        return make_settings(data_dir, request.getfixturevalue("emptied")())
    made = make_settings(data_dir)
    shutil.copy(request.getfixturevalue("sqlite_template"), data_dir / "changtong.sqlite3")
    return made


class Browser(FlaskClient):
    """A browser whose requests have a context of their own, as in a real server.

    Without it they would share ``g`` and the database session with the test and with each other.
    Each answer is read to its end.
    """

    def open(self, *args: Any, **kwargs: Any) -> TestResponse:
        with self.application.app_context():
            response = super().open(*args, **{"buffered": True, **kwargs})
        db.session.rollback()  # the test reads anew what the request wrote
        return response


class Joined:
    """The whole service, joined once for each database and given to test after test as new."""

    def __init__(self) -> None:
        self._made: dict[str, tuple[APIFlask, dict[str, Any], dict[str, Any]]] = {}

    def app(self, settings: Settings) -> APIFlask:
        """The service for these settings, with nothing left of what a test changed in it."""
        key = settings.model_dump_json()
        if key not in self._made:
            made = create_app(settings)
            made.test_client_class = Browser
            self._made[key] = made, dict(made.config), dict(made.extensions)
        made, config, extensions = self._made[key]
        made.config.clear()
        made.config.update(config)
        made.extensions.clear()
        made.extensions.update(extensions)
        return made


@pytest.fixture(scope="session")
def joined() -> Joined:
    """Joining all routes takes as long as many a test."""
    return Joined()


@pytest.fixture
def app(settings: Settings, joined: Joined) -> Iterator[APIFlask]:
    """The whole service; an app context is open during the test."""
    made = joined.app(settings)
    with made.app_context():
        yield made
        db.session.remove()
        if settings.is_sqlite:  # its file is another one for the next test
            db.engine.dispose()


@pytest.fixture
def world(app: APIFlask) -> World:
    """A small province with a person in every seat of every agency (tests/worlds.py)."""
    return World.built()


@pytest.fixture
def client(app: APIFlask) -> FlaskClient:
    """A browser that nobody is signed in with."""
    return app.test_client()


@pytest.fixture
def browser_of(app: APIFlask) -> Callable[[int], FlaskClient]:
    """Give each person (by id) a browser of their own in which they are signed in."""

    def signed_in(person_id: int) -> FlaskClient:
        return sign_in(app, person_id)

    return signed_in
