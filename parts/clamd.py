"""A real clamd on loopback that knows one signature of its own and asks nobody for more."""

from types import TracebackType
from typing import Self

from parts.leftovers import remove, scratch_folder
from parts.ports import free_port
from parts.processes import Process, listening, program, start

HARMFUL = b"CHANGTONG-TEST-FILE-THAT-CLAMD-IS-TO-FIND"
"""What its one signature finds, wherever it stands in a file."""

_CONFIG = """\
Foreground yes
TCPSocket {port}
TCPAddr 127.0.0.1
DatabaseDirectory {folder}
StreamMaxLength 1M
MaxThreads 2
"""


class Clamd:
    """The scanner, from ``start()``, or ``with``, to ``stop()``; it takes files of 1 MB at most."""

    def __init__(self) -> None:
        self.port = free_port()
        self._folder = scratch_folder("clamd")
        self._process: Process | None = None
        # An extended signature (.ndb): name, any type of file, any offset, the bytes in hex.
        signature = f"Changtong.Test:0:*:{HARMFUL.hex()}\n"
        (self._folder / "test.ndb").write_text(signature, encoding="ascii")
        text = _CONFIG.format(port=self.port, folder=self._folder)
        (self._folder / "clamd.conf").write_text(text, encoding="ascii")

    @property
    def url(self) -> str:
        """Its address, as the settings take it."""
        return f"tcp://127.0.0.1:{self.port}"

    def start(self) -> None:
        """Be there; nothing happens if it is."""
        if self._process:
            return
        clamd = program("clamd", "clamav-daemon")
        self._process = start(
            [clamd, f"--config-file={self._folder / 'clamd.conf'}"],
            name="clamd",
            ready=lambda _: listening(self.port),
        )

    def stop(self) -> None:
        """Be away: nobody listens at ``port``."""
        if self._process:
            self._process.stop()
            self._process = None

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
        remove(self._folder)
