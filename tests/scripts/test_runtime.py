"""The service starts with what `requirements.txt` installs: nothing made for tests is needed."""

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[2]
NOT_THERE = [
    "aiosmtpd",
    "axe_playwright_python",
    "hypothesis",
    "parts",
    "playwright",
    "pytest",
    "tests",
    "time_machine",
    "trustme",
]


def test_the_service_needs_nothing_made_for_tests() -> None:
    hidden = f"import sys; sys.modules.update(dict.fromkeys({NOT_THERE}))"
    done = subprocess.run(
        [sys.executable, "-c", f"{hidden}; from app import create_app"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert done.returncode == 0, done.stderr
