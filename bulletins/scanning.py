"""Asking clamd whether a file is harmful, by its INSTREAM command (clamd(8)).

The command is ``zINSTREAM`` and a zero byte; then pieces, each after its length as four bytes, and
a length of zero at the end. The answer is ``stream: OK`` or ``stream: NAME FOUND``.
"""

import socket
import struct
from typing import IO
from urllib.parse import urlsplit

import structlog
from flask_babel import gettext as _

from bulletins.packages import Unacceptable
from config.errors import Unavailable

TIMEOUT = 60
_PIECE = 64 * 1024

log = structlog.get_logger(__name__)


def scan(url: str, file: IO[bytes]) -> None:
    """Let the clamd at ``tcp://host:port`` or ``unix:///path`` look at all of a seekable file.

    Raises Unacceptable where it finds something, and Unavailable where it doesn't say: what could
    not be looked at is not let in.
    """
    file.seek(0)
    try:
        with _connected(url) as clamd:
            answer = _asked(clamd, file)
    except OSError as error:
        log.error("clamd_unreachable", exc_info=error)
        raise _not_now() from error
    if answer.endswith(b"FOUND"):
        log.warning("harmful_file", found=answer.decode("ascii", "replace")[:200])
        raise Unacceptable(_("病毒检查发现问题，文件没有保存。请先在您的电脑上查杀病毒。"))
    if not answer.endswith(b"OK"):
        log.error("clamd_failed", answer=answer.decode("ascii", "replace")[:200])
        raise _not_now()


def _not_now() -> Unavailable:
    return Unavailable(
        _("暂时不能检查病毒，文件没有保存。"), hint=_("请稍后再传；若仍不行，请告诉系统管理员。")
    )


def _connected(url: str) -> socket.socket:
    parts = urlsplit(url)
    if parts.scheme == "unix":
        clamd = socket.socket(socket.AF_UNIX)
        clamd.settimeout(TIMEOUT)
        try:
            clamd.connect(parts.path)
        except OSError:
            clamd.close()
            raise
        return clamd
    return socket.create_connection((parts.hostname or "", parts.port or 3310), TIMEOUT)


def _asked(clamd: socket.socket, file: IO[bytes]) -> bytes:
    clamd.sendall(b"zINSTREAM\0")
    while piece := file.read(_PIECE):
        clamd.sendall(struct.pack("!L", len(piece)) + piece)
    clamd.sendall(struct.pack("!L", 0))
    answer = b""
    while len(answer) < 4096 and (more := clamd.recv(4096)):
        answer += more
    return answer.rstrip(b"\0\n ")
