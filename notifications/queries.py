"""Questions about what goes out."""

from datetime import datetime

from sqlalchemy import func, select

from config.database import db
from config.restoring import Restore


def restored_at() -> datetime | None:
    """When the database last came out of a backup: what is older may have gone out before."""
    return db.session.scalar(select(func.max(Restore.at)))
