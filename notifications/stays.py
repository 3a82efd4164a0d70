"""Stays: to which agencies a recipient belongs, from which position of the journal to which.

A deputy's are those stretches in which they act: while the holder is away or nobody holds the seat.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from sqlalchemy import and_, func, or_, select
from sqlalchemy.orm import aliased

from agencies.models import Absence, Seat, Tenure
from config.database import among, db
from config.journal import Entry
from config.sections import Span
from notifications.audience import acts
from notifications.models import Digest, Recipient
from notifications.states import WorkState

_STILL = 2**63 - 1


@dataclass(frozen=True)
class Stay:
    """That a recipient belongs to an agency, after one position up to another."""

    agency_id: int
    after: int
    upto: int = _STILL
    acts_now: bool = False

    def within(self, span: Span) -> Span | None:
        """The part of ``span`` that falls into the stay."""
        after, upto = max(span.after, self.after), min(span.upto, self.upto)
        return Span(after, upto) if after < upto else None

    def without(self, others: Iterable[Span]) -> list["Stay"]:
        """What is left of it where ``others`` are taken out."""
        left = [self]
        for other in others:
            left = [part for stay in left for part in stay._around(other)]
        return left

    def _around(self, other: Span) -> Iterable["Stay"]:
        before = replace(self, upto=min(self.upto, other.after))
        behind = replace(self, after=max(self.after, other.upto))
        return (part for part in (before, behind) if part.after < part.upto)


def stays_of(recipient_ids: Collection[int], day: date) -> Mapping[int, list[Stay]]:
    """The stays of these recipients, in a fixed number of queries."""
    stays: dict[int, list[Stay]] = defaultdict(list)
    rows = db.session.execute(_tenures(recipient_ids, day)).all()
    seat_ids = {row.seat_id for row in rows if row.is_deputy}
    present = _presence(seat_ids) if seat_ids else {}
    for row in rows:
        stay = Stay(row.agency_id, *_positions(row), acts_now=bool(row.is_open and row.acts))
        held = present.get(row.seat_id, ()) if row.is_deputy else ()
        stays[row.recipient_id] += stay.without(held)
        if row.is_deputy and stay.acts_now:  # what waits is told now, whatever is new
            stays[row.recipient_id].append(replace(stay, after=stay.upto))
    for recipient_id, agency_id in db.session.execute(_outside(recipient_ids)):
        stays[recipient_id].append(Stay(agency_id, 0, acts_now=True))
    return stays


def _tenures(recipient_ids: Collection[int], day: date) -> Any:
    began, ended = aliased(Entry), aliased(Entry)
    return (
        select(
            Recipient.id.label("recipient_id"),
            Seat.agency_id,
            Tenure.seat_id,
            Tenure.is_deputy,
            Tenure.began_entry_id,
            began.position.label("began"),
            ended.position.label("ended"),
            and_(Tenure.ended_at.is_(None), Seat.ended_at.is_(None)).label("is_open"),
            acts(day).label("acts"),
        )
        .join(Tenure, Tenure.person_id == Recipient.person_id)
        .join(Seat, Seat.id == Tenure.seat_id)
        .outerjoin(began, began.id == Tenure.began_entry_id)
        .outerjoin(ended, ended.id == Tenure.ended_entry_id)
        .where(among(Recipient.id, recipient_ids))
    )


def _outside(recipient_ids: Collection[int]) -> Any:
    return select(Recipient.id, Recipient.agency_id).where(
        among(Recipient.id, recipient_ids),
        Recipient.person_id.is_(None),
        Recipient.agency_id.is_not(None),
        Recipient.ended_at.is_(None),
    )


def _positions(row: Any) -> tuple[int, int]:
    """Where a tenure or an absence begins and ends.

    An entry that is not settled yet will get a position behind every span there is.
    """
    began = _STILL if row.began_entry_id is not None and row.began is None else row.began or 0
    return began, _STILL if row.ended is None else row.ended


def _presence(seat_ids: Collection[int]) -> Mapping[int, list[Span]]:
    """For each seat the stretches in which a holder has it and is there."""
    began, ended = aliased(Entry), aliased(Entry)
    tenures = db.session.execute(
        select(
            Tenure.seat_id,
            Tenure.person_id,
            Tenure.began_entry_id,
            began.position.label("began"),
            ended.position.label("ended"),
        )
        .outerjoin(began, began.id == Tenure.began_entry_id)
        .outerjoin(ended, ended.id == Tenure.ended_entry_id)
        .where(among(Tenure.seat_id, seat_ids), Tenure.is_deputy.is_(False))
    ).all()
    away = _absences({row.person_id for row in tenures})
    present: dict[int, list[Span]] = defaultdict(list)
    for row in tenures:
        for part in Stay(0, *_positions(row)).without(away.get(row.person_id, ())):
            present[row.seat_id].append(Span(part.after, part.upto))
    return present


def _absences(person_ids: Collection[int]) -> Mapping[int, list[Span]]:
    """When these people were away.

    It begins where their last digest before it ended: what that did not tell the deputy is told.
    """
    began, ended = aliased(Entry), aliased(Entry)
    told = (
        select(func.max(Digest.upto))
        .join(Recipient, Recipient.id == Digest.recipient_id)
        .where(
            Recipient.person_id == Absence.person_id,
            Digest.upto <= began.position,
            Digest.state != WorkState.UNREACHABLE,
        )
        .scalar_subquery()
    )
    rows = db.session.execute(
        select(
            Absence.person_id,
            func.coalesce(told, began.position).label("began"),
            ended.position.label("ended"),
        )
        .join(began, began.id == Absence.began_entry_id)
        .outerjoin(ended, ended.id == Absence.ended_entry_id)
        .where(
            among(Absence.person_id, person_ids),
            began.position.is_not(None),
            or_(ended.position.is_(None), ended.position > began.position),
        )
    )
    away: dict[int, list[Span]] = defaultdict(list)
    for row in rows:
        away[row.person_id].append(Span(row.began, _STILL if row.ended is None else row.ended))
    return away
