"""The mailbox to which undeliverable mail comes back, read over IMAP or POP3.

Each message is taken in and only then marked: what a crash interrupts is read once more, and known.
"""

import imaplib
import poplib
import ssl
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from urllib.parse import parse_qs, unquote, urlsplit

import structlog

from notifications.returned import LONGEST
from notifications.services.returns import take

_MOST = 200  # messages in one go; the next one comes in a minute
_TIMEOUT = 20.0

log = structlog.get_logger(__name__)


@dataclass(frozen=True)
class _Box:
    """A mailbox as ``imaps://user:password@host:port/FOLDER?keep=1`` names it."""

    scheme: str
    host: str
    port: int | None
    user: str
    password: str
    folder: str
    keep: bool

    @classmethod
    def of(cls, url: str) -> "_Box":
        parts = urlsplit(url)
        return cls(
            scheme=parts.scheme,
            host=parts.hostname or "localhost",
            port=parts.port,
            user=unquote(parts.username or ""),
            password=unquote(parts.password or ""),
            folder=unquote(parts.path.strip("/")) or "INBOX",
            keep=parse_qs(parts.query).get("keep") == ["1"],
        )


def read_box(url: str, take_in: Callable[[bytes], object] = take) -> int:
    """Take in what is new; how many there were. Messages are deleted, or kept with ``keep=1``.

    A mailbox that can't be read is told of in the log and tried again next time.
    """
    box, count = _Box.of(url), 0
    read = _imap if box.scheme.startswith("imap") else _pop3
    try:
        for raw in read(box):
            take_in(raw)
            count += 1
    except (OSError, imaplib.IMAP4.error, poplib.error_proto) as error:
        log.warning("returns_unreadable", host=box.host, reason=str(error)[:200])
    return count


def _imap(box: _Box) -> Iterator[bytes]:
    """New messages; each is marked once the next one is asked for."""
    client = _imap_client(box)
    try:
        client.login(box.user, box.password)
        if client.select(f'"{box.folder}"')[0] != "OK":
            raise imaplib.IMAP4.error(f"there is no folder {box.folder}")
        found = client.uid("SEARCH", "UNSEEN", "UNDELETED")[1]
        for uid in (found[0] or b"").split()[:_MOST]:
            name = uid.decode("ascii")
            answer = client.uid("FETCH", name, f"(BODY.PEEK[]<0.{LONGEST}>)")[1]
            yield next((one[1] for one in answer if isinstance(one, tuple)), b"")
            client.uid("STORE", name, "+FLAGS", "(\\Seen)" if box.keep else "(\\Seen \\Deleted)")
        if not box.keep:
            client.expunge()
    finally:
        with suppress(OSError, imaplib.IMAP4.error):
            client.logout()


def _imap_client(box: _Box) -> imaplib.IMAP4:
    if box.scheme == "imaps":
        context = ssl.create_default_context()
        return imaplib.IMAP4_SSL(box.host, box.port or 993, ssl_context=context, timeout=_TIMEOUT)
    return imaplib.IMAP4(box.host, box.port or 143, timeout=_TIMEOUT)


def _pop3(box: _Box) -> Iterator[bytes]:
    """All messages; POP3 knows no mark, so that each is deleted. ``quit`` is what deletes them."""
    client = _pop3_client(box)
    try:
        client.user(box.user)
        client.pass_(box.password)
        for number in range(1, min(client.stat()[0], _MOST) + 1):
            yield b"\r\n".join(client.retr(number)[1])
            client.dele(number)
    finally:
        with suppress(OSError, poplib.error_proto):
            client.quit()


def _pop3_client(box: _Box) -> poplib.POP3:
    if box.scheme == "pop3s":
        context = ssl.create_default_context()
        return poplib.POP3_SSL(box.host, box.port or 995, timeout=_TIMEOUT, context=context)
    return poplib.POP3(box.host, box.port or 110, timeout=_TIMEOUT)
