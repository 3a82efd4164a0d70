"""Web and worker of one host as one family of processes, which share what they have loaded.

The worker is a process of its own, beside gunicorn's and forked like them from the master: started
alone it would hold all that is loaded once more. Run as ``python -m config.serving``; what
``gunicorn.conf.py`` says holds here too.
"""

import os
import select
import signal
import sys
import time
from typing import Any, NoReturn

import click
from gunicorn.app.wsgiapp import WSGIApplication
from gunicorn.arbiter import Arbiter
from gunicorn.errors import HaltServer

from config import console, working

REFUSED, FAILED = 1, 2
PAUSE = 5.0  # seconds


class Master(Arbiter):
    """gunicorn's master, which also keeps the one process that is the worker."""

    _worker = 0  # its process id; 0 where none runs
    _refused = False
    _begun = 0.0  # when it was started last
    _pause = 0.0

    def manage_workers(self) -> None:
        """Start the worker where none runs; one that refuses to start ends the service.

        One that fails, as when the database is away, is started again after a pause: web goes on.
        """
        if self._refused:
            raise HaltServer("The worker could not start.", REFUSED)
        if not self._worker and time.monotonic() >= self._begun + self._pause:
            self._begun = time.monotonic()
            self._worker = self._forked()
        super().manage_workers()

    def reap_workers(self) -> None:
        """Learn that the worker ended before gunicorn counts it among unknown children."""
        self._reap()
        super().reap_workers()

    def reload(self) -> None:
        """Begin anew with settings read again, the worker too."""
        super().reload()
        self._tell(signal.SIGTERM)

    def stop(self, graceful: bool = True) -> None:
        """Ask all to stop; the worker may end what it has in hand, for as long as web may."""
        self._tell(signal.SIGTERM)
        end = time.monotonic() + self.cfg.graceful_timeout
        super().stop(graceful)
        if self._worker:
            ended = os.pidfd_open(self._worker)
            select.select([ended], [], [], max(0, end - time.monotonic()))
        self._reap()
        self._tell(signal.SIGKILL)

    def _reap(self) -> None:
        if self._worker and (ended := os.waitpid(self._worker, os.WNOHANG))[0]:
            self._worker = 0
            status = os.waitstatus_to_exitcode(ended[1])
            self._refused = status == REFUSED
            # Killed from outside it is started again at once, as gunicorn does with its own.
            self._pause = PAUSE if status == FAILED else 0.0

    def _tell(self, number: signal.Signals) -> None:
        if self._worker:
            os.kill(self._worker, number)

    def _forked(self) -> int:
        process = os.fork()
        if not process:
            self._work()
        return process

    def _work(self) -> NoReturn:
        """What the worker's process does, until it is told to stop or the master is gone."""
        for number in (*self.SIGNALS, signal.SIGCHLD):
            signal.signal(number, signal.SIG_DFL)
        for listener in self.LISTENERS:
            listener.close()
        for sibling in self.WORKERS.values():
            sibling.tmp.close()
        status, master = FAILED, self.pid
        try:
            application: Any = self.app.wsgi()
            working.leave_connections(application)
            with application.app_context():
                working.work(application, wanted=lambda: os.getppid() == master)
            status = 0
        except Exception as error:
            status = REFUSED if isinstance(error, console.Refused) else FAILED
            click.echo(f"Error: {console.reason_of(error)}", err=True)
        finally:
            sys.stderr.flush()
            os._exit(status)


class Service(WSGIApplication):
    """What gunicorn runs, under our master."""

    def run(self) -> None:
        """Serve until told to stop."""
        master: Any = Master(self)
        master.run()


if __name__ == "__main__":
    Service().run()
