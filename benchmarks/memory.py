"""Memory of web and worker together, started as ``make run`` starts them, idle after some use."""

import os
import sys
import time
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

from benchmarks.figures import Figure
from benchmarks.installation import ROOT, Browser, Installation, installed
from config.preparing import ACCOUNTS, read_accounts
from parts.processes import Process, listening, start, wait_until

BOUND = 300
ROUNDS = 5
PAGES = (
    *("/", "/inbox", "/bulletins/drafts", "/bulletins/sent", "/tasks", "/agencies", "/people"),
    *("/settings/digests", "/deliveries", "/outbox", "/journal", "/help"),
)
QUIET_SECONDS = 5.0
QUIET_SHARE = 0.02  # of one core


def figures() -> Iterator[Figure]:
    """One figure, on SQLite and with the outbox folder as ``make run`` has them."""
    with installed() as installation:
        _flask(installation, "prepare", "--demo")
        with _started(installation) as honcho:
            _use(installation)
            wait_until(lambda: _is_quiet(honcho.pid), 120, "web and worker idle")
            ours = [pid for pid in _below(honcho.pid) if not _only_starts(pid)]
            shares = sorted(map(_mebibytes, ours), reverse=True)
    yield Figure(
        "memory of web and worker together, idle after the demo",
        "–",
        sum(shares),
        BOUND,
        " MiB",
        details=f"{len(shares)} processes: " + " + ".join(f"{share:.0f}" for share in shares),
    )


def _flask(installation: Installation, *arguments: str) -> None:
    command = [sys.executable, "-m", "flask", "--app", "app", *arguments]
    process = start(command, env=installation.environment, cwd=ROOT)
    if process.wait(300):
        raise RuntimeError(process.output())


def _started(installation: Installation) -> Process:
    """Web and worker by the Procfile, both at work."""
    beat = installation.settings.data_dir / "worker-beat"
    environment = installation.environment | {
        "PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    }
    return start(
        [sys.executable, "-m", "honcho", "start", "service"],
        name="web and worker",
        ready=lambda _: listening(installation.settings.port) and beat.exists(),
        timeout=60,
        env=environment,
        cwd=ROOT,
    )


def _use(installation: Installation) -> None:
    """Let everybody of the demo look at the main pages, so that all is loaded that ever is."""
    for account in read_accounts(installation.settings.data_dir / ACCOUNTS):
        browser = Browser(installation.url, account.username, account.password)
        for path in PAGES * ROUNDS:
            browser.get(path)


def _below(pid: int) -> list[int]:
    """The processes that ``pid`` has started, with those that these have."""
    parents: dict[int, list[int]] = {}
    for stat in Path("/proc").glob("[0-9]*/stat"):
        with suppress(OSError):
            _state, parent = stat.read_text().rpartition(")")[2].split()[:2]
            parents.setdefault(int(parent), []).append(int(stat.parent.name))
    found, waiting = [], [pid]
    while waiting:
        children = parents.get(waiting.pop(), [])
        found += children
        waiting += children
    return found


def _only_starts(pid: int) -> bool:
    """Whether it is one of honcho's own, as a supervisor would have in their place."""
    return b"honcho" in Path(f"/proc/{pid}/cmdline").read_bytes()


def _mebibytes(pid: int) -> float:
    """The proportional set size of a process."""
    for line in Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines():
        name, _, value = line.partition(":")
        if name == "Pss":
            return int(value.split()[0]) / 1024
    raise RuntimeError(f"process {pid} has no memory of its own")


def _is_quiet(pid: int) -> bool:
    """Whether for a while nothing but the worker's pulse was worked."""
    before = _ticks(pid)
    time.sleep(QUIET_SECONDS)
    used = (_ticks(pid) - before) / os.sysconf("SC_CLK_TCK")
    return used < QUIET_SECONDS * QUIET_SHARE


def _ticks(pid: int) -> int:
    total = 0
    for child in _below(pid):
        with suppress(OSError):
            fields = Path(f"/proc/{child}/stat").read_text().rpartition(")")[2].split()
            total += int(fields[11]) + int(fields[12])
    return total
