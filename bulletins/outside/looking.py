"""Looking whether there is a page at an address: no more of it is asked for than that.

Reads no database.
"""

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from bulletins.outside.addresses import address, host_of
from bulletins.outside.states import Seen, judged
from config.outgoing import (
    Answer,
    SilentError,
    SlowError,
    UnknownHostError,
    UntrustedError,
    visit,
)
from config.public_addresses import ForbiddenError

SECONDS = 20.0
"""How long one link may take with all that it leads on to."""

HOPS = 5
"""How often an address may send on to another one."""

_HEADERS = {"User-Agent": "Mozilla/5.0 (compatible; Changtong)", "Accept": "text/html, */*;q=0.5"}
_ONWARD = frozenset({301, 302, 303, 307, 308})
_TOO_MANY = 429


@dataclass(frozen=True)
class Look:
    """What was seen, and the last answer's status. ``wants_rest``: its host is in trouble."""

    seen: Seen
    status: int | None = None
    wants_rest: bool = False


class Lines:
    """One request at a time to each host, whoever asks."""

    def __init__(self) -> None:
        self._guard = threading.Lock()
        self._hosts: dict[str, threading.Lock] = {}

    @contextmanager
    def to(self, host: str, seconds: float) -> Iterator[None]:
        """Have the host to oneself. Raises SlowError where others have it for so long."""
        with self._guard:
            mine = self._hosts.setdefault(host, threading.Lock())
        if not mine.acquire(timeout=max(seconds, 0)):
            raise SlowError("too_slow")
        try:
            yield
        finally:
            mine.release()


def look(where: str, allowed: str, lines: Lines, seconds: float = SECONDS) -> Look:
    """Look at an address and, a few times, at where it sends on to; each of them is checked.

    ``allowed`` are private networks that may be looked into.
    """
    until = time.monotonic() + seconds
    status = None
    for hop in range(HOPS + 1):
        try:
            with lines.to(host_of(where), until - time.monotonic()):
                answer = _asked(where, allowed, until)
        except ForbiddenError:
            return Look(Seen.INSIDE, status)
        except SilentError as error:
            return Look(_failed(error), status, wants_rest=hop == 0)
        status = answer.status
        if status not in _ONWARD or not answer.location:
            return Look(judged(status), status, wants_rest=hop == 0 and status == _TOO_MANY)
        where = address(_spelt(answer.location), where)
        if not where:
            break
    return Look(Seen.UNCLEAR, status)


def _asked(where: str, allowed: str, until: float) -> Answer:
    """The answer to HEAD; that to GET from who does not take HEAD, or says that there is nothing.

    Raises ForbiddenError, SilentError.
    """
    try:
        answer = visit("HEAD", where, _HEADERS, allowed, _left(until) / 2)
        if answer.status < 400 or answer.status == _TOO_MANY:
            return answer
    except (UnknownHostError, UntrustedError):
        raise
    except SilentError:
        pass
    return visit("GET", where, _HEADERS, allowed, _left(until))


def _left(until: float) -> float:
    left = until - time.monotonic()
    if left <= 0:
        raise SlowError("too_slow")
    return left


def _failed(error: SilentError) -> Seen:
    if isinstance(error, UnknownHostError):
        return Seen.NO_HOST
    if isinstance(error, UntrustedError) and not error.lacks_issuer:
        return Seen.NO_TRUST
    return Seen.UNCLEAR


def _spelt(location: str) -> str:
    """Many servers write Chinese in this header as it is; HTTP reads it byte by byte."""
    try:
        return location.encode("latin-1").decode()
    except UnicodeError:
        return location
