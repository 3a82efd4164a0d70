"""Papers found by words among those that an agency may read."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Integer, Select, column, literal, select

from agencies.models import Agency
from bulletins.models import (
    Bulletin,
    BulletinVersion,
    IndexedPaper,
    Receipt,
)
from bulletins.queries.inbox import standing
from bulletins.queries.issuers import issued_by
from bulletins.queries.readable import readable_by, ways
from bulletins.search.conditions import found_by, in_title
from bulletins.search.criteria import Criteria, Order
from config.database import db
from config.pages import Page, listed

COUNTED_AT_MOST = 1000
"""Papers that one search looks at, the newest first: what has more hits wants a further word."""

KEY = (column("rank", Integer), column("id", Integer))


@dataclass(frozen=True)
class Hits:
    """What was found: rows of id, rank and what is counted, the best first.

    ``more``: there are older ones that were not looked at.
    """

    rows: Sequence[Any]
    more: bool

    def counts(self, name: str) -> list[tuple[Any, int]]:
        """How many hits have which value of a column, the most frequent first."""
        counted = Counter(getattr(row, name) for row in self.rows)
        return sorted(counted.items(), key=lambda pair: (-pair[1], str(pair[0])))

    def years(self) -> list[tuple[int, int]]:
        """How many hits are of which year, the latest first."""
        return sorted(Counter(row.published_on.year for row in self.rows).items(), reverse=True)

    def page(self, size: int = 25) -> Page[Any]:
        """The part of them that the request asks for."""
        return listed(self.rows, KEY, lambda row: (row.rank, row.id), size=size)


def hits(agency_id: int, criteria: Criteria) -> Hits:
    """Of the newest papers that the agency may read and that meet the criteria, at most 1,000."""
    wanted = criteria.terms
    by_rank = criteria.sort == Order.RELEVANCE and bool(wanted)
    query = select(
        IndexedPaper.id,
        IndexedPaper.type,
        IndexedPaper.issuer_id,
        IndexedPaper.published_on,
    )
    query = _narrowed(found_by(query, wanted), criteria).where(
        readable_by(
            agency_id,
            issuer=IndexedPaper.issuer_id,
            bulletin=IndexedPaper.bulletin_id,
            version=IndexedPaper.version,
        )
    )
    newest = query.order_by(IndexedPaper.id.desc()).limit(COUNTED_AT_MOST + 1).subquery()
    rank = in_title(newest.c.id, wanted).cast(Integer) if by_rank else literal(0)
    rows = db.session.execute(select(newest, rank.label("rank"))).all()
    more = len(rows) > COUNTED_AT_MOST
    best = sorted(rows[:COUNTED_AT_MOST], key=lambda row: (row.rank, row.id), reverse=True)
    return Hits(best, more)


def _narrowed(query: Select[Any], criteria: Criteria) -> Select[Any]:
    if criteria.type:
        query = query.where(IndexedPaper.type == criteria.type)
    if criteria.issuer:
        query = query.where(IndexedPaper.issuer_id == criteria.issuer)
    if criteria.since:
        query = query.where(IndexedPaper.published_on >= criteria.since)
    if criteria.until:
        query = query.where(IndexedPaper.published_on <= criteria.until)
    return query


def shown(agency_id: int, ids: Sequence[int]) -> Sequence[Any]:
    """What a list shows of these hits, in their order; ``receipt_id`` where the agency has one."""
    query = (
        select(
            IndexedPaper.id,
            IndexedPaper.bulletin_id,
            BulletinVersion.title,
            BulletinVersion.number,
            *standing(),
            Bulletin.ended_at,
            BulletinVersion.html,
            BulletinVersion.type,
            BulletinVersion.urgency,
            BulletinVersion.signed_at,
            Bulletin.issuer_id,
            issued_by().label("issuer"),
            Receipt.id.label("receipt_id"),
            (Bulletin.issuer_id == agency_id).label("is_own"),
            *ways(agency_id, IndexedPaper.bulletin_id),
        )
        .join(
            BulletinVersion,
            (BulletinVersion.bulletin_id == IndexedPaper.bulletin_id)
            & (BulletinVersion.version == IndexedPaper.version),
        )
        .join(Bulletin, Bulletin.id == IndexedPaper.bulletin_id)
        .join(Agency, Agency.id == IndexedPaper.issuer_id)
        .outerjoin(
            Receipt,
            (Receipt.bulletin_id == IndexedPaper.bulletin_id)
            & (Receipt.version == IndexedPaper.version)
            & (Receipt.agency_id == agency_id),
        )
        .where(IndexedPaper.id.in_(ids))
    )
    rows = {row.id: row for row in db.session.execute(query)} if ids else {}
    return [rows[one] for one in ids if one in rows]


def names_of(agency_ids: Iterable[int]) -> Mapping[int, str]:
    """Names of agencies by id."""
    rows = db.session.execute(select(Agency.id, Agency.name).where(Agency.id.in_(agency_ids)))
    return dict(rows.all())
