"""What falls due is written down first: a digest with its span for each recipient and channel."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import datetime
from functools import cache
from typing import Any

from sqlalchemy import Row, exists, insert, literal, select, update

from agencies import working_days
from config import clock, journal
from config.database import db, is_sqlite, writing
from notifications.audience import address
from notifications.models import Digest, Recipient, Subscription
from notifications.schedule import Rule, next_due
from notifications.states import Rhythm, WorkState

_BATCH = 1000


def schedule_due(due_at: datetime, batch: int = _BATCH) -> int:
    """Turn due subscriptions into digests with their spans and move their cursors on.

    One transaction; a digest that exists already for that hour is not made again.
    """
    with writing():
        head = journal.head()
        due = db.session.execute(_due(due_at, batch)).all()
        if due:
            made = _insert_digests([row.id for row in due], head)
            _move_on(due, made, head, later=max(due_at, clock.now()))
    return len(due)


def _due(due_at: datetime, batch: int) -> Any:
    query = (
        select(
            Subscription.id,
            Subscription.recipient_id,
            Subscription.channel,
            Subscription.rhythm,
            Subscription.hour,
            Subscription.weekdays,
            Subscription.zone,
        )
        .join(Recipient, Recipient.id == Subscription.recipient_id)
        # Whoever can't be reached keeps their cursor: the digest comes once they can.
        .where(Subscription.next_due_at <= due_at, address(Subscription.channel).is_not(None))
        .order_by(Subscription.next_due_at, Subscription.id)
        .limit(batch)
    )
    return query if is_sqlite() else query.with_for_update(of=Subscription, skip_locked=True)


def _insert_digests(ids: Sequence[int], head: int) -> set[tuple[int, str]]:
    made_before = exists().where(
        Digest.recipient_id == Subscription.recipient_id,
        Digest.channel == Subscription.channel,
        Digest.scheduled_at == Subscription.next_due_at,
    )
    owed = select(
        Subscription.recipient_id,
        Subscription.channel,
        Subscription.next_due_at,
        Subscription.cursor,
        literal(head),
        literal(WorkState.DUE.value),
        literal(0),
        literal(clock.now(), Digest.created_at.type),
    ).where(Subscription.id.in_(ids), ~made_before)
    columns = "recipient_id channel scheduled_at after upto state failures created_at".split()
    made = db.session.execute(
        insert(Digest).from_select(columns, owed).returning(Digest.recipient_id, Digest.channel)
    )
    return {(row.recipient_id, row.channel) for row in made}


def _move_on(
    due: Iterable[Row[Any]], made: set[tuple[int, str]], head: int, later: datetime
) -> None:
    """Set the next hour, and the cursor of those whose digest was made now."""
    groups: dict[tuple[Rule, bool], list[int]] = defaultdict(list)
    for row in due:
        rule = Rule(Rhythm(row.rhythm), row.hour, row.weekdays, row.zone)
        groups[rule, (row.recipient_id, row.channel) in made].append(row.id)
    is_working = cache(working_days.is_working)
    for (rule, is_made), ids in groups.items():
        change: dict[str, Any] = {"next_due_at": next_due(rule, later, is_working)}
        if is_made:
            change["cursor"] = head
        db.session.execute(update(Subscription).where(Subscription.id.in_(ids)).values(**change))
