"""Papers and relays whose outside links want reading, links that want a look, and what was seen."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, TextClause, and_, func, literal, or_, select
from sqlalchemy.orm import InstrumentedAttribute

from bulletins.models import Bulletin, LinkReading, LinkVisit, Relay
from bulletins.models.papers import AT_WORK
from bulletins.outside.addresses import digest
from bulletins.outside.states import AGAIN, WANTED
from bulletins.states import OPEN, OwnerKind, State
from config.database import among, db

PER_HOST = 5
"""Links of one host that a run looks at."""


def unread(now: datetime, most: int) -> Sequence[Any]:
    """Papers and relays at work that changed, or were read an hour ago: at most so many of each.

    Each with its ``kind``, id, revision and HTML.
    """
    of_relay = Relay.note_html + "\n" + Relay.additions_html
    queries = (
        _unread(OwnerKind.BULLETIN, Bulletin, Bulletin.html, AT_WORK, now),
        _unread(OwnerKind.RELAY, Relay, of_relay, Relay.state.in_(OPEN), now),
    )
    return [row for query in queries for row in db.session.execute(query.limit(most))]


def _unread(
    kind: OwnerKind,
    which: type[Bulletin] | type[Relay],
    html: ColumnElement[str] | InstrumentedAttribute[str],
    at_work: ColumnElement[bool] | TextClause,
    now: datetime,
) -> Select[Any]:
    changed = or_(LinkReading.owner_id.is_(None), LinkReading.revision != which.revision)
    again = and_(LinkReading.has_links, LinkReading.read_at <= now - AGAIN)
    columns: list[Any] = [literal(kind.value).label("kind"), which.id, which.revision]
    return (
        select(*columns, html.label("html"))
        .outerjoin(
            LinkReading, (LinkReading.owner_kind == kind) & (LinkReading.owner_id == which.id)
        )
        .where(
            at_work,
            or_(
                which.updated_at > now - WANTED,
                which.state.in_([State.REVIEW, State.SUBMITTED, State.SIGNED]),
            ),
            or_(changed, again),
        )
        .order_by(which.updated_at.desc(), which.id.desc())
    )


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
