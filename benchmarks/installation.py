"""A throwaway installation: its settings, its database, its processes, browsers that sign in."""

import re
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import requests
from flask import Flask
from pydantic import SecretStr

from app import create_app
from config.database import db
from config.preparing import prepare
from config.settings import PREFIX, Settings
from parts.leftovers import remove, scratch_folder
from parts.pgbouncer import PgBouncer
from parts.ports import free_port
from parts.postgresql import PostgreSQL
from parts.processes import Process, listening, start

ROOT = Path(__file__).parents[1]
ENGINES = ("sqlite", "postgresql")
_CSRF = re.compile(r'name="csrf_token"[^>]*value="([^"]+)"')


@dataclass(frozen=True)
class Installation:
    """The service on a database of its own, seen from outside (processes) and inside (``app``)."""

    settings: Settings
    app: Flask

    @property
    def environment(self) -> dict[str, str]:
        """What makes any process of the service belong to this installation."""
        values = {
            name: value.get_secret_value() if isinstance(value, SecretStr) else str(value)
            for name, value in self.settings
        }
        return {PREFIX + name.upper(): value for name, value in values.items()}

    @property
    def url(self) -> str:
        """Where the web side answers."""
        return f"http://127.0.0.1:{self.settings.port}"

    def web(self, application: str = "app:create_app()") -> Process:
        """Start the web side as ``make run`` does, and wait until it answers."""
        port = self.settings.port
        return start(
            [sys.executable, "-m", "gunicorn", "-c", "gunicorn.conf.py", application],
            name="web",
            ready=lambda _: listening(port),
            timeout=60,
            env=self.environment,
            cwd=ROOT,
        )

    def celery(self, *lines: str) -> Process:
        """Start a worker of the broker, on all lines or those named, and wait until it works."""
        return start(
            [
                *(sys.executable, "-m", "flask", "--app", "app", "celery-worker"),
                *(f"--line={line}" for line in lines),
            ],
            name="celery",
            ready=lambda process: process.says("broker_worker_began"),
            timeout=60,
            env=self.environment,
            cwd=ROOT,
        )

    def worker(self) -> Process:
        """Start a worker as ``make run`` does; it may not lead yet."""
        return start(
            [sys.executable, "-m", "flask", "--app", "app", "worker"],
            name="worker",
            env=self.environment,
            cwd=ROOT,
        )


@contextmanager
def installed(
    server: PostgreSQL | None = None, bouncer: PgBouncer | None = None, **others: object
) -> Iterator[Installation]:
    """An installation with all tables and no rows: on ``server``, or on SQLite without one.

    It reaches the server through ``bouncer``, if there is one.

    ``others`` are further settings. An app context is open inside; all is removed at the end.
    """
    folder = scratch_folder("installation")
    name = folder.name.replace("-", "_").lower()
    direct = server.create_database(name) if server else ""
    settings = Settings.model_validate(
        {
            "data_dir": folder / "data",
            "database_url": bouncer.url(name) if bouncer else direct,
            "database_direct_url": direct,
            "secret_key": "throwaway-" + "0" * 32,
            "port": free_port(),
            **others,
        }
    )
    settings.data_dir.mkdir()
    # Only the processes of the service log what they do; here warnings are enough.
    app = create_app(settings.model_copy(update={"log_level": "WARNING"}))
    with app.app_context():
        prepare(settings)
        try:
            yield Installation(settings, app)
        finally:
            db.session.remove()
            db.engine.dispose()
            if server:
                server.drop_database(name)
            remove(folder)


class Browser:
    """A browser signed in over HTTP."""

    def __init__(self, url: str, username: str, password: str) -> None:
        self._url = url
        self._session = requests.Session()
        form = self._session.get(f"{url}/sign-in", timeout=30).text
        self._csrf = _csrf(form)
        answer = self.post("/sign-in", username=username, password=password)
        if "/sign-in" in answer.headers.get("Location", "/sign-in"):
            raise RuntimeError(f"{username} can't sign in: {answer.status_code}")
        self._csrf = _csrf(self.get("/").text)

    @property
    def cookie(self) -> str:
        """The header that makes any request this browser's."""
        return "; ".join(f"{one.name}={one.value}" for one in self._session.cookies)

    def get(self, path: str) -> requests.Response:
        """Ask for a page."""
        return self._session.get(self._url + path, timeout=30)

    def post(self, path: str, **fields: str) -> requests.Response:
        """Send a form; a redirect is not followed."""
        data = {"csrf_token": self._csrf, **fields}
        return self._session.post(self._url + path, data=data, timeout=30, allow_redirects=False)


def _csrf(page: str) -> str:
    found = _CSRF.search(page)
    if not found:
        raise RuntimeError("a page without a form")
    return found[1]
