"""Whether a broker answers, found out without the library that talks to it: web loads none."""

import socket
import ssl
from contextlib import suppress
from urllib.parse import urlsplit

from flask import current_app

from config.settings import Settings

_HELLO = b"AMQP\x00\x00\x09\x01"
_METHOD_FRAME = 1
_SECONDS = 2.0


def broker_answers() -> bool | None:
    """Whether the broker greets whoever greets it; None where none is set."""
    settings: Settings = current_app.extensions["settings"]
    url = settings.broker_url.get_secret_value()
    return _greets(url) if url else None


def _greets(url: str) -> bool:
    parts = urlsplit(url)
    secure = parts.scheme == "amqps"
    address = parts.hostname or "localhost", parts.port or (5671 if secure else 5672)
    with suppress(OSError), socket.create_connection(address, timeout=_SECONDS) as plain:
        line = _encrypted(plain, address[0]) if secure else plain
        line.sendall(_HELLO)
        return line.recv(1)[:1] == bytes([_METHOD_FRAME])
    return False


def _encrypted(plain: socket.socket, host: str) -> socket.socket:
    return ssl.create_default_context().wrap_socket(plain, server_hostname=host)
