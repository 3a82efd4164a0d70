"""What an agency published lately, by the index of what can be searched."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from sqlalchemy import select

from bulletins.models import Bulletin, BulletinVersion, IndexedPaper
from bulletins.states import State
from config.database import db

MOST = 300


def titles(issuer_id: int, but_bulletin_id: int, since: date) -> Sequence[Any]:
    """Id, title and day of its papers that hold, the newest first, at most 300."""
    return db.session.execute(
        select(IndexedPaper.bulletin_id.label("id"), Bulletin.title, IndexedPaper.published_on)
        .join(Bulletin, Bulletin.id == IndexedPaper.bulletin_id)
        .where(
            Bulletin.issuer_id == issuer_id,
            Bulletin.signed_at.is_not(None),
            Bulletin.id != but_bulletin_id,
            Bulletin.state != State.VOID,
            IndexedPaper.published_on >= since,
        )
        .order_by(Bulletin.signed_at.desc(), Bulletin.id.desc())
        .limit(MOST)
    ).all()


def texts(bulletin_ids: Sequence[int]) -> Mapping[int, str]:
    """The rendered text of each of these, as it was published last."""
    if not bulletin_ids:
        return {}
    rows = db.session.execute(
        select(IndexedPaper.bulletin_id, BulletinVersion.html)
        .join(
            BulletinVersion,
            (BulletinVersion.bulletin_id == IndexedPaper.bulletin_id)
            & (BulletinVersion.version == IndexedPaper.version),
        )
        .where(IndexedPaper.bulletin_id.in_(bulletin_ids))
    )
    return dict(rows.all())
