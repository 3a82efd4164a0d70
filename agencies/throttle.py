"""Limits by the hour that hold over all web processes: one row a try, counted by index."""

import hashlib
import hmac
from datetime import timedelta

from flask import current_app
from sqlalchemy import delete, func, select

from agencies.models import Attempt
from config import clock
from config.database import db, writing
from config.errors import TooMany


def _hashed(who: str) -> str:
    key = current_app.config["SECRET_KEY"].encode()
    return hmac.new(key, f"attempt:{who}".encode(), hashlib.sha256).hexdigest()


def count(what: str, who: str, within: timedelta) -> int:
    """How often ``who`` tried ``what`` lately."""
    query = (
        select(func.count())
        .select_from(Attempt)
        .where(Attempt.what == what, Attempt.who == _hashed(who), Attempt.at > clock.now() - within)
    )
    return db.session.scalar(query) or 0


def note(what: str, who: str) -> None:
    """Count one try. Call inside ``writing()``."""
    db.session.add(Attempt(what=what, who=_hashed(who), at=clock.now()))


def check(what: str, who: str, *, limit: int, within: timedelta) -> None:
    """Raise TooMany where ``who`` has tried ``what`` ``limit`` times within the time."""
    if count(what, who, within) >= limit:
        raise TooMany


def forget_old() -> None:
    """Drop what no limit reads any more."""
    with writing():
        db.session.execute(delete(Attempt).where(Attempt.at < clock.now() - timedelta(days=2)))
