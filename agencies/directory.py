"""Lists of agencies and people as pages show them, each in a fixed number of queries."""

from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass

from sqlalchemy import ColumnElement, Select, exists, func, or_, select
from sqlalchemy.orm import InstrumentedAttribute, contains_eager, joinedload

from agencies.models import Agency, Contact, Person, Seat, Tenure
from agencies.queries import away_now, away_today
from config import clock
from config.database import among, db
from config.pages import Page, keyset

Words = InstrumentedAttribute[str]
PEOPLE = 50  # on a page


def containing(words: str, *columns: Words) -> ColumnElement[bool]:
    """That one of the columns contains ``words`` as they are typed; % and _ mean themselves."""
    wanted = "".join(letter for letter in words.strip()[:100] if letter.isprintable())
    return or_(*(column.contains(wanted, autoescape=True) for column in columns))


def agencies(query: Select[Agency], size: int) -> Page[Agency]:
    """A page of agencies by code."""
    return keyset(
        query.where(Agency.ended_on.is_(None)),
        (Agency.code, Agency.id),
        lambda one: (one.code, one.id),
        size=size,
        descending=False,
    )


def search(words: str, size: int = 50) -> Page[Agency]:
    """A page of the agencies whose name or code contains ``words``."""
    return agencies(select(Agency).where(containing(words, Agency.name, Agency.code)), size)


def children(agency_id: int | None, size: int = 50) -> Page[Agency]:
    """A page of the agencies right under one; with None of the roots."""
    at = Agency.parent_id.is_(None) if agency_id is None else Agency.parent_id == agency_id
    return agencies(select(Agency).where(at), size)


def child_counts(agency_ids: Collection[int]) -> dict[int, int]:
    """How many living agencies stand right under each of these."""
    query = (
        select(Agency.parent_id, func.count())
        .where(among(Agency.parent_id, agency_ids), Agency.ended_on.is_(None))
        .group_by(Agency.parent_id)
    )
    return {parent: count for parent, count in db.session.execute(query) if parent is not None}


@dataclass(frozen=True)
class SeatRow:
    """A seat with who holds it, whether they are away today, and who stands in."""

    seat: Seat
    holder: Tenure | None = None
    deputy: Tenure | None = None
    is_away: bool = False


def seats_in(agency_id: int) -> list[SeatRow]:
    """The living seats of an agency and who holds them now."""
    seats = db.session.scalars(
        select(Seat)
        .where(Seat.agency_id == agency_id, Seat.ended_at.is_(None))
        .order_by(Seat.kind, Seat.label, Seat.id)
    ).all()
    tenures = db.session.scalars(
        select(Tenure)
        .options(joinedload(Tenure.person))
        .where(Tenure.seat_id.in_([seat.id for seat in seats]), Tenure.ended_at.is_(None))
    )
    by_seat: dict[tuple[int, bool], Tenure] = {(one.seat_id, one.is_deputy): one for one in tenures}
    away = away_now({one.person_id for one in by_seat.values() if not one.is_deputy})
    rows = [(seat, by_seat.get((seat.id, False)), by_seat.get((seat.id, True))) for seat in seats]
    return [
        SeatRow(seat, holder, deputy, holder is not None and holder.person_id in away)
        for seat, holder, deputy in rows
    ]


def history(seat_id: int) -> Sequence[Tenure]:
    """Who held a seat and when, the latest first (at most 50)."""
    return db.session.scalars(
        select(Tenure)
        .options(joinedload(Tenure.person))
        .where(Tenure.seat_id == seat_id)
        .order_by(Tenure.id.desc())
        .limit(50)
    ).all()


STATES: dict[str, ColumnElement[bool]] = {
    "active": Person.active & Person.password.is_not(None),
    "invited": Person.active & Person.password.is_(None),
    "inactive": Person.active.is_(False),
    "admin": Person.role.is_not(None),
    "unseated": Person.active
    & Person.role.is_(None)
    & ~exists().where(Tenure.person_id == Person.id, Tenure.ended_at.is_(None)),
}


def people(words: str = "", state: str = "", size: int | None = None) -> Page[Person]:
    """A page of people by user name; ``state`` is one of STATES, "locked" or "away"."""
    query = select(Person)
    if words:
        query = query.where(containing(words, Person.username, Person.name))
    if state == "locked":
        query = query.where(Person.locked_until > clock.now())
    elif state == "away":
        query = query.where(Person.id.in_(away_today()))
    elif state in STATES:
        query = query.where(STATES[state])
    return keyset(
        query,
        (Person.username, Person.id),
        lambda one: (one.username, one.id),
        size=size or PEOPLE,
        descending=False,
    )


def tenures_of(person_ids: Collection[int]) -> dict[int, list[Tenure]]:
    """The open tenures of people with seat and agency, in one query."""
    found: dict[int, list[Tenure]] = defaultdict(list)
    query = (
        select(Tenure)
        .join(Tenure.seat)
        .join(Seat.agency)
        .options(contains_eager(Tenure.seat).contains_eager(Seat.agency))
        .where(among(Tenure.person_id, person_ids), Tenure.ended_at.is_(None))
        .order_by(Tenure.is_deputy, Tenure.id)
    )
    for tenure in db.session.scalars(query):
        found[tenure.person_id].append(tenure)
    return found


def deputies_of(tenures: Collection[Tenure]) -> dict[int, Tenure]:
    """Who stands in for whoever holds these seats, by seat."""
    query = (
        select(Tenure)
        .options(joinedload(Tenure.person))
        .where(
            Tenure.seat_id.in_([one.seat_id for one in tenures if not one.is_deputy]),
            Tenure.is_deputy,
            Tenure.ended_at.is_(None),
        )
    )
    return {one.seat_id: one for one in db.session.scalars(query)}


def contacts_of(person_id: int) -> Sequence[Contact]:
    """A person's addresses."""
    query = select(Contact).where(Contact.person_id == person_id).order_by(Contact.channel)
    return db.session.scalars(query).all()


def state_of(person: Person) -> str:
    """A person's state as a word for badges: inactive, locked, invited or active."""
    if not person.active:
        return "inactive"
    if person.locked_until is not None and person.locked_until > clock.now():
        return "locked"
    return "invited" if person.password is None else "active"
