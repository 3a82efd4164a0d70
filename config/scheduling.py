"""The schedule: jobs of all folders, run by one leader at a time in the worker process."""

import signal
import threading
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import structlog
from apscheduler.executors.pool import BasePoolExecutor
from apscheduler.jobstores.base import JobLookupError
from apscheduler.schedulers.background import BackgroundScheduler
from flask import Flask, current_app

from config import clock
from config.database import db
from config.leading import leadership
from config.queueing import UnreachableError, broker
from config.settings import Settings

_LEADING = "leading"
_GLANCE = 0.2  # seconds between two looks at whether we still lead
_EPOCH = datetime.fromtimestamp(0, UTC)

log = structlog.get_logger(__name__)


@dataclass(frozen=True)
class Job:
    """Something the schedule does again and again; never two runs of it at once.

    Its turns lie on the clock, so that what is due at a full hour is done at that hour. One with a
    ``queue`` is left to the workers of a broker, where there are any; here each has a thread. Once
    one has done something, as it says by what it returns, the job named ``then`` has its turn at
    once.
    """

    name: str
    run: Callable[[], object]
    every: timedelta
    queue: str = ""
    then: str = ""


class _Turns(BasePoolExecutor):  # type: ignore[misc]
    """Runs the jobs in threads which the worker itself waits for.

    The schedule would wait with its locks held, and a job that names the next one needs these.
    """

    def __init__(self, threads: ThreadPoolExecutor) -> None:
        super().__init__(threads)


def _run(job: Job) -> object:
    sender = broker() if job.queue else None
    if sender:
        try:
            sender.send(job.queue, "job", [job.name], job.every.total_seconds())
        except UnreachableError as error:
            log.warning("broker_unreachable", queue=job.queue, reason=str(error))
        else:
            return None
    return job.run()


def _latest_turn(every: timedelta) -> datetime:
    """The last moment, now at the latest, that is a multiple of ``every``: late, so run at once."""
    now = clock.now()
    return now - (now - _EPOCH) % every


def still_leads() -> bool:
    """Whether this process may go on with what the leader does; one without a schedule always."""
    leading: threading.Event | None = current_app.extensions.get(_LEADING)
    return leading is None or leading.is_set()


class Worker:
    """The worker process: waits for leadership, runs the schedule, stops when either ends.

    ``first`` is done by each new leader before any job runs; it also stops once it is not
    ``wanted`` any more.
    """

    def __init__(
        self,
        app: Flask,
        jobs: Sequence[Job],
        first: Callable[[], object] = lambda: None,
        wanted: Callable[[], bool] = lambda: True,
    ) -> None:
        settings: Settings = app.extensions["settings"]
        self._app = app
        self._jobs = jobs
        self._first = first
        self._wanted = wanted
        self._leadership = leadership(settings)
        self._leading = app.extensions[_LEADING] = threading.Event()
        self._stopping = threading.Event()
        self._named: set[str] = set()
        self.pool = ThreadPoolExecutor(settings.worker_threads, thread_name_prefix="delivery")

    def run(self) -> None:
        """Work until a signal to stop; returns after what is in hand is done."""
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, lambda *_: self._stopping.set())
        while not self._stopping.is_set() and self._wanted():
            if self._leadership.take():
                self._lead()
            self._stopping.wait(1)
        self.pool.shutdown(wait=True, cancel_futures=True)

    def _lead(self) -> None:
        log.info("leader_began")
        if not self._made_ready():
            self._leadership.release()
            return
        threads = ThreadPoolExecutor(len(self._jobs), thread_name_prefix="job")
        scheduler = BackgroundScheduler(timezone="UTC", executors={"default": _Turns(threads)})
        for job in self._jobs:
            scheduler.add_job(
                self._guarded,
                "interval",
                args=(job, scheduler),
                seconds=job.every.total_seconds(),
                id=job.name,
                max_instances=1,
                coalesce=True,
                misfire_grace_time=None,
                next_run_time=_latest_turn(job.every),
            )
        self._leading.set()
        scheduler.start()
        self._watch()
        self._leading.clear()
        scheduler.shutdown(wait=False)
        threads.shutdown(wait=self._leadership.holds())
        self._leadership.release()
        log.info("leader_ended")

    def _watch(self) -> None:
        """Return when we are to stop, or do not lead any more."""
        asked_at = 0.0
        while not self._stopping.wait(_GLANCE) and self._wanted():
            if time.monotonic() - asked_at > 1 or self._leadership.is_doubtful():
                if not self._leadership.holds():
                    log.error("leadership_lost")
                    return
                self.beat()
                asked_at = time.monotonic()

    def _made_ready(self) -> bool:
        """Whether what comes before the jobs succeeded; else it is tried again."""
        with self._app.app_context():
            try:
                self._first()
            except Exception:
                log.exception("leader_not_ready")
                return False
            finally:
                db.session.remove()
        return True

    def beat(self) -> None:
        """Show that the worker lives, for readiness and metrics."""
        path = Path(self._app.config["DATA_DIR"]) / "worker-beat"
        with suppress(OSError):  # a full disk shows by what it stops; this is no reason to stop
            path.write_text(clock.now().isoformat(), encoding="ascii")

    def _guarded(self, job: Job, scheduler: BackgroundScheduler) -> None:
        """Run a job, and once more if it was named meanwhile: it may have looked before that."""
        again = True
        while again:
            self._named.discard(job.name)
            if self._ran(job) and job.then:
                self._named.add(job.then)
                with suppress(JobLookupError):  # we have stopped leading
                    scheduler.modify_job(job.then, next_run_time=clock.now())
            again = job.name in self._named and self._leading.is_set()

    def _ran(self, job: Job) -> object:
        """What a job says that it has done."""
        with self._app.app_context():
            try:
                return _run(job)
            except Exception:  # a failing run must not end the schedule
                log.exception("job_failed", job=job.name)
                return None
            finally:
                db.session.remove()
