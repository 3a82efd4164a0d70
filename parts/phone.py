"""A phone at Kannel's fake message centre: gets the messages, whole, and can answer."""

import socket
import threading
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from types import TracebackType
from typing import Self
from urllib.parse import quote_plus, unquote_to_bytes

from parts.processes import wait_until

# A part of a long message holds 134 octets if it is UCS-2, 153 characters if it is not.
_UCS2_PART = 134


@dataclass(frozen=True)
class Sms:
    """A message as its receiver sees it, with the number of parts it was paid for as."""

    sender: str
    receiver: str
    text: str
    parts: int


@dataclass
class Phone:
    """Stands for every number at once: connects to the fake centre's port and collects.

    While it is disconnected, the gateway keeps what is sent.
    """

    port: int
    _inbox: list[Sms] = field(default_factory=list)
    _parts: dict[tuple[str, str, int], dict[int, bytes]] = field(default_factory=dict)
    _socket: socket.socket | None = None
    _thread: threading.Thread | None = None

    def connect(self) -> None:
        """Switch it on."""
        self._socket = socket.create_connection(("127.0.0.1", self.port), timeout=10)
        self._socket.settimeout(None)
        self._thread = threading.Thread(target=self._read, args=(self._socket,), daemon=True)
        self._thread.start()

    def disconnect(self) -> None:
        """Switch it off; nothing happens if it is."""
        if self._socket and self._thread:
            with suppress(OSError):
                self._socket.shutdown(socket.SHUT_RDWR)
            self._thread.join(10)
            self._socket.close()
            self._socket = self._thread = None

    def messages(self, number: str | None = None) -> list[Sms]:
        """What has arrived whole, at ``number`` or at all, in order."""
        return [sms for sms in list(self._inbox) if number in (None, sms.receiver)]

    def wait_for(self, count: int, number: str | None = None, timeout: float = 10.0) -> list[Sms]:
        """Wait until ``count`` messages have arrived and return them; raises PartError if not."""

        def enough() -> list[Sms]:
            found = self.messages(number)
            return found if len(found) >= count else []

        return wait_until(enough, timeout, f"{count} messages at {number or 'the phone'}")

    def clear(self) -> None:
        """Forget what has arrived."""
        self._inbox.clear()

    def reply(self, number: str, text: str, to: str = "10690001") -> None:
        """Send ``text`` from ``number`` to the service number ``to``."""
        if not self._socket:
            raise OSError("the phone is not connected")
        self._socket.sendall(f"{number} {to} data {quote_plus(text)}\n".encode())

    def _read(self, connection: socket.socket) -> None:
        """Take in one line a message until the connection ends."""
        with suppress(OSError), connection.makefile("rb") as lines:
            for line in lines:
                self._take(line.rstrip(b"\n").decode("ascii", "replace"))

    def _take(self, line: str) -> None:
        """Read one line of the centre: ``from to TYPE payload``."""
        sender, receiver, kind, payload = line.split(" ", 3)
        if kind == "udh":
            header, _, data = payload.split(" ", 2)
            self._join(sender, receiver, unquote_to_bytes(header), _octets(data))
        else:
            self._deliver(sender, receiver, _READERS[kind](payload), 1)

    def _join(self, sender: str, receiver: str, header: bytes, data: bytes) -> None:
        """Keep a part, and deliver the message with its last one."""
        reference, total, number = header[-3:]
        parts = self._parts.setdefault((sender, receiver, reference), {})
        parts[number] = data
        if len(parts) < total:
            return
        del self._parts[sender, receiver, reference]
        # The centre does not tell the alphabet of a part, but only its size gives room for it.
        encoding = "utf-16-be" if len(parts[1]) <= _UCS2_PART else "latin-1"
        whole = b"".join(parts[number] for number in sorted(parts))
        self._deliver(sender, receiver, whole.decode(encoding), total)

    def _deliver(self, sender: str, receiver: str, text: str, parts: int) -> None:
        """Put a whole message where it is read."""
        self._inbox.append(Sms(sender, receiver, text, parts))

    def __enter__(self) -> Self:
        self.connect()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.disconnect()


def _octets(payload: str) -> bytes:
    """URL-encoded bytes, in which a plus is a space."""
    return unquote_to_bytes(payload.replace("+", " "))


_READERS: dict[str, Callable[[str], str]] = {
    "text": lambda payload: payload,
    "data": lambda payload: _octets(payload).decode("latin-1"),
    "ucs-2": lambda payload: _octets(payload).decode("utf-16-be"),
}
