"""How each fault is done, and undone."""

import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from notifications.states import COMPOSING, Queue
from parts.kannel import Kannel
from parts.mailbox import Mailbox
from parts.postgresql import PostgreSQL
from parts.rabbitmq import RabbitMQ
from soak.crew import Crew
from soak.faults import Blow

_NO_ROOM = "1000000GB"  # that RabbitMQ wants free, so that it takes nothing
_ROOM = "50MB"


@dataclass
class Striker:
    """Breaks one part after the other for a while."""

    crew: Crew
    server: PostgreSQL
    rabbitmq: RabbitMQ
    mailbox: Mailbox
    kannel: Kannel
    refused: Sequence[str]

    def strike(self, blow: Blow) -> None:
        """Break what ``blow`` says, wait, and mend it."""
        getattr(self, f"_{blow.fault.name.lower()}")(blow)

    def _workers_killed(self, blow: Blow) -> None:
        self.crew.kill_a_worker(blow.luck)
        was_killing = self.crew.killing.is_set()
        self.crew.killing.set()
        _wait(blow)
        if not was_killing:
            self.crew.killing.clear()

    def _leader_killed(self, blow: Blow) -> None:
        self.crew.kill_leader()
        _wait(blow)

    def _session_cut(self, blow: Blow) -> None:
        self.server.end_lock_sessions()
        _wait(blow)

    def _broker_stopped(self, blow: Blow) -> None:
        self._away(blow, self.rabbitmq.stop, self.rabbitmq.start)

    def _broker_killed(self, blow: Blow) -> None:
        self._away(blow, self.rabbitmq.kill, self.rabbitmq.start)

    def _broker_emptied(self, blow: Blow) -> None:
        for queue in (*Queue, COMPOSING):
            self.rabbitmq.purge(queue)
        _wait(blow)

    def _broker_full(self, blow: Blow) -> None:
        self._away(
            blow,
            lambda: self.rabbitmq.control("set_disk_free_limit", _NO_ROOM),
            lambda: self.rabbitmq.control("set_disk_free_limit", _ROOM),
        )

    def _database_restarted(self, blow: Blow) -> None:
        self._away(blow, self.server.kill, self.server.start)

    def _disk_full(self, blow: Blow) -> None:
        self.server.fill_disk()
        _wait(blow)
        self.server.free_disk()

    def _mail_refused(self, blow: Blow) -> None:
        self._away(blow, self.mailbox.stop, self.mailbox.start)

    def _mail_hangs(self, blow: Blow) -> None:
        self._away(blow, self.mailbox.hang, self._behave)

    def _mail_deferred(self, blow: Blow) -> None:
        self._away(blow, self.mailbox.defer, self._behave)

    def _mail_broken_off(self, blow: Blow) -> None:
        self._away(blow, self.mailbox.drop, self._behave)

    def _mail_taken_and_gone(self, blow: Blow) -> None:
        self._away(blow, lambda: self.mailbox.drop(keep=True, times=3), self._behave)

    def _sms_gone(self, blow: Blow) -> None:
        self._away(blow, self.kannel.stop_gateway, self.kannel.start_gateway)

    def _behave(self) -> None:
        misbehave(self.mailbox, self.refused)

    def _away(self, blow: Blow, going: Callable[[], object], coming: Callable[[], object]) -> None:
        going()
        _wait(blow)
        coming()


def misbehave(mailbox: Mailbox, refused: Sequence[str]) -> None:
    """Have the mail server take everything but what it refuses for good."""
    mailbox.behave()
    for address in refused:
        mailbox.refuse(address, "554 5.7.1 Not from you")  # for good, but nobody is gone


def _wait(blow: Blow) -> None:
    threading.Event().wait(blow.seconds)
