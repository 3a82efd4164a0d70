"""Missing system packages are named in one line; installed ones are left alone."""

import os
import subprocess
from pathlib import Path
from typing import Any

import pytest

SCRIPT = Path(__file__).parents[2] / "scripts/system-packages"
# The script reaches for sudo before it gives up; here is one that asks for a password.
FAKE_SUDO = "#!/bin/sh\nexit 1\n"


def system_packages(*packages: str, path: Path | None = None) -> subprocess.CompletedProcess[str]:
    """Run the script as somebody who is not root."""
    nobody: dict[str, Any] = {"user": "nobody", "extra_groups": []} if os.geteuid() == 0 else {}
    folders = f"{path}:{os.environ['PATH']}" if path else os.environ["PATH"]
    return subprocess.run(
        ["bash", "-s", "--", *packages],
        input=SCRIPT.read_text(),
        env={"PATH": folders},
        cwd="/",
        capture_output=True,
        text=True,
        timeout=30,
        check=False,
        **nobody,
    )


def test_nothing_is_said_of_what_is_installed() -> None:
    done = system_packages("bash", "coreutils")
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")


def test_one_line_says_what_is_missing_and_what_to_do(
    tmp_path_factory: pytest.TempPathFactory,
) -> None:
    folder = tmp_path_factory.mktemp("bin")
    for parent in (folder, folder.parent, folder.parent.parent):
        parent.chmod(0o755)
    (folder / "sudo").write_text(FAKE_SUDO)
    (folder / "sudo").chmod(0o755)
    done = system_packages("bash", "no-such-package", "nor-this", path=folder)
    assert done.returncode == 1
    assert done.stdout == ""
    assert done.stderr == (
        "Missing system packages: no-such-package nor-this. "
        "Install them with: sudo apt-get install no-such-package nor-this\n"
    )
