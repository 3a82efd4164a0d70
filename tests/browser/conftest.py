"""Fixtures: a tab of the real Chromium, and an app served to it on a free port."""

import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from flask import Flask
from flask_bootstrap import Bootstrap5
from playwright.sync_api import Browser, Page
from werkzeug.serving import make_server

from config import http
from tests.conftest import make_settings

ROOT = Path(__file__).parents[2]
Serve = Callable[[Flask], str]


@pytest.fixture
def page(chromium: Browser) -> Iterator[Page]:
    """A tab of a fresh browser profile; a script error in it fails the test."""
    context = chromium.new_context(
        locale="zh-CN", viewport={"width": 1366, "height": 768}, reduced_motion="reduce"
    )
    context.set_default_timeout(10_000)
    tab = context.new_page()
    errors: list[str] = []
    tab.on("pageerror", lambda error: errors.append(str(error)))
    yield tab
    context.close()
    assert not errors


@pytest.fixture
def serve() -> Iterator[Serve]:
    """Serve an app in a thread; gives its address."""
    running = []

    def start(app: Flask) -> str:
        server = make_server("127.0.0.1", 0, app, threaded=True)
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        running.append((server, thread))
        return f"http://127.0.0.1:{server.server_port}"

    yield start
    for server, thread in running:
        server.shutdown()
        thread.join(timeout=10)
        server.server_close()


@pytest.fixture
def frame(tmp_path: Path) -> Flask:
    """The templates, the script and what every request shares, without any feature."""
    settings = make_settings(tmp_path / "data")
    app = Flask("frame", root_path=str(ROOT))
    app.config.update(SECRET_KEY="tests-only", BOOTSTRAP_SERVE_LOCAL=True)
    app.extensions["settings"] = settings
    http.init_app(app, settings)
    Bootstrap5(app)
    return app
