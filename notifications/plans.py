"""Plans: which agencies' news, over which positions, and whose state each digest is to tell.

Recipients with the same plan get the same words.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import case, or_, select
from sqlalchemy.orm import aliased

from agencies.models import Person, Seat, Tenure
from agencies.states import Channel
from config.database import db
from config.journal import Entry
from config.sections import Span
from notifications.audience import acts
from notifications.models import Recipient


@dataclass(frozen=True)
class Plan:
    """``news`` pairs agencies with stretches of the journal, ``now`` lists agencies of today."""

    language: str
    channel: Channel
    news: tuple[tuple[int, Span], ...] = ()
    now: tuple[int, ...] = ()


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


def plans(wanted: Sequence[Wanted], day: date) -> list[Plan]:
    """A plan for each of ``wanted``, in a fixed number of queries."""
    recipient_ids = {one.recipient_id for one in wanted}
    stays = _stays(recipient_ids, day)
    languages = _languages(recipient_ids)
    return [
        Plan(
            language=languages[one.recipient_id],
            channel=one.channel,
            news=_news(stays[one.recipient_id], one.span),
            now=tuple(sorted({s.agency_id for s in stays[one.recipient_id] if s.acts_now})),
        )
        for one in wanted
    ]


def _news(stays: Iterable[_Stay], span: Span) -> tuple[tuple[int, Span], ...]:
    """Each agency's stretches, joined where they overlap, so that nothing is told twice."""
    stretches = sorted(
        (stay.agency_id, part.after, part.upto) for stay in stays if (part := stay.within(span))
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


def _languages(recipient_ids: Iterable[int]) -> dict[int, str]:
    rows = db.session.execute(
        select(Recipient.id, Recipient.language, Person.language)
        .outerjoin(Person, Person.id == Recipient.person_id)
        .where(Recipient.id.in_(recipient_ids))
    )
    return {row[0]: row[2] or row[1] for row in rows}
