"""RabbitMQ on loopback with a data folder and an epmd of its own."""

import os
import pwd
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import TracebackType
from typing import Self

import amqp
from amqp.exceptions import NotFound

from parts.leftovers import remove, scratch_folder
from parts.ports import free_port
from parts.processes import Process, listening, program, run, start, wait_until

_USER = "rabbitmq"
_PACKAGE = "rabbitmq-server"
_PROGRAMS = Path("/usr/lib/rabbitmq/bin")
_STARTED = "Starting broker... completed"


class RabbitMQ:
    """The broker, from ``start()``, or ``with``, to ``stop()``; what is durable outlasts a stop."""

    def __init__(self) -> None:
        self.port = free_port()
        self._dist_port = free_port()
        self._epmd_port = free_port()
        self._user = _USER if os.geteuid() == 0 else None
        self._folder = scratch_folder("rabbitmq")
        self._process: Process | None = None
        self._mapper: Process | None = None
        if self._user:
            shutil.chown(self._folder, self._user)

    @property
    def url(self) -> str:
        """The broker's address, as the settings take it."""
        return f"amqp://guest:guest@127.0.0.1:{self.port}//"

    def start(self) -> None:
        """Be there; nothing happens if it is."""
        if self._process and self._process.running:
            return
        if not self._mapper:
            self._mapper = self._started_mapper()
        self._process = start(
            [program("rabbitmq-server", _PACKAGE, _PROGRAMS)],
            name="RabbitMQ",
            ready=lambda process: process.says(_STARTED),
            timeout=90,
            env=self._environment(),
            cwd=self._folder,
            user=self._user,
        )

    def stop(self) -> None:
        """Be away: connections break and nobody listens at ``port``."""
        if self._process:
            self._process.stop(timeout=30)
            self._process = None

    def kill(self) -> None:
        """Kill it as a loss of power would."""
        if self._process:
            self._process.kill()  # its shell; Erlang, in the same group, dies a moment later
            self._process = None
            wait_until(lambda: not listening(self.port), what="the port free")

    def control(self, *words: str) -> str:
        """What ``rabbitmqctl`` says to ``words``."""
        command = [program("rabbitmqctl", _PACKAGE, _PROGRAMS), "--quiet", *words]
        return run(command, user=self._user, cwd=self._folder, env=self._environment())

    def purge(self, queue: str) -> int:
        """Forget all that waits in a queue; returns how much that was."""
        with self._channel() as channel:
            return int(channel.queue_purge(queue))

    def waiting(self, queue: str) -> int:
        """How many messages wait in a queue, not counting what workers have; 0 if there is none."""
        with self._channel() as channel:
            try:
                return int(channel.queue_declare(queue, passive=True).message_count)
            except NotFound:
                return 0

    def put(self, queue: str, body: bytes) -> None:
        """Put a message into a queue, whatever it says."""
        with self._channel() as channel:
            channel.basic_publish(amqp.Message(body), routing_key=queue)

    @contextmanager
    def _channel(self) -> Iterator[amqp.Channel]:
        address = f"127.0.0.1:{self.port}"
        with amqp.Connection(address, connect_timeout=10) as connection:
            yield connection.channel()

    def _started_mapper(self) -> Process:
        """Erlang's port mapper: left to itself, the broker would make one that outlives it."""
        return start(
            [program("epmd", "erlang-base"), "-port", str(self._epmd_port)],
            name="epmd",
            ready=lambda _: listening(self._epmd_port),
            env=self._environment(),
            cwd=self._folder,
            user=self._user,
        )

    def _environment(self) -> dict[str, str]:
        """Everything in its own folder and on loopback, the port mapper too."""
        home = pwd.getpwnam(self._user).pw_dir if self._user else str(Path.home())
        return {
            "HOME": home,
            "RABBITMQ_NODENAME": f"changtong{self.port}@localhost",
            "RABBITMQ_NODE_IP_ADDRESS": "127.0.0.1",
            "RABBITMQ_NODE_PORT": str(self.port),
            "RABBITMQ_DIST_PORT": str(self._dist_port),
            "RABBITMQ_MNESIA_BASE": str(self._folder / "data"),
            "RABBITMQ_LOG_BASE": str(self._folder / "log"),
            "RABBITMQ_PID_FILE": str(self._folder / "pid"),
            "RABBITMQ_ENABLED_PLUGINS_FILE": str(self._folder / "plugins"),
            "RABBITMQ_SERVER_ADDITIONAL_ERL_ARGS": (
                "-kernel inet_dist_use_interface {127,0,0,1} +sbwt none"
            ),
            "ERL_EPMD_ADDRESS": "127.0.0.1",
            "ERL_EPMD_PORT": str(self._epmd_port),
        }

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.stop()
        if self._mapper:
            self._mapper.stop()
        remove(self._folder)
