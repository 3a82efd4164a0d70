"""Organ codes of an agency and the register of the numbers given out under each."""

from collections.abc import Iterator, Sequence
from typing import Any

from sqlalchemy import Select, func, select
from sqlalchemy.orm import aliased

from agencies.models import Person
from bulletins.models import Bulletin, BulletinVersion, DocumentNumber, OrganCode, Remark
from config.database import db

KEY = (DocumentNumber.number,)


def codes(agency_id: int) -> Sequence[OrganCode]:
    """All codes that an agency has or had: those in use first, the default at the head."""
    return db.session.scalars(
        select(OrganCode)
        .where(OrganCode.agency_id == agency_id)
        .order_by(OrganCode.ended_at.is_not(None), OrganCode.is_default.desc(), OrganCode.id)
    ).all()


def codes_in_use(agency_id: int) -> Sequence[OrganCode]:
    """The codes under which an agency can give out numbers, the default at the head."""
    return [one for one in codes(agency_id) if one.ended_at is None]


def years(organ_code_id: int) -> Sequence[int]:
    """The years in which numbers were given out under a code, the latest first."""
    return db.session.scalars(
        select(DocumentNumber.year)
        .where(DocumentNumber.organ_code_id == organ_code_id)
        .distinct()
        .order_by(DocumentNumber.year.desc())
    ).all()


def register(organ_code_id: int, year: int) -> Select[*tuple[Any, ...]]:
    """The lines of a code's register of one year."""
    taker, voider = aliased(Person), aliased(Person)
    return (
        select(
            DocumentNumber.id,
            DocumentNumber.year,
            DocumentNumber.number,
            OrganCode.code,
            OrganCode.is_of_orders,
            DocumentNumber.bulletin_id,
            func.coalesce(BulletinVersion.title, Bulletin.title).label("title"),
            Bulletin.type,
            Bulletin.state,
            DocumentNumber.taken_at,
            taker.name.label("taken_by"),
            DocumentNumber.voided_at,
            voider.name.label("voided_by"),
            DocumentNumber.void_reason,
            Remark.text.label("ended_reason"),
        )
        .join(OrganCode, OrganCode.id == DocumentNumber.organ_code_id)
        .join(Bulletin, Bulletin.id == DocumentNumber.bulletin_id)
        .outerjoin(
            BulletinVersion,
            (BulletinVersion.bulletin_id == Bulletin.id)
            & (BulletinVersion.version == Bulletin.version),
        )
        .join(taker, taker.id == DocumentNumber.taken_by)
        .outerjoin(voider, voider.id == DocumentNumber.voided_by)
        .outerjoin(Remark, Remark.entry_id == Bulletin.ended_entry_id)
        .where(DocumentNumber.organ_code_id == organ_code_id, DocumentNumber.year == year)
    )


def mark_of(row: Any) -> tuple[Any, ...]:
    """A line's place in its register."""
    return (row.number,)


def every_line(organ_code_id: int, year: int) -> Iterator[Any]:
    """A whole register from number 1 on, read in pieces."""
    query = register(organ_code_id, year).order_by(DocumentNumber.number)
    yield from db.session.execute(query, execution_options={"yield_per": 500})
