"""What an agency has received, read by key on (agency, time)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, Select, case, exists, func, select

from agencies.models import Agency, Lineage, Person
from bulletins.models import Bulletin, BulletinVersion, Particulars, Receipt, Relay
from bulletins.queries import relays
from bulletins.queries.filed import filed_under
from bulletins.queries.issuers import issued_by
from bulletins.queries.stated import stated
from bulletins.states import BulletinType, Urgency, Waiting
from config.database import db, found

KEY = (Receipt.sent_at, Receipt.id)


def waiting(which: Waiting) -> ColumnElement[bool]:
    """The receipts that wait in this way; of what is corrected or ended nothing waits."""
    is_open = Receipt.closed_at.is_(None)
    if which == Waiting.UNOPENED:
        return Receipt.opened_at.is_(None) & is_open
    if which == Waiting.UNRELAYED:
        return (
            Receipt.relay_by.is_not(None)
            & Receipt.relayed_at.is_(None)
            & Receipt.passed_over_at.is_(None)
            & is_open
        )
    return Receipt.needs_acknowledgement & Receipt.acknowledged_at.is_(None) & is_open


def by_urgency() -> ColumnElement[Any]:
    """The order of papers that wait: 特急, 加急, all others."""
    return case(
        (BulletinVersion.urgency == Urgency.FLASH, 0),
        (BulletinVersion.urgency == Urgency.URGENT, 1),
        else_=2,
    )


def standing() -> tuple[Any, Any]:
    """The columns by which a list says that a paper no longer holds (``labels.ended``)."""
    return Bulletin.ended_kind.label("ended_kind"), Bulletin.ended_on


def of_version() -> ColumnElement[bool]:
    """Joins a receipt with the version it is a copy of."""
    return (BulletinVersion.bulletin_id == Receipt.bulletin_id) & (
        BulletinVersion.version == Receipt.version
    )


def current_version() -> ColumnElement[bool]:
    """Joins a paper with the version that was published last."""
    return (BulletinVersion.bulletin_id == Bulletin.id) & (
        BulletinVersion.version == Bulletin.version
    )


def deadline() -> ColumnElement[date | None]:
    """The day by which a receipt is to be acknowledged: its relay's, else its version's."""
    return func.coalesce(Relay.acknowledge_by, BulletinVersion.acknowledge_by)


def inbox(
    agency_id: int,
    which: Waiting | None = None,
    kind: BulletinType | None = None,
    tag: str | None = None,
) -> Select[*tuple[Any, ...]]:
    """An agency's receipts with what a list shows of them.

    All, or those that wait; of one type, or filed under the tag of that code.
    """
    query = (
        select(
            Receipt.id,
            Receipt.part,
            Receipt.sent_at,
            Receipt.delivered_at,
            Receipt.opened_at,
            Receipt.acknowledged_at,
            Receipt.needs_acknowledgement,
            Receipt.closed_at,
            Receipt.relay_by,
            Receipt.relayed_at,
            Receipt.passed_over_at,
            Receipt.acted_at,
            deadline().label("acknowledge_by"),
            BulletinVersion.type,
            BulletinVersion.urgency,
            BulletinVersion.title,
            BulletinVersion.number,
            *standing(),
            (Receipt.version < Bulletin.version).label("is_corrected"),
            issued_by().label("issuer"),
        )
        .join(BulletinVersion, of_version())
        .outerjoin(Relay, Relay.id == Receipt.relay_id)
        .join(Bulletin, Bulletin.id == Receipt.bulletin_id)
        .join(Agency, Agency.id == Bulletin.issuer_id)
        .where(Receipt.agency_id == agency_id)
    )
    if kind is not None:
        query = query.where(BulletinVersion.type == kind)
    if tag:
        query = query.where(filed_under(tag, Receipt.bulletin_id, Receipt.version))
    return query if which is None else query.where(waiting(which))


def mark_of(row: Any) -> tuple[Any, ...]:
    """A row's place in the list."""
    return row.sent_at, row.id


def to_acknowledge(agency_id: int) -> Select[int]:
    """The receipts that wait to be acknowledged."""
    return select(Receipt.id).where(Receipt.agency_id == agency_id, waiting(Waiting.UNACKNOWLEDGED))


def receipt(receipt_id: int) -> Receipt:
    """One receipt; raises NotFound."""
    return found(select(Receipt).where(Receipt.id == receipt_id))


@dataclass(frozen=True)
class Reading:
    """A paper as its receiver reads it, with the words of each relay on its way."""

    receipt: Receipt
    version: BulletinVersion
    bulletin: Bulletin
    issuer: Agency
    names: dict[int, str]
    has_below: bool
    newer_receipt_id: int | None
    words: Sequence[relays.Words]
    acknowledge_by: date | None
    stated: Particulars


def reading(receipt: Receipt) -> Reading:
    """All that the page of one receipt shows."""
    version = found(
        select(BulletinVersion).where(
            BulletinVersion.bulletin_id == receipt.bulletin_id,
            BulletinVersion.version == receipt.version,
        )
    )
    bulletin, issuer = db.session.execute(
        select(Bulletin, Agency)
        .join(Agency, Agency.id == Bulletin.issuer_id)
        .where(Bulletin.id == receipt.bulletin_id)
    ).one()
    return Reading(
        receipt=receipt,
        version=version,
        bulletin=bulletin,
        issuer=issuer,
        names=names_of(_people(receipt, version)),
        has_below=has_receipts_below(receipt),
        newer_receipt_id=_newer(receipt, bulletin) if receipt.version < bulletin.version else None,
        words=relays.words_on_the_way(receipt),
        acknowledge_by=relays.deadline(receipt, version),
        stated=stated(receipt.bulletin_id, receipt.version),
    )


def _newer(receipt: Receipt, bulletin: Bulletin) -> int | None:
    """The same agency's receipt of the version that corrected this one."""
    return db.session.scalar(
        select(Receipt.id).where(
            Receipt.bulletin_id == bulletin.id,
            Receipt.version == bulletin.version,
            Receipt.agency_id == receipt.agency_id,
        )
    )


def _people(receipt: Receipt, version: BulletinVersion) -> set[int | None]:
    """Ids of all who have to do with a receipt."""
    facts = ("delivered_by", "opened_by", "acknowledged_by", "relayed_by", "acted_by")
    return {version.signed_by, *(getattr(receipt, name) for name in facts)}


def has_receipts_below(receipt: Receipt) -> bool:
    """Whether agencies under the receiver got the same version."""
    below = exists().where(
        Lineage.ancestor_id == receipt.agency_id,
        Lineage.depth > 0,
        Receipt.agency_id == Lineage.descendant_id,
        Receipt.bulletin_id == receipt.bulletin_id,
        Receipt.version == receipt.version,
    )
    return bool(db.session.scalar(select(below)))


def names_of(person_ids: set[int | None]) -> dict[int, str]:
    """Names of people by id."""
    ids = [one for one in person_ids if one is not None]
    if not ids:
        return {}
    rows = db.session.execute(select(Person.id, Person.name).where(Person.id.in_(ids)))
    return dict(rows.all())
