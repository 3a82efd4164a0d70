"""Postfix's ``smtp-sink`` on loopback: takes mail as fast as can be, and throws it away."""

import os
from types import TracebackType
from typing import Self

from parts.ports import free_port
from parts.processes import Process, listening, program, start

_BACKLOG = "100"


class Sink:
    """The server, inside ``with``. Being root it runs as nobody."""

    def __init__(self) -> None:
        self.port = free_port()
        self._process: Process | None = None

    @property
    def url(self) -> str:
        """Its address, as the settings take it."""
        return f"smtp://127.0.0.1:{self.port}"

    def _as_nobody(self) -> list[str]:
        return ["-u", "nobody"] if os.geteuid() == 0 else []

    def __enter__(self) -> Self:
        address = f"127.0.0.1:{self.port}"
        self._process = start(
            [program("smtp-sink", "postfix"), *self._as_nobody(), address, _BACKLOG],
            name="smtp-sink",
            ready=lambda _: listening(self.port),
        )
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if self._process:
            self._process.stop()
