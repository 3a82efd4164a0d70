"""Which receipts an entry of the journal brought: those of a version, or those of a relay of it."""

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import ColumnElement, CompoundSelect, Select, and_, exists, select, union_all
from sqlalchemy.orm import aliased

from bulletins.models import BulletinVersion, Receipt, Relay
from config.database import among, db
from config.journal import Entry
from config.sections import Span


def with_version() -> ColumnElement[bool]:
    """Whether a receipt came when its version was signed, and not by a relay since.

    A correction runs down the chain: what it copied came with it too.
    """
    later = exists().where(Relay.id == Receipt.relay_id, Relay.version == Receipt.version)
    return and_(
        Receipt.bulletin_id == BulletinVersion.bulletin_id,
        Receipt.version == BulletinVersion.version,
        ~later.correlate(Receipt),
    )


def with_relay() -> ColumnElement[bool]:
    """Whether a receipt came by a relay itself, and not by a correction since."""
    return and_(
        Receipt.bulletin_id == Relay.bulletin_id,
        Receipt.version == Relay.version,
        Receipt.relay_id == Relay.id,
    )


def by_signing(entry: Entry) -> ColumnElement[bool]:
    """Whether a receipt came when the version was signed that ``entry`` tells of."""
    return exists().where(BulletinVersion.entry_id == entry.id, with_version()).correlate(Receipt)


def by_relay(entry: Entry) -> ColumnElement[bool]:
    """Whether a receipt came by the relay that ``entry`` tells of."""
    return exists().where(Relay.entry_id == entry.id, with_relay()).correlate(Receipt)


def ways(receipt_ids: Sequence[int]) -> Mapping[int, Sequence[Any]]:
    """The relays on the way to each of these receipts: ``relay_id`` and the ``entry_id`` of each.

    What came straight has none.
    """
    way = (
        select(Receipt.id.label("receipt_id"), Receipt.relay_id, Receipt.through_receipt_id)
        .where(among(Receipt.id, receipt_ids))
        .cte("way", recursive=True)
    )
    above = aliased(Receipt)
    way = way.union_all(
        select(way.c.receipt_id, above.relay_id, above.through_receipt_id).join(
            way, above.id == way.c.through_receipt_id
        )
    )
    query = select(way.c.receipt_id, way.c.relay_id, Relay.entry_id)
    found: dict[int, list[Any]] = {}
    for row in db.session.execute(query.join(Relay, Relay.id == way.c.relay_id)):
        found.setdefault(row.receipt_id, []).append(row)
    return found


def through(bulletin_id: int, version: int, relay_id: int) -> Select[int]:
    """Ids of the receipts of a version that a relay brought, with all that hang under these."""
    down = (
        select(Receipt.id)
        .where(
            Receipt.bulletin_id == bulletin_id,
            Receipt.version == version,
            Receipt.relay_id == relay_id,
        )
        .cte("down", recursive=True)
    )
    below = aliased(Receipt)
    down = down.union_all(select(below.id).join(down, below.through_receipt_id == down.c.id))
    return select(down.c.id)


def within(span: Span, agency_ids: Sequence[int]) -> CompoundSelect[int, int | None]:
    """Ids of the receipts that these agencies got in a span, each with its entry's position."""
    came = select(Receipt.id, Entry.position).select_from(Receipt)
    mine = among(Receipt.agency_id, agency_ids)
    signed = came.join(BulletinVersion, with_version()).join(
        Entry, Entry.id == BulletinVersion.entry_id
    )
    relayed = came.join(Relay, with_relay()).join(Entry, Entry.id == Relay.entry_id)
    return union_all(*(query.where(mine, *_in(span)) for query in (signed, relayed)))


def passed_over(span: Span, agency_ids: Sequence[int]) -> Select[int, int | None, int]:
    """Ids of the receipts of agencies that were passed over in a span, and how many were served."""
    return (
        select(Receipt.id, Entry.position, Relay.receipt_count)
        .select_from(Relay)
        .join(Entry, Entry.id == Relay.entry_id)
        .join(
            Receipt,
            and_(
                Receipt.bulletin_id == Relay.bulletin_id,
                Receipt.version == Relay.version,
                Receipt.agency_id == Relay.agency_id,
            ),
        )
        .where(Relay.by_rule, among(Relay.agency_id, agency_ids), *_in(span))
    )


def _in(span: Span) -> tuple[ColumnElement[bool], ColumnElement[bool]]:
    return Entry.position > span.after, Entry.position <= span.upto
