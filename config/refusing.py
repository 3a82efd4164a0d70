"""What a client still sends that has been answered already, as where a body is too large.

Were the connection closed while it sends, the answer could be lost on the way: what arrives at a
closed connection resets it. So the answer says that the connection ends, and what still comes is
read and thrown away for a while, until the client has read the answer and closes too.
"""

import contextlib
import socket
import time
from typing import Any

NOT_WORTH_IT = 64 * 1024
"""Bytes; so much gunicorn reads away by itself, and the connection can be used again."""

MOST_HEARD = 64 * 1024 * 1024
SECONDS = 10.0
_PART = 64 * 1024


def announce(request: Any) -> None:
    """Let the answer to gunicorn's ``request`` say that the connection ends if a rest is left."""
    usual = request.should_close
    request.should_close = lambda: usual() or _has_rest(request)


def hear_out(request: Any, sock: socket.socket) -> None:
    """Read away what is left of an answered request, for a limited time."""
    if not _has_rest(request):
        return
    end, heard = time.monotonic() + SECONDS, 0
    with contextlib.suppress(OSError):
        sock.shutdown(socket.SHUT_WR)
        while heard < MOST_HEARD and (left := end - time.monotonic()) > 0:
            sock.settimeout(left)
            part = sock.recv(_PART)
            if not part:
                break
            heard += len(part)


def _has_rest(request: Any) -> bool:
    """Whether much of the body was not read; of one sent in chunks, whether its end was not."""
    reader = request.body.reader
    if hasattr(reader, "length"):
        return bool(reader.length > NOT_WORTH_IT)
    return bool(getattr(reader, "parser", None))
