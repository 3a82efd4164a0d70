"""Papers found by words among those that an agency may read."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from operator import attrgetter
from typing import Any

from sqlalchemy import Integer, Select, bindparam, column, false, select

from agencies.models import Agency
from bulletins.models import Bulletin, BulletinVersion, IndexedPaper, Receipt
from bulletins.queries import relay_hits
from bulletins.queries.glance import glance
from bulletins.queries.hits import newest
from bulletins.queries.inbox import standing
from bulletins.queries.issuers import issued_by
from bulletins.queries.readable import ways
from bulletins.search.criteria import Criteria
from config.database import WIDE, db
from config.pages import Page, listed

COUNTED_AT_MOST = 1000
"""Papers that one search looks at, the newest first: what has more hits wants a further word."""

Counts = Sequence[tuple[Any, int]]
KEY = (column("rank", Integer), column("id", Integer))


@dataclass(frozen=True)
class Hits:
    """What was found: rows of id, rank and what is counted, the best first.

    ``more``: there are older ones that were not looked at. ``relays``: of those found by the words
    of a relay alone, by row id, the relay.
    """

    rows: Sequence[Any]
    more: bool
    relays: Mapping[int, int]

    @property
    def types(self) -> Counts:
        """How many hits are of which type, the most frequent first."""
        return _most(row.type for row in self.rows)

    @property
    def issuers(self) -> Counts:
        """How many hits an agency issues, alone or with others, by its id."""
        found = _most(one for row in self.rows for one in row.issuers.split())
        return [(int(agency_id), count) for agency_id, count in found]

    @property
    def tags(self) -> Counts:
        """How many hits are filed under a topic or sector, by its code."""
        return _most(one for row in self.rows for one in row.tags.split())

    @property
    def years(self) -> Counts:
        """How many hits are of which year, the latest first."""
        return sorted(Counter(row.published_on.year for row in self.rows).items(), reverse=True)

    def page(self, size: int = 25) -> Page[Any]:
        """The part of them that the request asks for."""
        return listed(self.rows, KEY, lambda row: (row.rank, row.id), size=size)


def _most(values: Iterable[str]) -> Counts:
    return sorted(Counter(values).items(), key=lambda pair: (-pair[1], pair[0]))


def hits(agency_id: int, criteria: Criteria) -> Hits:
    """Of the newest papers that the agency may read and that meet the criteria, at most 1,000.

    Each once, whether it has the words itself or a relay by which it came down adds them.
    """
    seen = glance(agency_id, criteria.terms)
    papers = {row.id: row for row in newest(agency_id, criteria, seen, COUNTED_AT_MOST + 1)}
    relayed = relay_hits.newest(agency_id, criteria, seen)
    added = {row.id: row for row in relayed if row.id not in papers}
    rows = sorted([*papers.values(), *added.values()], key=attrgetter("id"), reverse=True)
    best = sorted(rows[:COUNTED_AT_MOST], key=attrgetter("rank"), reverse=True)
    relays = {one: row.relay_id for one, row in added.items()}
    return Hits(best, more=len(rows) > COUNTED_AT_MOST, relays=relays)


def shown(agency_id: int, ids: Sequence[int]) -> Sequence[Any]:
    """What a list shows of these hits, in their order; ``receipt_id`` where the agency has one."""
    if not ids:
        return []
    found = db.session.execute(_shown(), {"agency": agency_id, "ids": list(ids)})
    rows = {row.id: row for row in found}
    return [rows[one] for one in ids if one in rows]


@lru_cache
def _shown() -> Select[Any]:
    agency_id = bindparam("agency", type_=WIDE)
    return (
        select(
            IndexedPaper.id,
            IndexedPaper.bulletin_id,
            BulletinVersion.title,
            BulletinVersion.number,
            *standing(),
            false().label("is_corrected"),
            Bulletin.ended_at,
            BulletinVersion.html,
            BulletinVersion.type,
            BulletinVersion.urgency,
            BulletinVersion.signed_at,
            Bulletin.issuer_id,
            issued_by().label("issuer"),
            Receipt.id.label("receipt_id"),
            Receipt.sent_at,
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
        .where(IndexedPaper.id.in_(bindparam("ids", expanding=True)))
    )


def names_of(agency_ids: Iterable[int]) -> Mapping[int, str]:
    """Names of agencies by id."""
    rows = db.session.execute(select(Agency.id, Agency.name).where(Agency.id.in_(agency_ids)))
    return dict(rows.all())
