"""Questions about agencies, people and seats that several folders ask."""

from collections.abc import Collection, Sequence

from flask import current_app
from sqlalchemy import Select, exists, select
from sqlalchemy.orm import aliased

from agencies.models import Absence, Agency, Lineage, Person, Seat, SignIn, Tenure
from agencies.states import SeatKind
from config import clock
from config.database import db, found
from config.pages import Page, keyset


def agency(agency_id: int) -> Agency:
    """One agency; raises NotFound."""
    return found(select(Agency).where(Agency.id == agency_id))


def below(agency_id: int, *, and_itself: bool = False) -> Select[int]:
    """The ids of all agencies under one, however deep, as a subquery by index."""
    query = select(Lineage.descendant_id).where(Lineage.ancestor_id == agency_id)
    return query if and_itself else query.where(Lineage.depth > 0)


def is_below(agency_id: int, upper_id: int) -> bool:
    """Whether ``agency_id`` stands somewhere under ``upper_id`` (not itself)."""
    found_row = exists().where(
        Lineage.ancestor_id == upper_id, Lineage.descendant_id == agency_id, Lineage.depth > 0
    )
    return bool(db.session.scalar(select(found_row)))


def holders(agency_ids: Collection[int], kinds: Collection[SeatKind]) -> Select[int, int]:
    """Pairs of agency id and person id of those who hold a seat of these kinds there now."""
    return (
        select(Seat.agency_id, Tenure.person_id)
        .join(Tenure, Tenure.seat_id == Seat.id)
        .join(Person, Person.id == Tenure.person_id)
        .where(
            Seat.agency_id.in_(agency_ids),
            Seat.kind.in_(kinds),
            Seat.ended_at.is_(None),
            Tenure.ended_at.is_(None),
            Tenure.is_deputy.is_(False),
            Person.active,
        )
        .distinct()
    )


def upper_agencies(agency_id: int) -> Sequence[Agency]:
    """The agencies above one, the nearest first."""
    lineage = aliased(Lineage)
    return db.session.scalars(
        select(Agency)
        .join(lineage, lineage.ancestor_id == Agency.id)
        .where(lineage.descendant_id == agency_id, lineage.depth > 0)
        .order_by(lineage.depth)
    ).all()


def absences_of(person_id: int) -> Sequence[Absence]:
    """A person's absences that are not over, the next first (at most 50)."""
    query = _absences(person_id).order_by(Absence.from_day)
    return db.session.scalars(query.limit(50)).all()


def absences_by_id(person_id: int, size: int) -> Page[Absence]:
    """A page of a person's absences that are not over, in the order they were entered."""
    query = _absences(person_id)
    return keyset(query, (Absence.id,), lambda one: (one.id,), size=size, descending=False)


def _absences(person_id: int) -> Select[Absence]:
    today = clock.today(current_app.extensions["settings"].zone)
    return select(Absence).where(Absence.person_id == person_id, Absence.until_day >= today)


def away_now(person_ids: Collection[int]) -> set[int]:
    """Who of these people is away today."""
    return set(db.session.scalars(away_today().where(Absence.person_id.in_(person_ids))))


def away_today() -> Select[int]:
    """The ids of all who are away today, as a subquery."""
    today = clock.today(current_app.extensions["settings"].zone)
    return select(Absence.person_id).where(Absence.from_day <= today, Absence.until_day >= today)


def sign_ins_of(person_id: int) -> Sequence[SignIn]:
    """A person's live sessions, newest first (at most 50)."""
    return db.session.scalars(
        select(SignIn)
        .where(
            SignIn.person_id == person_id,
            SignIn.ended_at.is_(None),
            SignIn.expires_at > clock.now(),
        )
        .order_by(SignIn.id.desc())
        .limit(50)
    ).all()


def is_taken(username: str) -> bool:
    """Whether somebody has this user name, or had it."""
    held = select(Person.id).where(Person.username == username.strip().casefold())
    return db.session.scalar(held) is not None
