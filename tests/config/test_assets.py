"""Static files: kept by browsers for as long as their content stays."""

import re
from pathlib import Path

import pytest
from flask import url_for
from flask.testing import FlaskClient

from app import create_app
from config.assets import KEEP
from tests.conftest import make_settings


@pytest.fixture
def client(tmp_path: Path) -> FlaskClient:
    """A browser; nothing here reads the database."""
    return create_app(make_settings(tmp_path / "data")).test_client()


def test_a_page_asks_for_files_that_browsers_may_keep(client: FlaskClient) -> None:
    page = client.get("/sign-in").text
    addresses = re.findall(r'"(/[^"]*\.(?:css|js|svg)[^"]*)"', page)
    assert len(addresses) == 4
    for address in addresses:
        with client.get(address) as answer:
            assert answer.status_code == 200
            assert answer.headers["Cache-Control"] == KEEP


def test_an_address_without_a_digest_is_asked_for_again(client: FlaskClient) -> None:
    with client.get("/static/app.css") as answer:
        assert answer.headers["Cache-Control"] == "no-cache"


def test_what_is_no_file_has_no_digest(client: FlaskClient) -> None:
    with client.application.test_request_context():
        for name in ("nothing.css", "../app.py", "/etc/hostname"):
            assert "v=" not in url_for("static", filename=name)
    assert client.get("/static/nothing.css?v=1").headers.get("Cache-Control") != KEEP
