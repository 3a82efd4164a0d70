"""Outlives the process that starts parts, and stops and removes what that one left behind.

Run as a script of its own (see ``leftovers``). It reads one JSON list per line from its standard
input; when that ends, its owner is gone, be it by ``kill -9``.
"""

import json
import os
import shutil
import signal
import sys
import time
from contextlib import suppress
from pathlib import Path

GRACE_SECONDS = 5.0


def alive(group: int) -> bool:
    """Whether a process of the group still runs; one that only waits to be reaped does not."""
    for stat in Path("/proc").glob("[0-9]*/stat"):
        with suppress(OSError):
            state, _, number = stat.read_text().rpartition(")")[2].split()[:3]
            if int(number) == group and state not in "ZX":
                return True
    return False


def end(groups: dict[int, int]) -> None:
    """Ask every group to stop, the last started first, and kill what has not after a while."""
    for group, polite in reversed(groups.items()):
        deadline = time.monotonic() + GRACE_SECONDS
        with suppress(OSError):
            os.killpg(group, polite)
        while alive(group) and time.monotonic() < deadline:
            time.sleep(0.02)
        with suppress(OSError):
            os.killpg(group, signal.SIGKILL)


def main() -> None:
    """Keep the list of what runs and lies about; clear it up when the input ends."""
    groups: dict[int, int] = {}
    folders: set[str] = set()
    for line in sys.stdin:
        match json.loads(line):
            case ["watch", group, polite]:
                groups[group] = polite
            case ["forget", group]:
                groups.pop(group, None)
            case ["remove", folder]:
                folders.add(folder)
            case ["removed", folder]:
                folders.discard(folder)
    end(groups)
    for folder in folders:
        shutil.rmtree(folder, ignore_errors=True)


if __name__ == "__main__":
    main()
