"""The worker process: finishes what is in hand, one leads, another takes over."""

import signal
import sys
from contextlib import ExitStack
from pathlib import Path

from app import create_app
from config.database import db
from config.settings import Settings
from parts.processes import Process, start, wait_until
from tests.operations.conftest import ROOT, command, environment

SLOW = """
import sys, threading
from datetime import timedelta
from pathlib import Path
import app
from config.scheduling import Job
folder = Path(sys.argv.pop())

def schedule_runs():
    return any(thread.name == "APScheduler" for thread in threading.enumerate())

def slow():
    (folder / "begun").touch()
    while schedule_runs() or not (folder / "go").exists():
        threading.Event().wait(0.02)
    (folder / "done").touch()
    return True

hour = timedelta(hours=1)
app.JOBS = [Job("slow", slow, hour, then="next"), Job("next", lambda: None, hour)]
made = app.create_app()
with made.app_context():
    made.cli.main(args=["worker"])
"""

NAMED = """
import sys, threading
from datetime import timedelta
from pathlib import Path
import app
import config.scheduling
from apscheduler.events import EVENT_JOB_MAX_INSTANCES
from apscheduler.schedulers.background import BackgroundScheduler
from config.scheduling import Job
folder = Path(sys.argv.pop())

class Watched(BackgroundScheduler):
    def start(self):
        self.add_listener(lambda event: (folder / "left").touch(), EVENT_JOB_MAX_INSTANCES)
        super().start()

config.scheduling.BackgroundScheduler = Watched

def wait_for(name):
    while not (folder / name).exists():
        threading.Event().wait(0.02)

def busy():
    if (folder / "begun").exists():
        (folder / "again").touch()
    (folder / "begun").touch()
    wait_for("left")

def naming():
    wait_for("begun")
    return True

hour = timedelta(hours=1)
app.JOBS = [Job("busy", busy, hour), Job("naming", naming, hour, then="busy")]
made = app.create_app()
with made.app_context():
    made.cli.main(args=["worker"])
"""


def worker(settings: Settings) -> Process:
    """A worker of that installation."""
    return start(command(["worker"]), name="worker", env=environment(settings), cwd=ROOT)


def test_what_is_in_hand_is_finished(prepared: Settings, tmp_path: Path) -> None:
    """The schedule ends first: a job that names the next one must not wait for it for ever."""
    with start(
        [sys.executable, "-c", SLOW, str(tmp_path)], env=environment(prepared), cwd=ROOT
    ) as process:
        wait_until((tmp_path / "begun").exists, 60, "the job")
        process.signal(signal.SIGTERM)
        assert process.running
        (tmp_path / "go").touch()
        assert process.wait() == 0
        assert (tmp_path / "done").exists()


def test_a_job_named_while_it_runs_has_its_turn_after_that(
    prepared: Settings, tmp_path: Path
) -> None:
    """It may have looked for work just before there was some."""
    with start(
        [sys.executable, "-c", NAMED, str(tmp_path)], env=environment(prepared), cwd=ROOT
    ) as process:
        wait_until((tmp_path / "again").exists, 60, "its second turn")
        assert process.stop() == 0


def test_another_takes_over_from_a_killed_one(prepared: Settings) -> None:
    with ExitStack() as stack:
        first = stack.enter_context(worker(prepared))
        wait_until(lambda: first.says("leader_began"), 60)
        second = stack.enter_context(worker(prepared))
        assert not second.says("leader_began")
        first.kill()
        wait_until(lambda: second.says("leader_began"), 60)
        (prepared.data_dir / "worker-beat").unlink(missing_ok=True)
        wait_until((prepared.data_dir / "worker-beat").exists)
        assert second.stop() == 0


def test_a_database_without_tables_is_refused(bare: Settings) -> None:
    app = create_app(bare)
    with app.app_context():
        done = app.test_cli_runner().invoke(args=["worker"])
        db.engine.dispose()
    assert (done.exit_code, done.stderr.count("\n")) == (1, 1)
    assert "not up to date" in done.stderr
