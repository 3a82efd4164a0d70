"""Who reviews a paper: its plan, the rounds so far, what waits for a seat."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, select
from sqlalchemy.orm import joinedload

from agencies import directory, labels
from agencies.models import Person, Seat, Tenure
from agencies.permissions import WORKING_SEATS
from bulletins.models import Bulletin, Review, ReviewStep
from config.database import db, found

KEY = (Review.asked_at, Review.id)
Plan = Sequence[tuple[int, int]]
"""Pairs of step and seat: seats of one step are asked side by side, steps one after the other."""


def plan_of(bulletin_id: int) -> list[tuple[int, int]]:
    """Who is to review a paper, in which step."""
    rows = db.session.execute(
        select(ReviewStep.step, ReviewStep.seat_id)
        .where(ReviewStep.bulletin_id == bulletin_id)
        .order_by(ReviewStep.step, ReviewStep.seat_id)
    )
    return [(step, seat_id) for step, seat_id in rows]


def candidates(
    agency_id: int, drafters: Collection[int], planned: Collection[int] = ()
) -> list[tuple[int, str]]:
    """The seats of an agency that can be asked to review, with their holders in words.

    Those of the ``drafters`` (ids of people) are left out, but for what is ``planned`` already.
    """
    return [
        (row.seat.id, f"{labels.seat(row.seat)} {row.holder.person.name if row.holder else '—'}")
        for row in directory.seats_in(agency_id)
        if row.seat.kind in WORKING_SEATS
        and (row.seat.id in planned or not (row.holder and row.holder.person_id in drafters))
    ]


def held_by(person_ids: Collection[int], seat_ids: Collection[int]) -> set[int]:
    """Those of the seats that one of the people holds, not only as a deputy."""
    query = select(Tenure.seat_id).where(
        Tenure.seat_id.in_(seat_ids),
        Tenure.person_id.in_(person_ids),
        Tenure.ended_at.is_(None),
        Tenure.is_deputy.is_(False),
    )
    return set(db.session.scalars(query))


def review(review_id: int) -> Review:
    """One review; raises NotFound."""
    return found(select(Review).where(Review.id == review_id))


def is_waiting() -> ColumnElement[bool]:
    """The reviews whose turn it is."""
    return Review.closed_at.is_(None) & Review.asked_at.is_not(None)


def waiting(seat_id: int) -> Select[*tuple[Any, ...]]:
    """The papers that wait for a seat's review, with what a list shows of them."""
    return (
        select(
            Review.id,
            Review.asked_at,
            Bulletin.id.label("bulletin_id"),
            Bulletin.title,
            Bulletin.type,
            Bulletin.urgency,
            Bulletin.version,
            Person.name.label("submitter"),
        )
        .join(Bulletin, Bulletin.id == Review.bulletin_id)
        .outerjoin(Person, Person.id == Bulletin.submitted_by)
        .where(Review.seat_id == seat_id, is_waiting())
    )


def mark_of(row: Any) -> tuple[Any, ...]:
    """A row's place in the list."""
    return row.asked_at, row.id


def to_review(seat_id: int) -> Select[int]:
    """What waits for a seat's review."""
    return select(Review.id).where(Review.seat_id == seat_id, is_waiting())


def asked(bulletin_id: int, seat_id: int | None) -> Review | None:
    """The review of a paper that waits for that seat."""
    mine = (Review.bulletin_id == bulletin_id, Review.seat_id == seat_id, is_waiting())
    return db.session.scalar(select(Review).where(*mine))


@dataclass(frozen=True)
class Asked:
    """One line of a paper's review: who was asked and what they said."""

    round: int
    step: int
    seat: Seat
    verdict: str | None
    asked_at: datetime | None
    closed_at: datetime | None
    opinion: str
    who: str


def rounds(bulletin_id: int) -> Sequence[Asked]:
    """All who were asked about a paper, the latest round first (at most 60)."""
    rows = db.session.execute(
        select(Review, Person.name)
        .options(joinedload(Review.seat))
        .outerjoin(Person, Person.id == Review.decided_by)
        .where(Review.bulletin_id == bulletin_id)
        .order_by(Review.round.desc(), Review.step, Review.id)
        .limit(60)
    )
    return [
        Asked(
            one.round,
            one.step,
            one.seat,
            one.verdict,
            one.asked_at,
            one.closed_at,
            one.opinion,
            name or "",
        )
        for one, name in rows
    ]
