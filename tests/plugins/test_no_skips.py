"""A skip on CI fails the run and is named, alone and with several processes."""

import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[2]
PASSES = "def test_passes(): pass\n"
LEFT_OUT = {
    "skip": "import pytest\n@pytest.mark.skip('no part')\ndef test_x(): pass\n",
    "skip inside": "import pytest\ndef test_x(): pytest.skip('no part')\n",
    "expected failure": "import pytest\n@pytest.mark.xfail\ndef test_x(): assert False\n",
    "whole file": "import pytest\npytest.importorskip('no_such_module_here')\n",
}


def run(folder: Path, *, ci: bool, processes: int = 0) -> subprocess.CompletedProcess[str]:
    """Run pytest on ``folder`` as this project does, on CI or not."""
    environment = {name: value for name, value in os.environ.items() if name != "CI"}
    command = [sys.executable, "-m", "pytest", "-p", "tests.plugins.no_skips", "-q", "-c"]
    command += [os.devnull, "--rootdir", str(folder), "-n", str(processes), str(folder)]
    return subprocess.run(
        command,
        cwd=ROOT,
        env=environment | ({"CI": "true"} if ci else {}),
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


def test_what_is_left_out_fails_on_ci_only(tmp_path: Path) -> None:
    (tmp_path / "test_passes.py").write_text(PASSES)
    files = {f"test_{number}.py": content for number, content in enumerate(LEFT_OUT.values())}
    for name, content in files.items():
        (tmp_path / name).write_text(content)
    assert run(tmp_path, ci=False).returncode == 0
    on_ci = run(tmp_path, ci=True)
    assert on_ci.returncode == 1
    named = on_ci.stdout.partition("skipped on CI, which is a failure")[2]
    assert {name for name in files if name in named} == set(files)
    assert "test_passes.py" not in named


def test_several_processes_report_it_too(tmp_path: Path) -> None:
    (tmp_path / "test_one.py").write_text(PASSES)
    (tmp_path / "test_two.py").write_text(LEFT_OUT["skip"])
    on_ci = run(tmp_path, ci=True, processes=2)
    assert on_ci.returncode == 1
    assert "test_two.py::test_x" in on_ci.stdout


def test_a_run_with_nothing_left_out_passes_on_ci(tmp_path: Path) -> None:
    (tmp_path / "test_one.py").write_text(PASSES)
    assert run(tmp_path, ci=True).returncode == 0
