"""Plans: which agencies' news, over which positions, and whose state each digest is to tell.

Recipients with the same plan get the same words.
"""

from bisect import bisect_right
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, func, select

from agencies.models import Person
from agencies.states import Channel
from config.database import among, db
from config.journal import Entry
from config.sections import Span
from notifications.busy import busy_seats
from notifications.models import Recipient
from notifications.stays import Stay, stays_of

_MOST_LANDMARKS = 10_000
_NEVER_NEWS = (
    *("tenure", "person", "contact", "invitation", "absence", "token"),
    *("subscription", "recipient", "delivery", "search", "feed", "export", "join_link"),
)
"""What entries are about that no agency is ever told of."""


@dataclass(frozen=True)
class Covered:
    """The time that a digest covers, to the minute, and the zone in which its reader counts it.

    ``since`` is None for a reader's first.
    """

    since: datetime | None
    until: datetime
    zone: str

    @classmethod
    def of(cls, since: datetime | None, until: datetime, zone: str) -> "Covered":
        """What is covered between two moments; the first says nothing if the clock was set back."""
        begun = since if since and since < until else None
        return cls(begun and _minute(begun), _minute(until), zone)


def _minute(at: datetime) -> datetime:
    return at.replace(second=0, microsecond=0)


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
    covered: Covered | None = None


@dataclass(frozen=True)
class Wanted:
    """For whom a plan is made: a recipient, a channel and the span their digest covers.

    ``is_news_only``: what merely waits is not told.
    """

    recipient_id: int
    channel: Channel
    span: Span
    is_news_only: bool = False
    covered: Covered | None = None


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
            .where(Entry.position > after, Entry.position <= upto, _may_be_news())
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


def last_landmark() -> int:
    """The last position at which there may be news for somebody."""
    query = select(Entry.position).where(Entry.position.is_not(None), _may_be_news())
    return db.session.scalar(query.order_by(Entry.position.desc()).limit(1)) or 0


def _may_be_news() -> ColumnElement[bool]:
    return Entry.subject_kind.not_in(_NEVER_NEWS)


def plans(wanted: Sequence[Wanted], day: date) -> list[Plan]:
    """A plan for each of ``wanted``, in a fixed number of queries."""
    if not wanted:
        return []
    recipient_ids = {one.recipient_id for one in wanted}
    stays = stays_of(recipient_ids, day)
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
            now=() if one.is_news_only else _now(stays[one.recipient_id]),
            seats=() if one.is_news_only else busy.get(one.recipient_id, ()),
            is_outside=speaking[one.recipient_id].is_outside,
            # A text message says nothing of it; those alike are composed once.
            covered=one.covered if one.channel == Channel.MAIL else None,
        )
        for one in wanted
    ]


def _now(stays: Iterable[Stay]) -> tuple[int, ...]:
    return tuple(sorted({stay.agency_id for stay in stays if stay.acts_now}))


def _news(stays: Iterable[Stay], span: Span, landmarks: _Landmarks) -> tuple[tuple[int, Span], ...]:
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


def _speaking(recipient_ids: Collection[int]) -> dict[int, Any]:
    """Each recipient's language, and whether they are from outside."""
    rows = db.session.execute(
        select(
            Recipient.id,
            func.coalesce(Person.language, Recipient.language).label("language"),
            Recipient.person_id.is_(None).label("is_outside"),
        )
        .outerjoin(Person, Person.id == Recipient.person_id)
        .where(among(Recipient.id, recipient_ids))
    )
    return {row.id: row for row in rows}
