"""Signed words in addresses: they can't be guessed, and an altered one leads nowhere."""

import hashlib
import hmac
import re
from base64 import b32encode
from datetime import UTC, datetime, timedelta

from flask import current_app
from itsdangerous import BadSignature, Signer

from agencies.states import Channel
from notifications.words import base_url

RETURNS_PATH = "/notifications/returned/"
UNSUBSCRIBE_PATH = "/unsubscribe/"
CONFIRM_PATH = "/confirm/"
CONFIRM_WITHIN = timedelta(days=14)
"""How long somebody from outside may take to confirm."""
JOIN_PATH = "/join/"
REPORT_PATH = "/notifications/kannel/"
_CONFIRM = re.compile("([0-9a-f]{1,15})-([0-9a-f]{1,7})-([ms])-[a-z2-7]{16}")


def _signer(purpose: str) -> Signer:
    return Signer(current_app.config["SECRET_KEY"], salt=f"notifications:{purpose}")


def _signed(purpose: str, *parts: str) -> str:
    return _signer(purpose).sign("-".join(parts)).decode()


def _parts(purpose: str, word: str) -> list[str] | None:
    try:
        parts = _signer(purpose).unsign(word).decode().split("-")
    except (BadSignature, UnicodeDecodeError):
        return None
    # Base64 leaves bits of its last letter unused, so that four letters stand for the same.
    return parts if _signed(purpose, *parts) == word else None


def unsubscribe_url(recipient_id: int, created_at: datetime, channel: Channel, address: str) -> str:
    """Where a recipient ends or changes what comes on one channel; it stays good for ever.

    It is bound to ``address``: whoever gets that address after them can do nothing by it.
    """
    stamp = str(int(created_at.timestamp()))
    word = _signed("unsubscribe", str(recipient_id), stamp, channel, address_tag(address))
    return base_url() + UNSUBSCRIBE_PATH + word


def unsubscribing(word: str) -> tuple[int, int, Channel, str] | None:
    """Recipient id, second of their creation, channel and tag of the address; None if altered."""
    parts = _parts("unsubscribe", word)
    if parts is None or len(parts) != 4:
        return None
    recipient_id, stamp, channel, tag = parts
    return int(recipient_id), int(stamp), Channel(channel), tag


def confirm_url(
    recipient_id: int, created_at: datetime, channel: Channel, address: str, at: datetime
) -> str:
    """Where somebody from outside confirms that they want messages, until a fortnight later."""
    return base_url() + CONFIRM_PATH + confirm_word(recipient_id, created_at, channel, address, at)


def confirm_word(
    recipient_id: int, created_at: datetime, channel: Channel, address: str, at: datetime
) -> str:
    """The word of such a link. It is short, because a text message is paid for by its length:
    whom it is bound to is not in it, but in its signature of 80 bits.
    """
    minute = int(at.timestamp()) // 60
    named = f"{recipient_id:x}-{minute:x}-{channel[0]}"
    signed = f"{named}-{int(created_at.timestamp())}-{address.casefold()}"
    key = f"notifications:confirm:{current_app.config['SECRET_KEY']}".encode()
    digest = hmac.new(key, signed.encode(), hashlib.sha256).digest()[:10]
    return f"{named}-{b32encode(digest).decode().lower()}"


def confirming(word: str) -> tuple[int, Channel, datetime] | None:
    """Recipient id and channel of such a word, and the minute it was made in; None if it is none.

    It proves nothing before ``confirm_word`` of that recipient is the same.
    """
    parts = _CONFIRM.fullmatch(word)
    if parts is None:
        return None
    channel = Channel.MAIL if parts[3] == "m" else Channel.SMS
    return int(parts[1], 16), channel, datetime.fromtimestamp(int(parts[2], 16) * 60, UTC)


def join_url(link_id: int) -> str:
    """Where whoever is given this link asks for an agency's digests by mail."""
    return base_url() + JOIN_PATH + _signed("join", "link", str(link_id))


def joining(word: str) -> int | None:
    """The number of such a link; None if it was altered."""
    parts = _parts("join", word)
    return int(parts[1]) if parts is not None and parts[0] == "link" else None


def address_tag(address: str) -> str:
    """A word that stands for an address and does not tell it."""
    key = f"notifications:address:{current_app.config['SECRET_KEY']}".encode()
    return hmac.new(key, address.casefold().encode(), hashlib.sha256).hexdigest()[:16]


def report_path(ref: str, claim: str) -> str:
    """The path at which a gateway reports on one attempt of a delivery, made under ``claim``."""
    return REPORT_PATH + _signed("report", ref, claim)


def reported(word: str) -> tuple[str, str] | None:
    """The delivery's ref and the claim that a report is about; None if it was altered."""
    parts = _parts("report", word)
    return (parts[0], parts[1]) if parts else None


def returns_url() -> str:
    """The secret address to which a mail server may post what comes back."""
    return base_url() + RETURNS_PATH + _signed("returned", "mail")


def is_returns_word(word: str) -> bool:
    """Whether an address is that secret one."""
    return _parts("returned", word) == ["mail"]
