"""What must be gone when this interpreter ends: process groups and scratch folders.

One janitor process per interpreter is told of each. It notices the end of its input, which comes
also with ``kill -9``, so neither exit handlers nor the order of tear-downs has to be relied on.
"""

import atexit
import json
import os
import shutil
import subprocess
import sys
import tempfile
import threading
from pathlib import Path

from parts import janitor

_lock = threading.Lock()
_janitor: subprocess.Popen[str] | None = None
_owner = 0


def watch(group: int, polite: int) -> None:
    """Have the process group ``group`` ended with us: by the signal ``polite``, then killed."""
    _tell("watch", group, polite)


def forget(group: int) -> None:
    """The group has ended; its number may now be anybody's."""
    _tell("forget", group)


def scratch_folder(name: str) -> Path:
    """A new empty folder that is removed at the latest when this interpreter ends."""
    folder = Path(tempfile.mkdtemp(prefix=f"changtong-{name}-"))
    _tell("remove", str(folder))
    return folder


def remove(folder: Path) -> None:
    """Remove a scratch folder now."""
    shutil.rmtree(folder, ignore_errors=True)
    _tell("removed", str(folder))


def _tell(*message: str | int) -> None:
    """Send one line to the janitor of this process, starting it at the first."""
    global _janitor, _owner  # noqa: PLW0603
    with _lock:
        if _janitor is None or _owner != os.getpid():
            _janitor = subprocess.Popen(
                [sys.executable, "-I", "-S", janitor.__file__],
                stdin=subprocess.PIPE,
                text=True,
                start_new_session=True,
            )
            _owner = os.getpid()
            atexit.register(_end)
        assert _janitor.stdin is not None
        _janitor.stdin.write(json.dumps(message) + "\n")
        _janitor.stdin.flush()


def _end() -> None:
    """Let the janitor clear up and wait for it; a forked child leaves that to its parent."""
    if _janitor is not None and _owner == os.getpid():
        assert _janitor.stdin is not None
        _janitor.stdin.close()
        _janitor.wait(timeout=60)
