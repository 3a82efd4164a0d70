"""Papers whose outside links want reading, links that want a look, and what was seen."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import and_, func, or_, select

from bulletins.models import Bulletin, LinkReading, LinkVisit
from bulletins.models.papers import AT_WORK
from bulletins.outside.addresses import digest
from bulletins.outside.states import AGAIN, WANTED
from bulletins.states import State
from config.database import among, db

PER_HOST = 5
"""Links of one host that a run looks at."""


def unread(now: datetime, most: int) -> Sequence[Any]:
    """Id, revision and HTML of papers at work that changed, or were read an hour ago."""
    changed = or_(LinkReading.bulletin_id.is_(None), LinkReading.revision != Bulletin.revision)
    again = and_(LinkReading.has_links, LinkReading.read_at <= now - AGAIN)
    return db.session.execute(
        select(Bulletin.id, Bulletin.revision, Bulletin.html)
        .outerjoin(LinkReading, LinkReading.bulletin_id == Bulletin.id)
        .where(
            AT_WORK,
            or_(
                Bulletin.updated_at > now - WANTED,
                Bulletin.state.in_([State.REVIEW, State.SUBMITTED, State.SIGNED]),
            ),
            or_(changed, again),
        )
        .order_by(Bulletin.updated_at.desc(), Bulletin.id.desc())
        .limit(most)
    ).all()


def due(now: datetime, most: int) -> Sequence[Any]:
    """Digest, address and host of links that want a look, a few of each host that is left alone."""
    busy = select(LinkVisit.host).where(LinkVisit.claimed_until > now)
    ranked = (
        select(
            LinkVisit.digest,
            LinkVisit.url,
            LinkVisit.host,
            LinkVisit.due_at,
            func.row_number()
            .over(partition_by=LinkVisit.host, order_by=(LinkVisit.due_at, LinkVisit.digest))
            .label("place"),
        )
        .where(LinkVisit.due_at <= now, LinkVisit.host.not_in(busy))
        .subquery()
    )
    return db.session.execute(
        select(ranked.c.digest, ranked.c.url, ranked.c.host)
        .where(ranked.c.place <= PER_HOST)
        .order_by(ranked.c.due_at, ranked.c.digest)
        .limit(most)
    ).all()


def seen(addresses: Collection[str]) -> Mapping[str, Any]:
    """What was seen (``seen``, ``status``) at each address that somebody has looked at."""
    if not addresses:
        return {}
    rows = db.session.execute(
        select(LinkVisit.url, LinkVisit.seen, LinkVisit.status).where(
            among(LinkVisit.digest, [digest(one) for one in addresses]),
            LinkVisit.seen.is_not(None),
        )
    )
    return {row.url: row for row in rows}
