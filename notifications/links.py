"""Signed words in addresses: they can't be guessed, and an altered one leads nowhere."""

from datetime import datetime

from flask import current_app
from itsdangerous import BadSignature, Signer

from agencies.states import Channel
from notifications.words import base_url

RETURNS_PATH = "/notifications/returned/"
UNSUBSCRIBE_PATH = "/unsubscribe/"
REPORT_PATH = "/notifications/kannel/"


def _signer(purpose: str) -> Signer:
    return Signer(current_app.config["SECRET_KEY"], salt=f"notifications:{purpose}")


def _signed(purpose: str, *parts: str) -> str:
    return _signer(purpose).sign("-".join(parts)).decode()


def _parts(purpose: str, word: str) -> list[str] | None:
    try:
        return _signer(purpose).unsign(word).decode().split("-")
    except (BadSignature, UnicodeDecodeError):
        return None


def unsubscribe_url(recipient_id: int, created_at: datetime, channel: Channel) -> str:
    """The address that ends a recipient's messages on one channel; it stays good for ever."""
    stamp = str(int(created_at.timestamp()))
    word = _signed("unsubscribe", str(recipient_id), stamp, channel)
    return base_url() + UNSUBSCRIBE_PATH + word


def unsubscribing(word: str) -> tuple[int, int, Channel] | None:
    """Recipient id, second of their creation and channel of such an address; None if altered."""
    parts = _parts("unsubscribe", word)
    if parts is None:
        return None
    recipient_id, stamp, channel = parts
    return int(recipient_id), int(stamp), Channel(channel)


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
