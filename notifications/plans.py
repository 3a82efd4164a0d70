"""Plans: which agencies' news, over which positions, and whose state each digest is to tell.

Recipients with the same plan get the same words.
"""

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import case, func, or_, select
from sqlalchemy.orm import aliased

from agencies.models import Person, Seat, Tenure
from agencies.states import Channel
from config.database import db
from config.journal import Entry
from config.sections import Span
from notifications.audience import acts
from notifications.busy import busy_seats
from notifications.models import Recipient

_MOST_LANDMARKS = 10_000
_NEVER_NEWS = (
    *("tenure", "person", "contact", "invitation", "absence", "token"),
    *("subscription", "recipient", "delivery", "search", "feed"),
)
"""What entries are about that no agency is ever told of."""


@dataclass(frozen=True)
class Plan:
    """``news`` pairs agencies with stretches of the journal, ``now`` lists agencies of today.

    ``seats`` pairs agencies with seats for which something waits. ``is_outside``: for somebody who
    has no account and can open nothing.
    """

    language: str
    channel: Channel
    news: tuple[tuple[int, Span], ...] = ()
    now: tuple[int, ...] = ()
    seats: tuple[tuple[int, int], ...] = ()
    is_outside: bool = False


@dataclass(frozen=True)
class Wanted:
    """For whom a plan is made: a recipient, a channel and the span their digest covers."""

    recipient_id: int
    channel: Channel
    span: Span


@dataclass(frozen=True)
class _Stay:
    """That a recipient belongs to an agency, after one position up to another (None: still)."""

    agency_id: int
    after: int
    upto: int | None
    acts_now: bool
    has_begun: bool

    def within(self, span: Span) -> Span | None:
        """The part of ``span`` that falls into the stay."""
        after = max(span.after, self.after)
        upto = span.upto if self.upto is None else min(span.upto, self.upto)
        return Span(after, upto) if self.has_begun and after < upto else None


@dataclass(frozen=True)
class _Landmarks:
    """The positions at which there may be news; stretches that hold the same ones are the same.

    People take their seats one after the other: without this each had a stretch of their own.
    """

    positions: Sequence[int] | None

    @classmethod
    def between(cls, after: int, upto: int) -> "_Landmarks":
        """The landmarks of a stretch; where they are very many, every position is one."""
        found = db.session.scalars(
            select(Entry.position)
            .where(
                Entry.position > after,
                Entry.position <= upto,
                Entry.subject_kind.not_in(_NEVER_NEWS),
            )
            .order_by(Entry.position)
            .limit(_MOST_LANDMARKS)
        ).all()
        known = [position for position in found if position is not None]
        return cls(None if len(known) == _MOST_LANDMARKS else [after, *known])

    def snapped(self, span: Span) -> Span | None:
        """The stretch between landmarks that holds the same news; None where it holds none."""
        if self.positions is None:
            return span
        ends = [bisect_right(self.positions, end) - 1 for end in (span.after, span.upto)]
        after, upto = (self.positions[max(end, 0)] for end in ends)
        return Span(after, upto) if after < upto else None


def plans(wanted: Sequence[Wanted], day: date) -> list[Plan]:
    """A plan for each of ``wanted``, in a fixed number of queries."""
    if not wanted:
        return []
    recipient_ids = {one.recipient_id for one in wanted}
    stays = _stays(recipient_ids, day)
    speaking = _speaking(recipient_ids)
    busy = busy_seats(recipient_ids, day)
    landmarks = _Landmarks.between(
        min(one.span.after for one in wanted), max(one.span.upto for one in wanted)
    )
    return [
        Plan(
            language=speaking[one.recipient_id].language,
            channel=one.channel,
            news=_news(stays[one.recipient_id], one.span, landmarks),
            now=tuple(sorted({s.agency_id for s in stays[one.recipient_id] if s.acts_now})),
            seats=busy.get(one.recipient_id, ()),
            is_outside=speaking[one.recipient_id].is_outside,
        )
        for one in wanted
    ]


def _news(
    stays: Iterable[_Stay], span: Span, landmarks: _Landmarks
) -> tuple[tuple[int, Span], ...]:
    """Each agency's stretches, joined where they overlap, so that nothing is told twice."""
    stretches = sorted(
        (stay.agency_id, snapped.after, snapped.upto)
        for stay in stays
        if (part := stay.within(span)) and (snapped := landmarks.snapped(part))
    )
    joined: list[tuple[int, int, int]] = []
    for agency_id, after, upto in stretches:
        if joined and joined[-1][0] == agency_id and after <= joined[-1][2]:
            joined[-1] = (agency_id, joined[-1][1], max(upto, joined[-1][2]))
        else:
            joined.append((agency_id, after, upto))
    return tuple((agency_id, Span(after, upto)) for agency_id, after, upto in joined)


def _stays(recipient_ids: Iterable[int], day: date) -> Mapping[int, list[_Stay]]:
    stays: dict[int, list[_Stay]] = defaultdict(list)
    for row in db.session.execute(_tenures(recipient_ids, day)):
        stays[row.recipient_id].append(_stay(row))
    outside = select(Recipient.id, Recipient.agency_id).where(
        Recipient.id.in_(recipient_ids),
        Recipient.person_id.is_(None),
        Recipient.ended_at.is_(None),
    )
    for recipient_id, agency_id in db.session.execute(outside):
        if agency_id is not None:
            stays[recipient_id].append(_Stay(agency_id, 0, None, acts_now=True, has_begun=True))
    return stays


def _tenures(recipient_ids: Iterable[int], day: date) -> Any:
    """Every tenure of these people with its positions; a deputy's only while they act."""
    began, ended = aliased(Entry), aliased(Entry)
    return (
        select(
            Recipient.id.label("recipient_id"),
            Seat.agency_id,
            Tenure.began_entry_id,
            began.position.label("began"),
            ended.position.label("ended"),
            case(
                (or_(Tenure.ended_at.is_not(None), Seat.ended_at.is_not(None)), False), else_=True
            ).label("is_open"),
        )
        .join(Tenure, Tenure.person_id == Recipient.person_id)
        .join(Seat, Seat.id == Tenure.seat_id)
        .outerjoin(began, began.id == Tenure.began_entry_id)
        .outerjoin(ended, ended.id == Tenure.ended_entry_id)
        .where(Recipient.id.in_(recipient_ids), acts(day))
    )


def _stay(row: Any) -> _Stay:
    # An entry that is not settled yet will get a position behind every span there is.
    return _Stay(
        agency_id=row.agency_id,
        after=row.began or 0,
        upto=row.ended,
        acts_now=bool(row.is_open),
        has_begun=row.began_entry_id is None or row.began is not None,
    )


def _speaking(recipient_ids: Iterable[int]) -> dict[int, Any]:
    """Each recipient's language, and whether they are from outside."""
    rows = db.session.execute(
        select(
            Recipient.id,
            func.coalesce(Person.language, Recipient.language).label("language"),
            Recipient.person_id.is_(None).label("is_outside"),
        )
        .outerjoin(Person, Person.id == Recipient.person_id)
        .where(Recipient.id.in_(recipient_ids))
    )
    return {row.id: row for row in rows}
