"""How many papers an agency sent in a year, and how many it meant to send."""

from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from sqlalchemy import func, select

from bulletins.models import Bulletin, BulletinVersion, PaperBudget
from config.database import db


@dataclass(frozen=True)
class Year:
    """One year's papers: ``sent`` so far, and ``most`` as the agency set it (None: it did not)."""

    year: int
    sent: int
    most: int | None


def of_year(agency_id: int, year: int, zone: ZoneInfo) -> Year:
    """The year's papers of an agency; a correction is no new paper, and a void one was one."""
    # the paper's own date is its last version's, never before the first's
    begins, ends = datetime(year, 1, 1, tzinfo=zone), datetime(year + 1, 1, 1, tzinfo=zone)
    sent = db.session.scalar(
        select(func.count())
        .select_from(Bulletin)
        .join(BulletinVersion, BulletinVersion.bulletin_id == Bulletin.id)
        .where(
            Bulletin.issuer_id == agency_id,
            Bulletin.signed_at >= begins,
            BulletinVersion.version == 1,
            BulletinVersion.signed_at >= begins,
            BulletinVersion.signed_at < ends,
        )
    )
    budget = db.session.get(PaperBudget, (agency_id, year))
    return Year(year, sent or 0, budget.most if budget else None)
