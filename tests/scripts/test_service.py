"""Web and worker as one family of processes: each comes back when it dies, all end together."""

import os
import signal
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from parts.ports import free_port
from parts.processes import Process, listening, start, wait_until

ROOT = Path(__file__).parents[2]


def _settings(folder: Path) -> dict[str, str]:
    return {"CHANGTONG_DATA_DIR": str(folder), "CHANGTONG_PORT": str(free_port())}


@pytest.fixture
def settings(tmp_path: Path) -> dict[str, str]:
    settings = _settings(tmp_path)
    start([sys.executable, "-m", "flask", "--app", "app", "prepare"], env=settings, cwd=ROOT).wait(
        120
    )
    return settings


@pytest.fixture
def service(settings: dict[str, str]) -> Iterator[Process]:
    def ready(process: Process) -> bool:
        return listening(int(settings["CHANGTONG_PORT"])) and process.says("leader_began")

    command = [sys.executable, "-m", "config.serving"]
    with start(command, ready=ready, timeout=120, env=settings, cwd=ROOT) as service:
        yield service


def _children(pid: int) -> list[int]:
    """The processes that the master has now, the worker first as it was started first."""
    return [int(one) for one in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]


def _worker(service: Process, settings: dict[str, str]) -> int:
    """The process that holds the lock of the leader."""
    lock = (Path(settings["CHANGTONG_DATA_DIR"]) / "leader.lock").stat().st_ino
    held = [line.split() for line in Path("/proc/locks").read_text().splitlines()]
    [pid] = [int(words[4]) for words in held if words[5].endswith(f":{lock}")]
    assert pid in _children(service.pid)
    return pid


def _gone(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] == "Z"
    except FileNotFoundError:
        return True


def test_a_worker_that_was_killed_is_started_again(
    service: Process, settings: dict[str, str]
) -> None:
    first = _worker(service, settings)
    os.kill(first, signal.SIGKILL)
    wait_until(lambda: service.output().count("leader_began") == 2, 20, "another leader")
    assert _worker(service, settings) != first
    assert service.running


def test_all_end_when_they_are_told_to(service: Process, settings: dict[str, str]) -> None:
    worker = _worker(service, settings)
    assert service.stop(timeout=10) == 0
    assert service.says("leader_ended")
    assert _gone(worker)


def test_none_stays_behind_when_the_master_is_killed(
    service: Process, settings: dict[str, str]
) -> None:
    worker = _worker(service, settings)
    os.kill(service.pid, signal.SIGKILL)
    wait_until(lambda: _gone(worker), 20, "the worker gone")
    assert service.says("leader_ended")


def test_the_worker_begins_anew_with_the_settings(
    service: Process, settings: dict[str, str]
) -> None:
    first = _worker(service, settings)
    os.kill(service.pid, signal.SIGHUP)
    wait_until(lambda: service.output().count("leader_began") == 2, 20, "another leader")
    assert _worker(service, settings) != first


def test_web_goes_on_while_the_worker_cannot(service: Process, settings: dict[str, str]) -> None:
    lock = Path(settings["CHANGTONG_DATA_DIR"]) / "leader.lock"
    worker = _worker(service, settings)
    lock.unlink()
    lock.mkdir()  # as when a disk or a database is away: it can't be opened
    os.kill(worker, signal.SIGKILL)
    wait_until(lambda: service.says("Error: "), 20, "the worker failing")
    assert service.running
    assert listening(int(settings["CHANGTONG_PORT"]))
    lock.rmdir()
    wait_until(lambda: service.output().count("leader_began") == 2, 30, "another leader")


def test_a_database_that_is_not_prepared_ends_it_with_the_reason(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "config.serving"]
    with start(command, env=_settings(tmp_path), cwd=ROOT) as service:
        assert service.wait(30) == 1
        assert "Error: the database is not up to date: run" in service.output()
