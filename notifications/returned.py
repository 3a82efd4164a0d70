"""What comes back of mails: reports that they could not be delivered (RFC 3464), and complaints
that they were not wanted (ARF, RFC 5965). Whatever anybody sends there is read without harm.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from email import message_from_bytes
from email.message import Message
from enum import StrEnum

LONGEST = 1_000_000  # bytes that are looked at: a report is small, what it returns may be long
_MOST_PARTS = 50
_REF = "[0-9a-f]{24}"
_OWN_ID = re.compile(rf"<({_REF})@[^<>\s]+>")
_ID_LINE = re.compile(rf"^message-id:\s*<({_REF})@", re.IGNORECASE | re.MULTILINE)
_STATUS = re.compile(r"(?<![\d.])([245]\.\d{1,3}\.\d{1,3})(?![\d.])")
_REPLY = re.compile(r"(?<!\d)5\d\d(?!\d)")

GONE = frozenset({"5.1.1", "5.1.2", "5.1.3", "5.1.6", "5.1.10", "5.2.1"})
"""Codes of RFC 3463 (5.1.10: RFC 7505) which say that an address takes no mail of anybody."""

_UNSAID = frozenset({"", "5.0.0", "5.1.0", "5.5.0"})
_NOBODY = re.compile(
    r"user (unknown|not found)|unknown user|no such (user|mailbox|recipient)"
    r"|(mailbox|account|recipient|user)[^.]{0,30} (does not|doesn.t) exist|mailbox not found"
    r"|invalid (mailbox|recipient)|用户不存在|地址不存在",
    re.IGNORECASE,
)
"""What servers that give no exact code write of an address that nobody has."""


class Return(StrEnum):
    """What a report says of a delivery."""

    GONE = "gone"  # its address takes no mail any more
    FAILED = "failed"  # this message was given up
    DELAYED = "delayed"  # it is still being tried
    COMPLAINT = "complaint"  # its reader says that it was not wanted


@dataclass(frozen=True)
class Returned:
    """That of a delivery (by its ``ref``), with the code and the words of the server."""

    ref: str
    kind: Return
    status: str = ""
    detail: str = ""


def read(raw: bytes, return_path: str) -> Returned | None:
    """What a message reports; None where it reports nothing, or nothing of ours.

    ``return_path`` with a ``*`` is the address at which the ref stands (VERP).
    """
    try:
        return _read(raw[:LONGEST], return_path)
    except (ValueError, LookupError, TypeError, AttributeError, RecursionError):
        return None  # the parser gave up: parts a thousand deep, charsets that don't exist


def refused(detail: str) -> Return | None:
    """What a server's refusal in its own words says of the address; None where nothing."""
    status = _exact("", detail)
    return Return.GONE if _is_gone(status, detail) else None


def _read(raw: bytes, return_path: str) -> Returned | None:
    mail = message_from_bytes(raw)
    if mail.get_content_type() != "multipart/report":
        return None
    ref = _ref_of(mail, raw, return_path)
    if not ref:
        return None
    for part in _parts(mail):
        if part.get_content_type() == "message/feedback-report":
            return Returned(ref, Return.COMPLAINT, "", _field(part, "Feedback-Type"))
        if part.get_content_type() == "message/delivery-status":
            return _worst([_judged(ref, group) for group in _groups(part)])
    return None


def _parts(mail: Message) -> Iterator[Message]:
    for number, part in enumerate(mail.walk()):
        if number >= _MOST_PARTS:
            return
        yield part


def _ref_of(mail: Message, raw: bytes, return_path: str) -> str:
    """The ref in the address it came to, or in what it returns of our message."""
    before, star, behind = return_path.partition("*")
    if star:
        verp = re.compile(re.escape(before) + f"({_REF})" + re.escape(behind), re.IGNORECASE)
        for name in ("To", "Delivered-To", "X-Original-To", "Envelope-To"):
            for value in mail.get_all(name, []):
                if found := verp.search(str(value)):
                    return found[1].lower()
    for part in list(_parts(mail))[1:]:
        if found := _OWN_ID.search(str(part.get("Message-ID", ""))):
            return found[1]
    # Headers alone come back as text (text/rfc822-headers), at times encoded.
    for part in _parts(mail):
        if part.get_content_type() == "text/rfc822-headers":
            body = part.get_payload(decode=True)
            if isinstance(body, bytes) and (found := _ID_LINE.search(body.decode("latin-1"))):
                return found[1]
    found = _ID_LINE.search(raw.decode("latin-1"), re.search(rb"\r?\n\r?\n", raw + b"\n\n").end())  # type: ignore[union-attr]
    return found[1] if found else ""


def _groups(part: Message) -> list[Message]:
    """The fields of each recipient: the first group is about the message as a whole."""
    groups = part.get_payload()
    if not isinstance(groups, list):
        return []
    return [one for one in groups if isinstance(one, Message) and one.get("Action")]


def _judged(ref: str, group: Message) -> Returned | None:
    action = _field(group, "Action").lower()
    said = _field(group, "Diagnostic-Code")
    status = _exact(_field(group, "Status"), said)
    if action == "delayed":
        return Returned(ref, Return.DELAYED, status, said)
    if action != "failed":
        return None
    kind = Return.GONE if _is_gone(status, said) else Return.FAILED
    return Returned(ref, kind, status, said)


def _exact(status: str, said: str) -> str:
    """The code as the far server gave it, where the reporting one only passes on a vague one."""
    found = _STATUS.search(status)
    code = found[1] if found else ""
    if code in _UNSAID and (exact := _STATUS.search(said)):
        return exact[1]
    return code


def _is_gone(status: str, said: str) -> bool:
    if status in GONE:
        return True
    return status in _UNSAID and bool(_REPLY.search(said)) and bool(_NOBODY.search(said))


def _worst(found: list[Returned | None]) -> Returned | None:
    order = list(Return)
    some = [one for one in found if one is not None]
    return min(some, key=lambda one: order.index(one.kind), default=None)


def _field(group: Message, name: str) -> str:
    """A field's words; in a feedback report they stand in a message of their own."""
    inner = group.get_payload()
    for one in (group, *(inner if isinstance(inner, list) else [])):
        if isinstance(one, Message) and one.get(name) is not None:
            return " ".join(str(one.get(name)).split())
    return ""
