"""What a page shows a single time, after the redirect that keeps a reload from doing it again.

It waits for that page for a few minutes in the row of the sign-in, sealed by a key that only its
browser's cookie and the installation's secret make together. The journal and the row's copies in a
backup tell nobody of it.
"""

import base64
import hashlib
import hmac
from datetime import timedelta

from cryptography.fernet import Fernet, InvalidToken
from flask import current_app, session
from sqlalchemy import select

from agencies.actors import COOKIE_KEY, current_sign_in
from agencies.models import SignIn
from config import clock
from config.database import found, writing

WAITS = timedelta(minutes=5)
_WAITING = "once"  # which page is awaited, so that no other asks the database


def keep(page: str, words: str) -> None:
    """Let the next look at ``page`` by this browser show these words, and no other one."""
    row = current_sign_in()
    if row is None:
        return
    with writing():
        mine = found(select(SignIn).where(SignIn.id == row.id), lock=True)
        mine.once = _fernet().encrypt(f"{page}\n{words}".encode()).decode()
        mine.once_until = clock.now() + WAITS
    session[_WAITING] = page


def taken(page: str) -> str:
    """What waits for this look at ``page``; empty where nothing does, or it was shown before."""
    if session.get(_WAITING) != page:
        return ""
    session.pop(_WAITING)
    row = current_sign_in()
    if row is None:
        return ""
    with writing():
        mine = found(select(SignIn).where(SignIn.id == row.id), lock=True)
        sealed, until = mine.once, mine.once_until
        mine.once, mine.once_until = "", None
    if until is None or until <= clock.now():
        return ""
    return _opened(sealed, page)


def _opened(sealed: str, page: str) -> str:
    try:
        whose, _, words = _fernet().decrypt(sealed.encode()).decode().partition("\n")
    except InvalidToken:
        return ""
    return words if whose == page else ""


def _fernet() -> Fernet:
    key = f"{current_app.config['SECRET_KEY']}:once".encode()
    token = str(session.get(COOKIE_KEY, "")).encode()
    return Fernet(base64.urlsafe_b64encode(hmac.new(key, token, hashlib.sha256).digest()))
