"""All processes of an installation of several hosts: killed, and started again at once."""

import os
import random
import signal
import threading
from collections.abc import Callable
from contextlib import suppress
from types import TracebackType
from typing import Self

from benchmarks.installation import Installation
from parts.processes import PartError, Process, members

_EACH = 2


class Crew:
    """Two schedulers, of which one leads, and two broker's workers; all run inside ``with``.

    Whatever dies is started again, as a supervisor would. With ``killing`` set, one process of the
    workers dies each second, by ``dice``.
    """

    def __init__(self, place: Installation, dice: random.Random) -> None:
        self.kills = 0
        self.killing = threading.Event()
        self._makers: list[Callable[[], Process]] = [place.worker] * _EACH
        self._makers += [place.celery] * _EACH
        self._running: list[Process] = []
        self._dice = dice
        self._done = threading.Event()
        self._lock = threading.Lock()
        self._thread = threading.Thread(target=self._tend, daemon=True)

    def kill_leader(self) -> None:
        """Kill the scheduler that leads."""
        with self._lock:
            for process in self._running[:_EACH]:
                if _leads(process):
                    process.kill()
                    self.kills += 1
                    return

    def kill_a_worker(self, luck: float) -> None:
        """Kill one process of a broker's worker, be it the one that keeps the others."""
        with self._lock:
            pids = [pid for one in self._running[_EACH:] for pid in members(one.pid)]
            if pids:
                with suppress(ProcessLookupError):
                    os.kill(pids[int(luck * len(pids))], signal.SIGKILL)
                    self.kills += 1

    def leads(self) -> bool:
        """Whether one of the schedulers leads."""
        return any(one.running and _leads(one) for one in self._running[:_EACH])

    def _tend(self) -> None:
        """Start again what has died, and kill where that is wanted."""
        while not self._done.wait(1.0):
            if self.killing.is_set():
                self.kill_a_worker(self._dice.random())
            for number, process in enumerate(self._running):
                if not process.running:
                    process.kill()  # what it leaves behind
                    try:
                        fresh = self._makers[number]()
                    except PartError:  # the database is away; it is tried again in a second
                        continue
                    with self._lock:
                        self._running[number] = fresh

    def __enter__(self) -> Self:
        self._running = [make() for make in self._makers]
        self._thread.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._done.set()
        self._thread.join(120)
        for process in self._running:
            process.stop()


def _leads(process: Process) -> bool:
    said = process.output()
    return said.count('"leader_began"') > said.count('"leader_ended"')
