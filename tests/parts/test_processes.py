"""Children start, are waited for, stop as a group, and end with whoever started them."""

import os
import pwd
import signal
import socket
import subprocess
import sys
from pathlib import Path

import pytest

from parts.leftovers import remove, scratch_folder
from parts.ports import free_port
from parts.processes import PartError, listening, program, run, start, wait_until

ROOT = Path(__file__).parents[2]
SHELL_WITH_CHILD = "sleep 60 & echo child $!; wait"


def running(pid: int) -> bool:
    """Whether the process exists and is not just waiting to be reaped."""
    try:
        stat = Path(f"/proc/{pid}/stat").read_text()
    except OSError:
        return False
    return stat.rpartition(")")[2].split()[0] not in "ZX"


def test_wait_until_returns_what_it_waited_for() -> None:
    answers = iter([0, None, "", "there"])
    assert wait_until(lambda: next(answers)) == "there"


def test_wait_until_says_what_did_not_come() -> None:
    with pytest.raises(PartError, match="a miracle"):
        wait_until(lambda: False, timeout=0.01, what="a miracle")


def test_a_child_is_ready_before_start_returns() -> None:
    with start(["sh", "-c", "echo up; sleep 60"], ready=lambda child: child.says("up")) as child:
        assert child.running
        assert child.output() == "up\n"
    assert child.returncode == -signal.SIGTERM


def test_a_child_that_ends_is_reported_with_its_words() -> None:
    with pytest.raises(PartError, match="ended with 3") as caught:
        start(["sh", "-c", "echo no room; exit 3"], ready=lambda _: False)
    assert "no room" in str(caught.value)


def test_a_child_that_will_not_stop_is_killed() -> None:
    script = "trap '' TERM; echo deaf; while :; do sleep 60; done"
    with start(["sh", "-c", script], ready=lambda child: child.says("deaf")) as child:
        assert child.stop(timeout=0.1) == -signal.SIGKILL


def test_kill_reaches_the_grandchildren() -> None:
    with start(["sh", "-c", SHELL_WITH_CHILD], ready=lambda child: child.says("child")) as child:
        grandchild = int(child.output().split()[1])
        assert running(grandchild)
        child.kill()
        wait_until(lambda: not running(grandchild), what="the grandchild's end")


@pytest.mark.parametrize("end", ["kill", "exit", "interrupt"])
def test_nothing_outlives_its_owner(end: str) -> None:
    owner_code = f"""
import sys
from parts.leftovers import scratch_folder
from parts.processes import start
child = start(["sh", "-c", {SHELL_WITH_CHILD!r}], ready=lambda child: child.says("child"))
print(child.output().split()[1], scratch_folder("test"), flush=True)
sys.stdin.read()
"""
    owner = subprocess.Popen(
        [sys.executable, "-c", owner_code],
        cwd=ROOT,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    )
    assert owner.stdout
    assert owner.stdin
    number, folder = owner.stdout.readline().split()
    assert running(int(number))
    assert Path(folder).is_dir()
    if end == "kill":
        owner.kill()
    elif end == "interrupt":
        owner.send_signal(signal.SIGINT)
    owner.communicate(timeout=20)
    wait_until(lambda: not running(int(number)), what="the grandchild's end")
    wait_until(lambda: not Path(folder).exists(), what="the folder's removal")


def test_ports_are_free_and_given_once() -> None:
    ports = {free_port() for _ in range(50)}
    assert len(ports) == 50
    claim = f"from parts import ports; print(ports._claim({min(ports)}))"
    other = subprocess.run(
        [sys.executable, "-c", claim],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=20,
        check=True,
    )
    assert other.stdout.strip() == "False"


def test_listening_tells_an_open_port() -> None:
    with socket.create_server(("127.0.0.1", free_port())) as server:
        port = server.getsockname()[1]
        assert listening(port)
    assert not listening(port)


def test_a_missing_program_names_its_package() -> None:
    with pytest.raises(PartError, match="install the system package kannel"):
        program("no-such-program", "kannel")


def test_a_failing_command_is_reported_with_its_words() -> None:
    with pytest.raises(PartError, match="wrong way"):
        run(["sh", "-c", "echo wrong way; exit 1"])


def test_a_command_runs_as_whom_it_should() -> None:
    root = os.geteuid() == 0
    expected = "nobody" if root else pwd.getpwuid(os.geteuid()).pw_name
    assert run(["id", "-un"], user=expected if root else None).strip() == expected


def test_a_scratch_folder_can_go_early() -> None:
    folder = scratch_folder("test")
    (folder / "file").touch()
    remove(folder)
    assert not folder.exists()
