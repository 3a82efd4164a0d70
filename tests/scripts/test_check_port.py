"""A port that is taken, or a setting that is wrong, stops the start with one line."""

import os
import socket
import subprocess
import sys
from pathlib import Path

import pytest

from parts.ports import free_port

ROOT = Path(__file__).parents[2]


def check_port(folder: Path, port: str, host: str = "127.0.0.1") -> tuple[int, str]:
    """The script's exit status and what it says."""
    settings = {
        "CHANGTONG_DATA_DIR": str(folder),
        "CHANGTONG_HOST": host,
        "CHANGTONG_PORT": port,
    }
    done = subprocess.run(
        [sys.executable, "-m", "scripts.check_port"],
        cwd=ROOT,
        env={**os.environ, **settings},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        timeout=30,
        check=False,
    )
    return done.returncode, done.stdout


def test_a_free_port_passes_silently(tmp_path: Path) -> None:
    assert check_port(tmp_path, str(free_port())) == (0, "")


def test_a_taken_port_is_named(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", free_port())) as server:
        port = server.getsockname()[1]
        status, said = check_port(tmp_path, str(port))
    assert status == 1
    assert said == (
        f"127.0.0.1:{port} (CHANGTONG_HOST, CHANGTONG_PORT) can't be listened on: "
        "Address already in use\n"
    )


@pytest.mark.parametrize(
    ("port", "host", "named"),
    [
        ("abc", "127.0.0.1", "CHANGTONG_PORT"),
        ("20000", "no-such-host.invalid", "there is no such host\n"),
        ("20000", "畅" * 64, "not the name of a host\n"),
        ("20000", "192.0.2.1", "Cannot assign requested address"),
    ],
)
def test_a_wrong_setting_is_named_in_one_line(
    tmp_path: Path, port: str, host: str, named: str
) -> None:
    status, said = check_port(tmp_path, port, host)
    assert status == 1
    assert named in said
    assert said.count("\n") == 1
