"""Counts that stay cheap however long a list grows."""

from sqlalchemy import Select, func, select

from config.database import db

COUNTED_AT_MOST = 100


def bounded(query: Select[int]) -> int:
    """How many rows ``query`` finds; 100 stands for more than 99."""
    some = query.limit(COUNTED_AT_MOST).subquery()
    return db.session.scalar(select(func.count()).select_from(some)) or 0
