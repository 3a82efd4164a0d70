"""What falls due is written down first: a digest with its span for each recipient and channel."""

from collections import defaultdict
from collections.abc import Collection, Iterable
from datetime import datetime, timedelta
from enum import Enum
from functools import cache
from typing import Any

from flask import current_app
from sqlalchemy import Row, exists, insert, literal, select, update

from agencies import working_days
from agencies.models import Absence
from config import clock, journal
from config.database import among, db, end_reading, is_sqlite, writing
from notifications.audience import address
from notifications.models import Digest, Recipient, Subscription
from notifications.schedule import WINDOW, Rule, next_due
from notifications.states import Rhythm, WorkState

_BATCH = 1000
_SET_BACK = timedelta(minutes=5)  # clocks that are only corrected go back by less

OF_RULES = (
    *(Subscription.id, Subscription.channel, Subscription.rhythm, Subscription.times),
    *(Subscription.weekdays, Subscription.month_day, Subscription.zone),
    *(Subscription.quiet_from, Subscription.quiet_until),
)
"""The columns that a rule is made of."""


class _Fate(Enum):
    """What becomes of a subscription that is due."""

    OWED = "a digest"
    QUIET = "it waits for the end of quiet hours"
    AWAY = "it waits until its recipient is back"


def schedule_due(due_at: datetime, batch: int = _BATCH) -> int:
    """Turn due subscriptions into digests with their spans and move their cursors on.

    One transaction; a digest that exists already for that hour is not made again.
    """
    at = max(due_at, clock.now())
    with writing():
        head = journal.head()
        due = db.session.execute(_due(due_at, batch)).all()
        fates = {row.id: _fate(row, at) for row in due}
        owed = [key for key, fate in fates.items() if fate == _Fate.OWED]
        made = _insert_digests(owed, head, at) if owed else set()
        _move_on(due, fates, at)
        _cover(made, head, at)
    return len(due)


def _due(due_at: datetime, batch: int) -> Any:
    query = (
        select(*OF_RULES, Subscription.even_when_away, is_away().label("is_away"))
        .join(Recipient, Recipient.id == Subscription.recipient_id)
        # Whoever can't be reached keeps their cursor: the digest comes once they can.
        .where(Subscription.next_due_at <= due_at, address(Subscription.channel).is_not(None))
        .order_by(Subscription.next_due_at, Subscription.id)
        .limit(batch)
    )
    return query if is_sqlite() else query.with_for_update(of=Subscription, skip_locked=True)


def is_away() -> Any:
    """Whether the person that a recipient is has a day off today. Select it beside them."""
    today = clock.today(current_app.extensions["settings"].zone)
    return exists().where(
        Absence.person_id == Recipient.person_id,
        Absence.from_day <= today,
        Absence.until_day >= today,
    )


def _fate(row: Row[Any], at: datetime) -> _Fate:
    if row.is_away and not row.even_when_away:
        return _Fate.AWAY
    return _Fate.OWED if Rule.of(row).awake(at) == at else _Fate.QUIET


def _insert_digests(ids: Collection[int], head: int, at: datetime) -> set[int]:
    """Digests of these subscriptions; the ids of those whose digest was not there yet."""
    made_before = exists().where(
        Digest.recipient_id == Subscription.recipient_id,
        Digest.channel == Subscription.channel,
        Digest.scheduled_at == Subscription.next_due_at,
    )
    owed = (
        select(Subscription.id)
        .where(among(Subscription.id, ids), ~made_before)
        .order_by(Subscription.id)
    )
    fresh = db.session.scalars(owed).all()
    values = {
        "recipient_id": Subscription.recipient_id,
        "channel": Subscription.channel,
        "scheduled_at": Subscription.next_due_at,
        "after": Subscription.cursor,
        "upto": literal(head),
        "covers_from": Subscription.covered_at,
        "covers_until": literal(at, Digest.covers_until.type),
        "is_news_only": Subscription.rhythm == Rhythm.AT_ONCE,
        "state": literal(WorkState.DUE.value),
        "failures": literal(0),
        "created_at": literal(clock.now(), Digest.created_at.type),
    }
    rows = select(*values.values()).where(among(Subscription.id, fresh)).order_by(Subscription.id)
    db.session.execute(insert(Digest).from_select(list(values), rows))
    return set(fresh)


def _move_on(due: Iterable[Row[Any]], fates: dict[int, _Fate], at: datetime) -> None:
    """Set when each is due next."""
    groups: dict[tuple[Rule, _Fate], list[int]] = defaultdict(list)
    for row in due:
        groups[Rule.of(row), fates[row.id]].append(row.id)
    is_working = cache(working_days.is_working)
    for (rule, fate), ids in groups.items():
        if fate == _Fate.QUIET:
            following: datetime | None = rule.awake(at)
        else:
            following = next_due(rule.soon() if fate == _Fate.AWAY else rule, at, is_working)
        _plan(ids, following)


def _plan(ids: Collection[int], due_at: datetime | None) -> None:
    db.session.execute(
        update(Subscription)
        .where(among(Subscription.id, ids))
        .values(next_due_at=due_at, planned_at=clock.now())
    )


def _cover(ids: Collection[int], head: int, at: datetime) -> None:
    """What was written down in digests is covered."""
    if ids:
        db.session.execute(
            update(Subscription)
            .where(among(Subscription.id, ids))
            .values(cursor=head, covered_at=at)
        )


def plan_anew() -> None:
    """Where clocks were set back since, say again when digests are due: nobody waits for the day
    on which the clock stood by mistake."""
    now = clock.now()
    ahead = (
        select(*OF_RULES)
        .where(Subscription.planned_at > now + _SET_BACK, Subscription.next_due_at > now)
        .order_by(Subscription.id)
    )
    if not db.session.execute(ahead.limit(1)).first():
        end_reading()
        return
    is_working = cache(working_days.is_working)
    with writing():
        groups: dict[Rule, list[int]] = defaultdict(list)
        for row in db.session.execute(ahead):
            groups[Rule.of(row)].append(row.id)
        for rule, ids in groups.items():
            at_once = rule.rhythm == Rhythm.AT_ONCE
            _plan(ids, rule.awake(now + WINDOW) if at_once else next_due(rule, now, is_working))
