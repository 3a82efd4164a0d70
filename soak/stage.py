"""Web and worker of one installation: killed, and started again as a supervisor would."""

import json
from datetime import timedelta
from types import TracebackType
from typing import Self

from sqlalchemy import select, update

from benchmarks.installation import Installation
from config import clock
from config.database import db, writing
from notifications.models import Delivery
from notifications.states import State
from parts.processes import Process, listening, wait_until

_LONG_AGO = timedelta(hours=1)
_IN_HAND = (State.QUEUED, State.CLAIMED, State.CALLING)
_TIMES = ("handed_out_at", "claimed_at", "calling_at", "next_try_at")


class Stage:
    """Both run inside ``with``. ``complaints`` are the errors they logged, other than by dying."""

    def __init__(self, place: Installation) -> None:
        self.place = place
        self.complaints: list[str] = []
        self._web: Process
        self._worker: Process

    def kill_web(self) -> None:
        """Kill all processes of the web side at once; returns when it answers again."""
        self._web.kill()
        wait_until(lambda: not listening(self.place.settings.port), what="the port free")
        self._note(self._web)
        self._web = self.place.web()

    def kill_worker(self) -> None:
        """Kill the worker; the next one starts when all that this one had taken is long expired."""
        self._worker.kill()
        self._note(self._worker)
        _let_leases_run_out()
        self._worker = self.place.worker()

    def worker_leads(self) -> bool:
        """Whether the worker that runs now has begun to work."""
        return self._worker.says('"leader_began"')

    def _note(self, process: Process) -> None:
        for line in process.output().splitlines():
            event = _event(line)
            if event.get("level") in ("error", "critical"):
                self.complaints.append(f"{process.name}: {line[:2000]}")

    def __enter__(self) -> Self:
        self._web, self._worker = self.place.web(), self.place.worker()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        for process in (self._web, self._worker):
            if process.stop():
                self.complaints.append(f"{process.name} does not stop when asked to")
            self._note(process)


def _event(line: str) -> dict[str, object]:
    """One line of a log; what is none is an error."""
    try:
        event: dict[str, object] = json.loads(line)
    except ValueError:
        return {"level": "error"}
    return event


def _let_leases_run_out() -> None:
    """Have an hour pass for all deliveries; while no worker runs this can't mislead one."""
    past = clock.now() - _LONG_AGO
    with writing():
        for name in _TIMES:
            column = getattr(Delivery, name)
            db.session.execute(
                update(Delivery)
                .where(Delivery.state.in_(_IN_HAND), column.is_not(None))
                .values({name: past})
                .execution_options(synchronize_session=False)
            )


def let_pauses_end() -> None:
    """Have the time come for whatever is to be tried again later."""
    now = clock.now()
    later = (Delivery.state == State.QUEUED, Delivery.next_try_at > now)
    db.session.rollback()
    if db.session.scalar(select(Delivery.id).where(*later).limit(1)) is None:
        return
    with writing():
        db.session.execute(
            update(Delivery)
            .where(*later)
            .values(next_try_at=now)
            .execution_options(synchronize_session=False)
        )
