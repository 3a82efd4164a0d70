"""The library, what is offered to it, and who found what useful."""

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import ColumnElement, Select, exists, func, select
from sqlalchemy.orm import aliased

from agencies.models import Agency, Lineage
from bulletins.library.inputs import LibraryFilter
from bulletins.library.permissions import Shelved
from bulletins.library.states import OfferState
from bulletins.models import (
    Bulletin,
    BulletinVersion,
    JointIssuer,
    Offer,
    Receipt,
    Selection,
    UsefulMark,
)
from bulletins.queries.filed import filed_under
from bulletins.queries.inbox import current_version, standing
from bulletins.queries.issuers import issued_by
from bulletins.queries.questions import is_readable
from bulletins.queries.readable import ways
from bulletins.states import State
from config.database import db, found
from config.errors import NotFound

KEY = (Selection.selected_at, Selection.bulletin_id)
OFFER_KEY = (Offer.offered_at, Offer.id)
ISSUERS = 50
"""Issuers that a page offers to narrow by, at most."""


def shelved(agency_id: int | None, bulletin_id: int) -> Shelved:
    """A published paper as the library knows it; raises NotFound."""
    copy = aliased(Receipt)
    row = db.session.execute(
        select(
            Bulletin,
            BulletinVersion,
            issued_by().label("issuer"),
            Selection,
            copy.id.label("receipt_id"),
            is_readable(agency_id or 0).label("is_readable"),
            is_below(agency_id).label("is_below"),
        )
        .join(BulletinVersion, current_version())
        .join(Agency, Agency.id == Bulletin.issuer_id)
        .outerjoin(Selection, (Selection.bulletin_id == Bulletin.id) & Selection.ended_at.is_(None))
        .outerjoin(
            copy,
            (copy.bulletin_id == Bulletin.id)
            & (copy.version == Bulletin.version)
            & (copy.agency_id == agency_id),
        )
        .where(Bulletin.id == bulletin_id)
    ).one_or_none()
    if row is None:
        raise NotFound
    return Shelved(*row)


def is_below(agency_id: int | None) -> ColumnElement[bool]:
    """Whether a paper's issuer stands below the agency."""
    return exists().where(
        Lineage.ancestor_id == agency_id,
        Lineage.descendant_id == Bulletin.issuer_id,
        Lineage.depth > 0,
    )


def library(agency_id: int | None, narrowed: LibraryFilter) -> Select[*tuple[Any, ...]]:
    """What was selected and is not void, with what a list shows of it."""
    selecting, copy = aliased(Agency), aliased(Receipt)
    query = (
        select(
            Selection.bulletin_id,
            Selection.selected_at,
            Selection.note,
            selecting.name.label("selected_by"),
            BulletinVersion.title,
            BulletinVersion.type,
            BulletinVersion.number,
            BulletinVersion.signed_at,
            *standing(),
            issued_by().label("issuer"),
            (Bulletin.issuer_id == agency_id).label("is_own"),
            *ways(agency_id, Bulletin.id),
            copy.id.label("receipt_id"),
        )
        .join(Bulletin, Bulletin.id == Selection.bulletin_id)
        .join(BulletinVersion, current_version())
        .join(Agency, Agency.id == Bulletin.issuer_id)
        .join(selecting, selecting.id == Selection.agency_id)
        .outerjoin(
            copy,
            (copy.bulletin_id == Bulletin.id)
            & (copy.version == Bulletin.version)
            & (copy.agency_id == agency_id),
        )
        .where(Selection.ended_at.is_(None), Bulletin.state != State.VOID)
    )
    if narrowed.type:
        query = query.where(BulletinVersion.type == narrowed.type)
    if narrowed.issuer:
        together = exists().where(
            JointIssuer.bulletin_id == Bulletin.id, JointIssuer.agency_id == narrowed.issuer
        )
        query = query.where((Bulletin.issuer_id == narrowed.issuer) | together)
    for code in (narrowed.topic, narrowed.sector):
        if code:
            query = query.where(filed_under(code, Bulletin.id, Bulletin.version))
    return query


def mark_of(row: Any) -> tuple[Any, ...]:
    """A paper's place in the library."""
    return row.selected_at, row.bulletin_id


def issuers() -> Sequence[tuple[int, str]]:
    """Whose papers stand in the library, those with the latest first."""
    latest = func.max(Selection.selected_at)
    rows = db.session.execute(
        select(Agency.id, Agency.name)
        .join(Bulletin, Bulletin.issuer_id == Agency.id)
        .join(Selection, Selection.bulletin_id == Bulletin.id)
        .where(Selection.ended_at.is_(None), Bulletin.state != State.VOID)
        .group_by(Agency.id, Agency.name)
        .order_by(latest.desc(), Agency.id)
        .limit(ISSUERS)
    )
    return [(row.id, row.name) for row in rows]


def useful_counts(bulletin_ids: Sequence[int]) -> Mapping[int, int]:
    """How many people found each of these papers useful."""
    if not bulletin_ids:
        return {}
    rows = db.session.execute(
        select(UsefulMark.bulletin_id, func.count())
        .where(UsefulMark.bulletin_id.in_(bulletin_ids))
        .group_by(UsefulMark.bulletin_id)
    )
    return dict(rows.all())


def found_useful(bulletin_id: int, person_id: int | None) -> bool:
    """Whether that person found the paper useful."""
    return db.session.get(UsefulMark, (bulletin_id, person_id or 0)) is not None


def uppers(agency_id: int) -> Sequence[tuple[int, str]]:
    """The agencies above, the nearest first: to each of them one may offer."""
    rows = db.session.execute(
        select(Agency.id, Agency.name)
        .join(Lineage, Lineage.ancestor_id == Agency.id)
        .where(Lineage.descendant_id == agency_id, Lineage.depth > 0)
        .order_by(Lineage.depth)
    )
    return [(row.id, row.name) for row in rows]


def offers_of(bulletin_id: int, agency_id: int) -> Sequence[Offer]:
    """The offers of a paper by or to an agency, the latest first (at most 10)."""
    return db.session.scalars(
        select(Offer)
        .where(
            Offer.bulletin_id == bulletin_id,
            (Offer.agency_id == agency_id) | (Offer.to_agency_id == agency_id),
        )
        .order_by(Offer.offered_at.desc(), Offer.id.desc())
        .limit(10)
    ).all()


def to_decide(agency_id: int) -> Select[*tuple[Any, ...]]:
    """What others offer to the agency and waits for it."""
    return _offers().where(Offer.to_agency_id == agency_id, waits())


def made_by(agency_id: int) -> Select[*tuple[Any, ...]]:
    """What the agency has offered, and what became of it."""
    return _offers().where(Offer.agency_id == agency_id)


def undecided(agency_id: int) -> Select[int]:
    """The offers that wait for the agency."""
    mine = select(Offer.id).join(Bulletin, Bulletin.id == Offer.bulletin_id)
    return mine.where(Offer.to_agency_id == agency_id, waits())


def waits() -> ColumnElement[bool]:
    """Offers to decide on: of a paper that is void there is nothing to decide any more."""
    return (Offer.state == OfferState.OFFERED) & (Bulletin.state != State.VOID)


def offer_mark(row: Any) -> tuple[Any, ...]:
    """An offer's place in its list."""
    return row.offered_at, row.id


def _offers() -> Select[*tuple[Any, ...]]:
    to = aliased(Agency)
    return (
        select(
            Offer.id,
            Offer.bulletin_id,
            Offer.state,
            Offer.reason,
            Offer.remark,
            Offer.offered_at,
            Offer.ended_at,
            Agency.name.label("agency"),
            to.name.label("to_agency"),
            BulletinVersion.title,
            BulletinVersion.type,
            *standing(),
        )
        .join(Agency, Agency.id == Offer.agency_id)
        .join(to, to.id == Offer.to_agency_id)
        .join(Bulletin, Bulletin.id == Offer.bulletin_id)
        .join(BulletinVersion, current_version())
    )


def offer(offer_id: int) -> Offer:
    """One offer; raises NotFound."""
    return found(select(Offer).where(Offer.id == offer_id))
