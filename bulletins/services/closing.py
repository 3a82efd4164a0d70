"""Closing receipts: nothing of a corrected version or an ended paper waits any more."""

from datetime import datetime

from sqlalchemy import update

from bulletins.models import Bulletin, Receipt
from config import clock
from config.database import db


def close(bulletin: Bulletin) -> None:
    """Let nothing of an ended paper wait any more. Call inside ``writing()``."""
    bulletin.closed_at = clock.now()
    close_version(bulletin.id, bulletin.version, bulletin.closed_at)


def close_version(bulletin_id: int, version: int, at: datetime) -> None:
    """Let no receipt of that version wait any more; their facts stay as they are."""
    db.session.execute(
        update(Receipt)
        .where(
            Receipt.bulletin_id == bulletin_id,
            Receipt.version == version,
            Receipt.closed_at.is_(None),
        )
        .values(closed_at=at)
        .execution_options(synchronize_session=False)
    )
