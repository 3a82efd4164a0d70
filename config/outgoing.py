"""One call of another system: to the address that was checked, within one deadline, read in part.

No redirect is followed, and no proxy of the environment used.
"""

import http.client
import socket
import ssl
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import Future
from contextlib import closing, suppress
from dataclasses import dataclass
from functools import cache, partial
from types import TracebackType
from typing import Literal, Self
from urllib.parse import SplitResult, urlsplit

from config.public_addresses import resolved

DEADLINE = 10.0
"""Seconds that a call may take in all, from looking up the name to the last byte of the answer."""

MOST_ANSWER = 64 * 1024
"""Bytes of an answer that are read."""

_NO_ISSUER = frozenset({2, 20, 21})
"""What OpenSSL says where it finds no issuer: X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT,
_UNABLE_TO_GET_ISSUER_CERT_LOCALLY and _UNABLE_TO_VERIFY_LEAF_SIGNATURE of x509_vfy.h."""

_NO_SUCH_NAME = frozenset({socket.EAI_NONAME, getattr(socket, "EAI_NODATA", socket.EAI_NONAME)})


class SilentError(Exception):
    """The other side did not answer; the message is a word for the log."""


class SlowError(SilentError):
    """It did not answer in time."""


class UnknownHostError(SilentError):
    """No such name is known; a name server that fails is only silent."""


class UntrustedError(SilentError):
    """Its certificate is not to be trusted.

    ``lacks_issuer``: whoever issued it is not known here. That need not be its fault: browsers
    fetch a certificate that a server forgot to send, and some trust more authorities.
    """

    def __init__(self, word: str, *, lacks_issuer: bool = False) -> None:
        super().__init__(word)
        self.lacks_issuer = lacks_issuer


@dataclass(frozen=True)
class Answer:
    """What the other side said, its body cut at 64 KB. ``location`` is where it sends on to."""

    status: int
    body: bytes
    retry_after: str = ""
    location: str = ""


@dataclass(frozen=True)
class _Call:
    """One request; ``most`` are the bytes of the answer's body that are read."""

    method: str
    url: str
    headers: Mapping[str, str]
    body: bytes | None = None
    most: int = 0


def post(
    url: str, headers: Mapping[str, str], body: bytes, allowed: str, seconds: float = DEADLINE
) -> Answer:
    """Send ``body`` to ``url`` and read the answer; by TLS alone where the address is public.

    ``allowed`` are private networks that may be called. Raises ForbiddenError, SilentError.
    """
    call = _Call("POST", url, headers, body, MOST_ANSWER)
    return _made(call, allowed, seconds, by_tls_alone=True)


def visit(
    method: Literal["HEAD", "GET"],
    url: str,
    headers: Mapping[str, str],
    allowed: str,
    seconds: float = DEADLINE,
) -> Answer:
    """Ask whether there is a page at ``url``, which may be a public one without TLS.

    Nothing of its body is read. Raises as ``post`` does.
    """
    return _made(_Call(method, url, headers), allowed, seconds, by_tls_alone=False)


def _made(call: _Call, allowed: str, seconds: float, *, by_tls_alone: bool) -> Answer:
    parts = urlsplit(call.url)
    encrypted = parts.scheme == "https"
    host = parts.hostname or ""
    port = parts.port or (443 if encrypted else 80)
    until = time.monotonic() + seconds
    look_up = partial(resolved, host, port, allowed, encrypted=encrypted or not by_tls_alone)
    addresses = _within(seconds, look_up)
    with closing(http.client.HTTPConnection(host, port)) as line, _Deadline(until) as deadline:
        try:
            line.sock = deadline.watched(_connected(addresses, port, until))
            if encrypted:
                line.sock = secured = _wrapped(line.sock, host)
                deadline.watched(secured)
                secured.do_handshake()
            answer = _asked(line, call, parts)
        except ssl.SSLCertVerificationError as error:
            lacks_issuer = error.verify_code in _NO_ISSUER
            raise UntrustedError("certificate", lacks_issuer=lacks_issuer) from error
        except (OSError, http.client.HTTPException, ValueError) as error:
            if deadline.is_over or isinstance(error, TimeoutError):
                raise SlowError("too_slow") from error
            raise SilentError(type(error).__name__) from error
        if deadline.is_over:  # cut off, what came may be half of it
            raise SlowError("too_slow")
        return answer


def _asked(line: http.client.HTTPConnection, call: _Call, parts: SplitResult) -> Answer:
    path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    sent = {"Host": parts.netloc, "User-Agent": "Changtong", "Connection": "close"}
    line.request(call.method, path, call.body, {**sent, **call.headers})
    answer = line.getresponse()
    headers = answer.headers
    return Answer(
        answer.status,
        answer.read(call.most),
        headers.get("Retry-After", ""),
        headers.get("Location", ""),
    )


class _Deadline:
    """Ends a connection when time is up, however slowly its bytes drip."""

    def __init__(self, until: float) -> None:
        self.is_over = False
        self._socket: socket.socket | None = None
        self._timer = threading.Timer(max(until - time.monotonic(), 0), self._end)
        self._timer.daemon = True

    def __enter__(self) -> Self:
        self._timer.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._timer.cancel()

    def watched(self, connected: socket.socket) -> socket.socket:
        """``connected``, which ends with the deadline from now on."""
        self._socket = connected
        if self.is_over:
            self._end()
        return connected

    def _end(self) -> None:
        self.is_over = True
        if self._socket is not None:
            with suppress(OSError):
                # that of a plain socket: TLS's own would take its state from under the reader
                socket.socket.shutdown(self._socket, socket.SHUT_RDWR)


def _within(seconds: float, look_up: Callable[[], Sequence[str]]) -> Sequence[str]:
    """What looking up a name gives; a name server that is silent is not waited for any longer."""
    found: Future[Sequence[str]] = Future()

    def run() -> None:
        try:
            found.set_result(look_up())
        except Exception as error:  # raised where it is waited for
            found.set_exception(error)

    # not one of a pool: the process must not wait for it at its end
    threading.Thread(target=run, name="look-up", daemon=True).start()
    try:
        return found.result(seconds)
    except TimeoutError as error:
        raise SlowError("too_slow") from error
    except (OSError, UnicodeError) as error:
        if isinstance(error, OSError) and error.errno not in _NO_SUCH_NAME:
            raise SilentError("look_up_failed") from error
        raise UnknownHostError("unknown_host") from error


def _connected(addresses: Sequence[str], port: int, until: float) -> socket.socket:
    """A connection to the first address that takes one."""
    failed: OSError = TimeoutError()
    for one in addresses:
        left = until - time.monotonic()
        if left <= 0:
            raise TimeoutError
        try:
            return socket.create_connection((one, port), timeout=left)
        except OSError as error:
            failed = error
    raise failed


def _wrapped(connected: socket.socket, host: str) -> ssl.SSLSocket:
    return trust().wrap_socket(connected, server_hostname=host, do_handshake_on_connect=False)


@cache
def trust() -> ssl.SSLContext:
    """The authorities that this machine trusts, so that one's own can be added to it."""
    return ssl.create_default_context()
