"""The service starts with what `requirements.txt` installs, and loads no more than it needs."""

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

LARGE = ["alembic", "boto3", "PIL", "pypdfium2", "requests", "weasyprint", "xlsxwriter"]
"""What few processes use, and those load it when they do."""


def _done(program: str) -> "subprocess.CompletedProcess[str]":
    return subprocess.run(
        [sys.executable, "-c", program],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


def test_the_service_needs_nothing_made_for_tests() -> None:
    hidden = f"import sys; sys.modules.update(dict.fromkeys({NOT_THERE}))"
    done = _done(f"{hidden}; from app import create_app")
    assert done.returncode == 0, done.stderr


def test_large_libraries_are_loaded_only_where_they_are_used() -> None:
    done = _done(f"import app, sys; print([name for name in {LARGE} if name in sys.modules])")
    assert (done.returncode, done.stdout.strip()) == (0, "[]"), done.stderr
