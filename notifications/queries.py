"""Questions about what goes out."""

from sqlalchemy import select

from config.database import db
from notifications.models import Restoration


def last_restoration() -> Restoration | None:
    """The last time the database was restored."""
    return db.session.scalars(
        select(Restoration).order_by(Restoration.id.desc()).limit(1)
    ).one_or_none()
