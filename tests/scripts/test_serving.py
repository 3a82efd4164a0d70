"""gunicorn serves by its file of settings: workers, limits, logs, no file in the home folder."""

import json
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
import requests

from parts.ports import free_port
from parts.processes import Process, start

ROOT = Path(__file__).parents[2]


def serve(folder: Path, port: int) -> Process:
    """Start the web side alone, on an empty database."""
    settings = {
        "HOME": str(folder / "home"),
        "CHANGTONG_DATA_DIR": str(folder / "data"),
        "CHANGTONG_PORT": str(port),
        "CHANGTONG_WEB_WORKERS": "2",
    }
    return start(
        [sys.executable, "-m", "gunicorn", "-c", "gunicorn.conf.py"],
        name="gunicorn",
        ready=lambda process: process.output().count("Booting worker") == 2,
        timeout=60,
        env=settings,
        cwd=ROOT,
    )


@pytest.fixture(scope="module")
def port() -> int:
    return free_port()


@pytest.fixture(scope="module")
def server(port: int, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Process]:
    with serve(tmp_path_factory.mktemp("serving"), port) as server:
        yield server


def test_it_answers(server: Process, port: int) -> None:
    answer = requests.get(f"http://127.0.0.1:{port}/static/app.css", timeout=10)
    assert answer.status_code == 200


def test_endless_headers_are_refused(server: Process, port: int) -> None:
    headers = {"X-Long": "x" * 10_000}
    answer = requests.get(f"http://127.0.0.1:{port}/static/app.css", headers=headers, timeout=10)
    assert answer.status_code == 431


def test_every_line_it_writes_is_one_event(server: Process) -> None:
    events = [json.loads(line) for line in server.output().splitlines()]
    assert any(event["event"].startswith("Booting worker") for event in events)


def test_it_stops_in_time_and_leaves_nothing_at_home(tmp_path: Path) -> None:
    with serve(tmp_path, free_port()) as server:
        assert server.stop(timeout=5) == 0
    assert not (tmp_path / "home").exists()
