"""Addresses and secrets of endpoints, as the database holds them: sealed by the installation's key.

A stolen database or backup calls nobody's system in our name.
"""

import base64
import hashlib
import hmac

from cryptography.fernet import Fernet, InvalidToken
from flask import current_app


class UnreadableError(Exception):
    """It was sealed by another secret key than the one that is set now."""


def seal(words: str) -> str:
    """``words`` as the database may hold them; nothing stays nothing."""
    return _fernet().encrypt(words.encode()).decode() if words else ""


def opened(sealed: str) -> str:
    """What was sealed. Raises UnreadableError where the secret key has changed since."""
    try:
        return _fernet().decrypt(sealed.encode()).decode() if sealed else ""
    except InvalidToken as error:
        raise UnreadableError from error


def tag(words: str) -> str:
    """A word that stands for ``words`` and that nobody else can make."""
    return hmac.new(_key("tag"), words.encode(), hashlib.sha256).hexdigest()[:24]


def _fernet() -> Fernet:
    return Fernet(base64.urlsafe_b64encode(_key("seal")))


def _key(purpose: str) -> bytes:
    secret: str = current_app.config["SECRET_KEY"]
    return hmac.new(secret.encode(), f"endpoints:{purpose}".encode(), hashlib.sha256).digest()
