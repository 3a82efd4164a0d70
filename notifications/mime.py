"""Mail as it goes over the wire: what many share is built once, each copy costs little."""

import binascii
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from email.header import Header
from email.utils import format_datetime, parseaddr

from markupsafe import escape

from notifications.marks import Skeleton

_LINE = 76
_END = b"\r\n"
SENDER_NAME = "畅通"


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
    def of(cls, sender: str, key: str, subject: str, text: str, html: str) -> "Mold":
        """The mold of a message; ``key`` makes its boundary unlike any other."""
        boundary = f"=_{key[:24]}".encode()  # "=_" can't occur in base64
        head = _END.join(
            (
                b"From: " + _mailbox(SENDER_NAME, sender),
                b"Subject: " + _encoded(subject, "Subject"),
                b"MIME-Version: 1.0",
                b"Auto-Submitted: auto-generated",
                b'Content-Type: multipart/alternative; boundary="' + boundary + b'"',
                b"",
            )
        )
        return cls(sender, head, boundary, Skeleton.of(text), Skeleton.of(html))

    def copy(self, own: Copy, at: datetime) -> bytes:
        """The message for one recipient; its Message-ID is the same whenever it is made."""
        domain = self.sender.rpartition("@")[2].encode()
        lines = [
            b"Message-ID: <" + own.ref.encode() + b"@" + domain + b">",
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


def _mailbox(name: str, address: str) -> bytes:
    plain = parseaddr(address)[1].encode("ascii")
    return _encoded(name, "From") + b" <" + plain + b">" if name else b"<" + plain + b">"


def wire_address(address: str) -> str:
    """``address`` as a server without extensions takes it; raises ValueError where it can't.

    A Chinese domain becomes its ASCII form; a local part has none.
    """
    local, _, domain = address.rpartition("@")
    if not local.isascii() or any(letter in address for letter in "\r\n<> "):
        raise ValueError("not an address that can be sent to")
    return f"{local}@{domain.encode('idna').decode('ascii')}"
