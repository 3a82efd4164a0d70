"""Mail as it goes over the wire: what many share is built once, each copy costs little."""

import binascii
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from email.header import Header
from email.utils import format_datetime
from functools import lru_cache

import idna
from markupsafe import escape

from notifications.marks import Skeleton

_LINE = 76
_END = b"\r\n"
_SENDABLE = re.compile(r"[a-zA-Z0-9.!#$%&'*+/=?^_`{|}~-]{1,64}")  # an atom of RFC 5322, and dots
SENDER_NAMES = {"zh": "畅通", "en": "Changtong"}
_LANGUAGES = {"zh": "zh-CN", "en": "en"}
_LONGEST = 254  # RFC 5321, 4.5.3.1.3


@dataclass(frozen=True)
class Copy:
    """One recipient's own: whom it goes to and what stands in the marks.

    ``one_click`` is the address that a mail program posts to in order to unsubscribe (RFC 8058).
    """

    name: str
    address: str
    ref: str
    values: Mapping[str, str]
    one_click: str = ""


@dataclass(frozen=True)
class Frame:
    """What a message's head says: ``key`` makes its boundary unlike any other.

    All messages of one ``thread`` are shown together by a mail program.
    """

    key: str
    subject: str
    language: str = "zh"
    thread: str = ""


@dataclass(frozen=True)
class Mold:
    """A message with text and HTML, cut at its marks; ``copy`` makes the bytes for one recipient.

    Both parts are base64, so that no relay has to understand anything but ASCII.
    """

    sender: str
    head: bytes
    boundary: bytes
    text: Skeleton
    html: Skeleton

    @classmethod
    def of(cls, sender: str, frame: Frame, text: str, html: str) -> "Mold":
        """The mold of a message."""
        boundary = f"=_{frame.key[:24]}".encode()  # "=_" can't occur in base64
        name = SENDER_NAMES.get(frame.language, SENDER_NAMES["zh"])
        head = _END.join(
            (
                b"From: " + _mailbox(name, sender),
                b"Subject: " + _encoded(frame.subject, "Subject"),
                *_threaded(frame.thread, sender),
                b"Content-Language: " + _LANGUAGES.get(frame.language, "zh-CN").encode(),
                b"MIME-Version: 1.0",
                b"Auto-Submitted: auto-generated",
                b'Content-Type: multipart/alternative; boundary="' + boundary + b'"',
                b"",
            )
        )
        return cls(sender, head, boundary, Skeleton.of(text), Skeleton.of(html))

    def copy(self, own: Copy, at: datetime) -> bytes:
        """The message for one recipient; its Message-ID is the same whenever it is made."""
        lines = [
            b"Message-ID: <" + own.ref.encode() + b"@" + _domain(self.sender) + b">",
            b"Date: " + format_datetime(at).encode(),
            b"To: " + _mailbox(own.name, own.address),
        ]
        if own.one_click:
            lines += [
                b"List-Unsubscribe: <" + own.one_click.encode() + b">",
                b"List-Unsubscribe-Post: List-Unsubscribe=One-Click",
            ]
        escaped = {name: str(escape(value)) for name, value in own.values.items()}
        return b"".join(
            (
                _END.join(lines),
                _END,
                self.head,
                self._part(b"text/plain", self.text.filled(own.values)),
                self._part(b"text/html", self.html.filled(escaped)),
                _END + b"--" + self.boundary + b"--" + _END,
            )
        )

    def _part(self, kind: bytes, body: bytes) -> bytes:
        encoded = binascii.b2a_base64(body.replace(b"\n", _END), newline=False)
        lines = [encoded[at : at + _LINE] for at in range(0, len(encoded), _LINE)]
        return (
            (_END + b"--" + self.boundary + _END)
            + (b"Content-Type: " + kind + b"; charset=utf-8" + _END)
            + (b"Content-Transfer-Encoding: base64" + _END + _END)
            + _END.join(lines)
        )


def _encoded(text: str, header: str) -> bytes:
    """A header's words as RFC 2047 wants them, folded."""
    words = " ".join(text.split())
    return Header(words, "utf-8", header_name=header).encode(linesep="\r\n").encode()


def _threaded(thread: str, sender: str) -> list[bytes]:
    """Answers to one message that was never sent: RFC 5322, 3.6.4, leaves open whether it was.

    Nobody has to know thus which mail about a paper came to whom first.
    """
    if not thread:
        return []
    root = b"<" + thread.encode() + b"@" + _domain(sender) + b">"
    return [b"In-Reply-To: " + root, b"References: " + root]


def _domain(address: str) -> bytes:
    return address.rpartition("@")[2].encode()


def _mailbox(name: str, address: str) -> bytes:
    plain = address.encode("ascii")
    return _encoded(name, "From") + b" <" + plain + b">" if name else b"<" + plain + b">"


def wire_address(address: str) -> str:
    """``address`` as a server without extensions takes it; raises ValueError where it can't.

    A Chinese domain becomes its ASCII form (IDNA 2008 with the mapping of UTS 46); a local part
    has none.
    """
    local, _, domain = address.rpartition("@")
    if not _SENDABLE.fullmatch(local):
        raise ValueError("not an address that can be sent to")
    wire = f"{local}@{_wire_domain(domain)}"
    if len(wire) > _LONGEST:
        raise ValueError("too long an address")
    return wire


@lru_cache(maxsize=10_000)
def _wire_domain(domain: str) -> str:
    return idna.encode(domain, uts46=True).decode("ascii")
