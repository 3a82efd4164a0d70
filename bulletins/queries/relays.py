"""Relays: an agency's own, the words of those on a paper's way, who is left to relay to."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import Select, bindparam, literal, select
from sqlalchemy.orm import aliased, defer

from agencies.models import Agency, Person
from bulletins import relay as chain
from bulletins.models import Attachment, Bulletin, BulletinVersion, Receipt, Relay
from bulletins.queries.issuers import issued_by
from bulletins.queries.owned import files_of
from bulletins.states import OPEN, OwnerKind, State
from config.database import db, found

DESK_KEY = (Relay.updated_at, Relay.id)
SHOWN_AT_MOST = 50


def relay(relay_id: int) -> Relay:
    """One relay; raises NotFound."""
    return found(select(Relay).where(Relay.id == relay_id))


def open_relay(agency_id: int, bulletin_id: int) -> Relay | None:
    """The relay of a paper that an agency still works on; there is at most one."""
    return db.session.scalars(
        select(Relay).where(
            Relay.agency_id == agency_id,
            Relay.bulletin_id == bulletin_id,
            Relay.state.in_(OPEN),
        )
    ).one_or_none()


def signed(agency_id: int, bulletin_id: int) -> Sequence[Relay]:
    """The relays of a paper that an agency has signed, the latest first."""
    return db.session.scalars(
        select(Relay)
        .where(
            Relay.agency_id == agency_id,
            Relay.bulletin_id == bulletin_id,
            Relay.state == State.PUBLISHED,
            ~Relay.by_rule,
        )
        .order_by(Relay.id.desc())
    ).all()


def receipt_of(agency_id: int, bulletin: Bulletin) -> Receipt | None:
    """An agency's receipt of the paper's version in force."""
    return db.session.scalars(
        select(Receipt).where(
            Receipt.bulletin_id == bulletin.id,
            Receipt.version == bulletin.version,
            Receipt.agency_id == agency_id,
        )
    ).one_or_none()


def own_receipt(relay: Relay) -> Receipt | None:
    """The relaying agency's own receipt of the paper's version in force."""
    return db.session.scalars(
        select(Receipt)
        .join(Bulletin, Bulletin.id == Receipt.bulletin_id)
        .where(
            Receipt.bulletin_id == relay.bulletin_id,
            Receipt.version == Bulletin.version,
            Receipt.agency_id == relay.agency_id,
        )
    ).one_or_none()


_OWN_COPY = (
    select(Receipt, BulletinVersion)
    .join(
        BulletinVersion,
        (BulletinVersion.bulletin_id == Receipt.bulletin_id)
        & (BulletinVersion.version == Receipt.version),
    )
    .where(
        Receipt.bulletin_id == bindparam("of_bulletin"),
        Receipt.version == bindparam("of_version"),
        Receipt.agency_id == bindparam("of_agency"),
    )
    .options(defer(BulletinVersion.body), defer(BulletinVersion.html))
    .execution_options(populate_existing=True)
)


def own_copy(bulletin: Bulletin, agency_id: int) -> tuple[Receipt, BulletinVersion] | None:
    """An agency's receipt of the paper's version in force, read anew, with that version."""
    which = {
        "of_bulletin": bulletin.id,
        "of_version": bulletin.version,
        "of_agency": agency_id,
    }
    row = db.session.execute(_OWN_COPY, which).one_or_none()
    return (row[0], row[1]) if row else None


def deadline(receipt: Receipt, version: BulletinVersion) -> date | None:
    """The day by which a receipt is to be acknowledged: the nearest relay's, else the paper's."""
    local = receipt.relay.acknowledge_by if receipt.relay else None
    return local or version.acknowledge_by


def can_relay(bulletin: Bulletin, agency_id: int, today: date) -> bool:
    """Whether anybody is left below an agency who has not got the paper."""
    return bool(db.session.scalar(chain.has_newcomers(bulletin, agency_id, today)))


def desk(agency_id: int, states: Collection[State]) -> Select[*tuple[Any, ...]]:
    """The relays an agency has in these states, with what a list shows of them."""
    return (
        select(
            Relay.id,
            Relay.state,
            Relay.updated_at,
            Relay.submitted_at,
            Relay.receipt_count,
            BulletinVersion.title,
            BulletinVersion.type,
            BulletinVersion.urgency,
            Bulletin.ended_kind.label("ended_kind"),
            Bulletin.ended_on,
            (Relay.version < Bulletin.version).label("is_corrected"),
            issued_by().label("issuer"),
            Person.name.label("editor"),
        )
        .join(
            BulletinVersion,
            (BulletinVersion.bulletin_id == Relay.bulletin_id)
            & (BulletinVersion.version == Relay.version),
        )
        .join(Bulletin, Bulletin.id == Relay.bulletin_id)
        .join(Agency, Agency.id == Bulletin.issuer_id)
        .join(Person, Person.id == Relay.updated_by)
        .where(Relay.agency_id == agency_id, Relay.state.in_(states), ~Relay.by_rule)
    )


def desk_mark(row: Any) -> tuple[Any, ...]:
    """A row's place in the list of relays."""
    return row.updated_at, row.id


def at_work(agency_id: int, states: Collection[State]) -> Sequence[Any]:
    """The relays an agency has in these open states, the last changed first (at most 50)."""
    query = desk(agency_id, states).order_by(Relay.updated_at.desc(), Relay.id.desc())
    return db.session.execute(query.limit(SHOWN_AT_MOST)).all()


def to_sign(agency_id: int) -> Select[int]:
    """The relays that wait for the approver."""
    return select(Relay.id).where(Relay.agency_id == agency_id, Relay.state == State.SUBMITTED)


def passed(relay: Relay, agency_id: int) -> bool:
    """Whether an agency has a version of the paper that came down through this relay."""
    way = (
        select(Receipt.relay_id, Receipt.through_receipt_id)
        .where(Receipt.bulletin_id == relay.bulletin_id, Receipt.agency_id == agency_id)
        .cte("way", recursive=True)
    )
    above = aliased(Receipt)
    way = way.union_all(
        select(above.relay_id, above.through_receipt_id).join(
            way, above.id == way.c.through_receipt_id
        )
    )
    return bool(db.session.scalar(select(select(way).where(way.c.relay_id == relay.id).exists())))


def files(relay_ids: Collection[int]) -> Mapping[int, Sequence[Attachment]]:
    """What is with each of these relays, in its order."""
    return files_of(OwnerKind.RELAY, relay_ids)


@dataclass(frozen=True)
class Words:
    """What one agency on a paper's way added to it."""

    relay_id: int
    agency: str
    note_html: str
    additions_html: str
    acknowledge_by: date | None
    signed_at: datetime | None
    signer: str
    by_rule: bool
    attachments: Sequence[Attachment]


def words_on_the_way(receipt: Receipt) -> Sequence[Words]:
    """The words of every relay between the issuer and a receipt, the uppermost first."""
    if receipt.relay_id is None:
        return ()
    way = (
        select(Receipt.relay_id, Receipt.through_receipt_id, literal(0).label("step"))
        .where(Receipt.id == receipt.id)
        .cte("way", recursive=True)
    )
    above = aliased(Receipt)
    way = way.union_all(
        select(above.relay_id, above.through_receipt_id, way.c.step + 1).join(
            way, above.id == way.c.through_receipt_id
        )
    )
    rows = db.session.execute(
        select(Relay, Agency.name, Person.name)
        .join(way, way.c.relay_id == Relay.id)
        .join(Agency, Agency.id == Relay.agency_id)
        .outerjoin(Person, Person.id == Relay.signed_by)
        .order_by(way.c.step.desc())
    ).all()
    brought = files([one.id for one, _agency, _signer in rows])
    return [
        Words(
            relay_id=one.id,
            agency=agency,
            note_html=one.note_html,
            additions_html=one.additions_html,
            acknowledge_by=one.acknowledge_by,
            signed_at=one.signed_at,
            signer=signer or "",
            by_rule=one.by_rule,
            attachments=brought.get(one.id, ()),
        )
        for one, agency, signer in rows
    ]
