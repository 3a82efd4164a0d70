"""What became of a paper that no longer holds: how, why, and what replaced it."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import aliased

from bulletins.models import Bulletin, BulletinVersion, Receipt, Remark
from bulletins.queries.inbox import current_version
from config.database import db


@dataclass(frozen=True)
class Replacement:
    """The paper that replaced another.

    ``is_own``: the reader's agency issued it; ``receipt_id`` is the copy it has, if it has one.
    """

    bulletin_id: int
    title: str
    number: str | None
    is_own: bool
    receipt_id: int | None


@dataclass(frozen=True)
class Ending:
    """That a paper is void from the start or repealed from a day."""

    ended_kind: str
    ended_on: date | None
    at: datetime | None
    reason: str
    replaced_by: Replacement | None


def ending_of(bulletin: Bulletin, agency_id: int | None) -> Ending | None:
    """How a paper ended, as people of that agency are told; None for one that holds."""
    if bulletin.ended_kind is None:
        return None
    query = select(Remark.text).where(Remark.entry_id == bulletin.ended_entry_id)
    return Ending(
        bulletin.ended_kind,
        bulletin.ended_on,
        bulletin.ended_at,
        db.session.scalar(query) or "",
        _replacement(bulletin.replaced_by_id, agency_id),
    )


def _replacement(bulletin_id: int | None, agency_id: int | None) -> Replacement | None:
    if bulletin_id is None:
        return None
    row = db.session.execute(
        select(Bulletin.issuer_id, BulletinVersion.title, BulletinVersion.number, Receipt.id)
        .join(BulletinVersion, current_version())
        .outerjoin(
            Receipt,
            (Receipt.bulletin_id == Bulletin.id)
            & (Receipt.version == Bulletin.version)
            & (Receipt.agency_id == agency_id),
        )
        .where(Bulletin.id == bulletin_id)
    ).one()
    return Replacement(bulletin_id, row[1], row[2], row[0] == agency_id, row[3])


def replacing(issuer_id: int, bulletin_id: int) -> list[Any]:
    """The issuer's latest papers that hold, as what may replace this one (at most 100)."""
    other = aliased(Bulletin)
    query = (
        select(other.id, BulletinVersion.title, BulletinVersion.number)
        .join(
            BulletinVersion,
            (BulletinVersion.bulletin_id == other.id) & (BulletinVersion.version == other.version),
        )
        .where(other.issuer_id == issuer_id, other.id != bulletin_id, other.ended_at.is_(None))
        .order_by(other.signed_at.desc(), other.id.desc())
        .limit(100)
    )
    return list(db.session.execute(query))
