"""Which paper a paper answers or explains, and which ones answer or explain it."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import exists, select

from bulletins.models import Bulletin, BulletinVersion, Particulars, Receipt
from bulletins.queries.inbox import current_version, standing
from bulletins.queries.readable import readable_by
from config.database import db

SHOWN = 50


def related(agency_id: int, bulletin: Bulletin) -> Sequence[Any]:
    """Published papers on either side of a published one that the agency may read, newest first.

    ``answers``: it answers or explains this one; otherwise this one answers or explains it.
    ``receipt_id`` is the agency's own copy. In one query, at most 50.
    """
    mine = (Particulars.bulletin_id == bulletin.id) & (Particulars.version == bulletin.version)
    referred = select(Particulars.refers_to_id).where(mine).scalar_subquery()
    answers = exists().where(
        Particulars.bulletin_id == Bulletin.id,
        Particulars.version == Bulletin.version,
        Particulars.refers_to_id == bulletin.id,
    )
    copy = (
        select(Receipt.id)
        .where(
            Receipt.bulletin_id == Bulletin.id,
            Receipt.version == Bulletin.version,
            Receipt.agency_id == agency_id,
        )
        .scalar_subquery()
    )
    return db.session.execute(
        select(
            Bulletin.id,
            Bulletin.issuer_id,
            BulletinVersion.title,
            BulletinVersion.number,
            BulletinVersion.type,
            BulletinVersion.signed_at,
            answers.label("answers"),
            copy.label("receipt_id"),
            *standing(),
        )
        .join(BulletinVersion, current_version())
        .where(
            Bulletin.id != bulletin.id,
            answers | (Bulletin.id == referred),
            readable_by(
                agency_id,
                issuer=Bulletin.issuer_id,
                bulletin=Bulletin.id,
                version=Bulletin.version,
            ),
        )
        .order_by(BulletinVersion.signed_at.desc(), Bulletin.id.desc())
        .limit(SHOWN)
    ).all()
