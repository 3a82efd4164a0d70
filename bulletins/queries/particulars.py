"""Which papers another one could answer or explain."""

from collections.abc import Collection, Sequence
from typing import Any

from sqlalchemy import ColumnElement, Select, exists, select
from sqlalchemy.orm import aliased

from agencies.models import Agency
from bulletins import paper_types
from bulletins.models import Bulletin, BulletinVersion, Particulars, Receipt
from bulletins.paper_types import Particular
from bulletins.queries.inbox import current_version
from bulletins.queries.issuers import issued_by
from bulletins.queries.readable import readable_by
from bulletins.states import BulletinType, Part
from config.database import db

OFFERED = 50
"""How many papers a form offers to refer to."""


def named(title: str, number: str | None) -> str:
    """A paper as another one cites it: its title first, then its number."""
    return f"《{title}》（{number}）" if number else f"《{title}》"


def offered(agency_id: int, kind: BulletinType) -> Sequence[Any]:
    """The papers that a paper of that type could answer or explain, at most 50."""
    rules = paper_types.of(kind)
    if rules.answers:
        return asked(agency_id, rules.answers)
    return issued(agency_id) if Particular.REFERS_TO in rules.particulars else []


def asked(
    agency_id: int, kinds: Collection[BulletinType], chosen: int | None = None
) -> Sequence[Any]:
    """What asks an agency in papers of those types: what it has not answered first, then newest.

    The one that is ``chosen`` stands before all others. At most 50.
    """
    query = _papers(agency_id).where(_asks(agency_id, kinds))
    order = (Bulletin.id != (chosen or 0), _is_answered(agency_id))
    return _newest(query.order_by(*order))


def issued(agency_id: int, chosen: int | None = None) -> Sequence[Any]:
    """The papers of an agency itself: the one that is ``chosen``, then the newest. At most 50."""
    query = _papers(agency_id).where(Bulletin.issuer_id == agency_id)
    return _newest(query.order_by(Bulletin.id != (chosen or 0)))


def _newest(query: Select[*tuple[Any, ...]]) -> Sequence[Any]:
    query = query.order_by(BulletinVersion.signed_at.desc(), Bulletin.id.desc())
    return db.session.execute(query.limit(OFFERED)).all()


def can_answer(agency_id: int, kind: BulletinType, bulletin_id: int) -> bool:
    """Whether an agency's paper of that type may answer that one."""
    kinds = paper_types.of(kind).answers
    query = _papers(agency_id).where(Bulletin.id == bulletin_id, _asks(agency_id, kinds))
    return db.session.execute(query).first() is not None


def readable(agency_id: int, bulletin_id: int) -> BulletinVersion | None:
    """The version in force of a paper that an agency may read; None for any other."""
    return db.session.scalar(
        select(BulletinVersion)
        .join(Bulletin, current_version())
        .where(
            Bulletin.id == bulletin_id,
            readable_by(
                agency_id,
                issuer=Bulletin.issuer_id,
                bulletin=Bulletin.id,
                version=Bulletin.version,
            ),
        )
    )


def _papers(agency_id: int) -> Select[*tuple[Any, ...]]:
    return (
        select(
            Bulletin.id,
            BulletinVersion.title,
            BulletinVersion.number,
            BulletinVersion.type,
            BulletinVersion.signed_at,
            issued_by().label("issuer"),
            _is_answered(agency_id).label("is_answered"),
        )
        .join(BulletinVersion, current_version())
        .join(Agency, Agency.id == Bulletin.issuer_id)
        .where(Bulletin.ended_kind.is_(None))
    )


def _asks(agency_id: int, kinds: Collection[BulletinType]) -> ColumnElement[bool]:
    """Whether ``Bulletin`` is of one of the types and asks the agency.

    It was addressed to it by its issuer: who got a copy, or had it handed down, was not asked.
    """
    addressed = exists().where(
        Receipt.bulletin_id == Bulletin.id,
        Receipt.version == Bulletin.version,
        Receipt.agency_id == agency_id,
        Receipt.part == Part.TO,
        Receipt.relay_id.is_(None),
    )
    return BulletinVersion.type.in_(kinds) & addressed


def _is_answered(agency_id: int) -> ColumnElement[bool]:
    """Whether an answer of the agency to ``Bulletin`` is published and holds."""
    answer = aliased(Bulletin)
    return exists().where(
        Particulars.refers_to_id == Bulletin.id,
        answer.id == Particulars.bulletin_id,
        answer.version == Particulars.version,
        answer.version > 0,
        answer.issuer_id == agency_id,
        answer.ended_kind.is_(None),
    )
