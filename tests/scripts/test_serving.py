"""gunicorn serves by its file of settings: workers, limits, logs, no file in the home folder."""

import json
import socket
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


@pytest.mark.parametrize("framing", ["length", "chunks"])
@pytest.mark.parametrize("connection", ["keep-alive", "close"])
def test_who_sends_too_much_reads_why_before_the_connection_ends(
    server: Process, port: int, connection: str, framing: str
) -> None:
    size = 20 * 1024 * 1024
    part = b"a" * 65_536
    head = f"POST /sign-in HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nConnection: {connection}\r\n"
    head += "Content-Type: application/x-www-form-urlencoded\r\n"
    if framing == "length":
        head += f"Content-Length: {size}\r\n\r\n"
    else:
        head += "Transfer-Encoding: chunked\r\n\r\n"
        part = b"10000\r\n" + part + b"\r\n"
    with socket.create_connection(("127.0.0.1", port), timeout=20) as client:
        client.sendall(head.encode())
        for _ in range(size // 65_536):
            client.sendall(part)
        if framing == "chunks":
            client.sendall(b"0\r\n\r\n")
        answer = b"".join(iter(lambda: client.recv(65_536), b""))
    first, _, rest = answer.partition(b"\r\n")
    assert first.split()[1].startswith(b"4")
    assert b"\r\nConnection: close\r\n" in rest
    assert rest.rstrip().endswith(b"</html>")


def test_a_short_body_that_nobody_reads_leaves_the_connection_usable(
    server: Process, port: int
) -> None:
    with requests.Session() as session:
        for _ in range(2):
            answer = session.post(f"http://127.0.0.1:{port}/nowhere", data=b"a" * 1000, timeout=10)
            assert answer.status_code in (400, 404)
            assert answer.headers["Connection"] == "keep-alive"
