"""Children: started, waited for, stopped as a whole group, and never left behind."""

import os
import pwd
import shutil
import signal
import socket
import subprocess
import tempfile
import time
import weakref
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from types import TracebackType
from typing import Any, Self, TypeVar

from parts import leftovers

T = TypeVar("T")


class PartError(Exception):
    """A part is not installed, did not start, or did not do in time what was waited for."""


def wait_until(predicate: Callable[[], T], timeout: float = 10.0, what: str = "") -> T:
    """Ask ``predicate`` again and again until it gives something true, and return that.

    Raises PartError, saying ``what`` was waited for, after ``timeout`` seconds.
    """
    deadline = time.monotonic() + timeout
    pause = 0.002
    while not (found := predicate()):
        if time.monotonic() > deadline:
            raise PartError(f"not within {timeout:g} s: {what or predicate!r}")
        time.sleep(pause)
        pause = min(pause * 1.5, 0.05)
    return found


def listening(port: int, host: str = "127.0.0.1") -> bool:
    """Whether somebody accepts connections there."""
    with socket.socket() as probe:
        probe.settimeout(1)
        return probe.connect_ex((host, port)) == 0


def program(name: str, package: str, *folders: Path) -> str:
    """The path of a program, looked for in ``folders`` and then on the path.

    Raises PartError, naming the system package to install, if there is none.
    """
    path = os.pathsep.join([*map(str, folders), os.environ.get("PATH", os.defpath), "/usr/sbin"])
    found = shutil.which(name, path=path)
    if not found:
        raise PartError(f"{name} is missing: install the system package {package}")
    return found


def run(
    args: Sequence[str],
    *,
    user: str | None = None,
    cwd: Path | None = None,
    env: Mapping[str, str] | None = None,
) -> str:
    """Run a short command to its end and return its output; raises PartError if it fails.

    ``env`` is added to this process's environment.
    """
    done: subprocess.CompletedProcess[str] = subprocess.run(
        args,
        cwd=cwd,
        env={**os.environ, **(env or {})},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        timeout=120,
        check=False,
        **_identity(user),
    )
    if done.returncode:
        raise PartError(f"{args[0]} failed with {done.returncode}:\n{done.stdout}")
    return done.stdout


def members(leader: int) -> list[int]:
    """The processes of a process group and the leader's own children, in the order of their ids."""
    found = []
    for folder in Path("/proc").glob("[0-9]*"):
        with suppress(OSError):
            # pid (name) state ppid pgrp …: a name may hold anything, also spaces
            _state, parent, group = (folder / "stat").read_text().rpartition(")")[2].split()[:3]
            if str(leader) in (parent, group):
                found.append(int(folder.name))
    return sorted(found)


class Process:
    """A running child that leads a process group of its own."""

    def __init__(self, popen: subprocess.Popen[bytes], log: int, name: str, polite: int) -> None:
        self.name = name
        self.pid = popen.pid
        self._popen = popen
        self._log = log
        self._polite = polite
        weakref.finalize(self, os.close, log)
        leftovers.watch(self.pid, polite)

    @property
    def returncode(self) -> int | None:
        """Its exit status, negative for a signal; None while it runs."""
        return self._popen.poll()

    @property
    def running(self) -> bool:
        """Whether it has not ended."""
        return self.returncode is None

    def output(self) -> str:
        """All it has written so far."""
        return os.pread(self._log, os.fstat(self._log).st_size, 0).decode(errors="replace")

    def says(self, text: str) -> bool:
        """Whether its output contains ``text``."""
        return text in self.output()

    def wait(self, timeout: float = 30.0) -> int:
        """Wait for it to end by itself and return its exit status; raises PartError if it won't."""
        try:
            status = self._popen.wait(timeout)
        except subprocess.TimeoutExpired as error:
            raise PartError(f"{self.name} still runs after {timeout:g} s") from error
        leftovers.forget(self.pid)
        return status

    def stop(self, timeout: float = 15.0) -> int:
        """Ask its group to stop, kill it if it won't, and return its exit status."""
        self.signal(self._polite)
        with suppress(PartError):
            self.wait(timeout)
        return self.kill()

    def kill(self) -> int:
        """Kill its whole group at once, as ``kill -9`` does, and return its exit status.

        A grandchild that made a group of its own is not in this one.
        """
        self.signal(signal.SIGKILL)
        return self.wait()

    def signal(self, number: int) -> None:
        """Send a signal to its whole group; nothing happens if that is gone."""
        with suppress(ProcessLookupError):
            os.killpg(self.pid, number)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.stop()


def start(
    args: Sequence[str],
    *,
    name: str = "",
    ready: Callable[[Process], bool] | None = None,
    timeout: float = 30.0,
    env: Mapping[str, str] | None = None,
    cwd: Path | None = None,
    user: str | None = None,
    polite: int = signal.SIGTERM,
) -> Process:
    """Start a child and wait until it is ``ready``.

    ``env`` is added to this process's environment, ``user`` is whom it runs as (root only), and
    ``polite`` the signal that asks it to stop. Raises PartError with the end of its output if it
    ends, or is not ready within ``timeout`` seconds.
    """
    name = name or Path(args[0]).name
    with tempfile.TemporaryFile() as file:
        log = os.dup(file.fileno())
    popen = subprocess.Popen(
        args,
        cwd=cwd,
        env={**os.environ, "PYTHONUNBUFFERED": "1", **(env or {})},
        stdin=subprocess.DEVNULL,
        stdout=log,
        stderr=log,
        start_new_session=True,
        **_identity(user),
    )
    process = Process(popen, log, name, polite)
    try:
        if ready:
            wait_until(lambda: _ready_or_dead(process, ready), timeout, f"{name} ready")
    except PartError as error:
        process.kill()
        raise PartError(f"{name} did not start: {error}\n{process.output()[-2000:]}") from error
    except BaseException:
        process.kill()
        raise
    return process


def _ready_or_dead(process: Process, ready: Callable[[Process], bool]) -> bool:
    """Whether it is ready; raises PartError if it never will be."""
    if not process.running:
        raise PartError(f"it ended with {process.returncode}")
    return ready(process)


def _identity(user: str | None) -> dict[str, Any]:
    """What makes Popen run a child as ``user`` with that user's groups alone."""
    if user is None:
        return {}
    return {"user": user, "group": pwd.getpwnam(user).pw_gid, "extra_groups": []}
