"""Listening for those who are told at once: who has news since their last digest."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from typing import Any

from flask import current_app
from sqlalchemy import Row, not_, or_, select, update

from agencies.states import Channel
from config import clock, journal
from config.database import db, end_reading, writing
from config.sections import Span
from notifications.audience import address
from notifications.material import Material, SectionError
from notifications.models import Recipient, Subscription
from notifications.plans import Plan, Wanted, last_landmark, plans
from notifications.schedule import WINDOW, Rule
from notifications.services.due import OF_RULES, is_away
from notifications.states import Rhythm

_BATCH = 1000
_LISTENS = (Subscription.rhythm == Rhythm.AT_ONCE, Subscription.next_due_at.is_(None))


def listen(batch: int = _BATCH) -> None:
    """Give whoever has news a digest in a short while, so that a burst of it comes as one.

    The cursors of those who have none move on. Each section is asked once for all of them.
    """
    newest, head, last, material = last_landmark(), journal.head(), 0, Material()
    while rows := db.session.execute(_listening(newest, last, batch)).all():
        last = rows[-1].id
        told, idle = _sorted(rows, head, material)
        with writing():
            _gather(told)
            _pass_over(idle, head)
    end_reading()


def _listening(newest: int, after_id: int, batch: int) -> Any:
    return (
        select(*OF_RULES, Subscription.recipient_id, Subscription.cursor)
        .join(Recipient, Recipient.id == Subscription.recipient_id)
        .where(
            *_LISTENS,
            Subscription.cursor < newest,
            Subscription.id > after_id,
            address(Subscription.channel).is_not(None),
            or_(Subscription.even_when_away, not_(is_away())),
        )
        .order_by(Subscription.id)
        .limit(batch)
    )


def _sorted(
    rows: Sequence[Row[Any]], head: int, material: Material
) -> tuple[list[Row[Any]], list[Row[Any]]]:
    """Who has news up to ``head``, and who has none."""
    wanted = [
        Wanted(row.recipient_id, Channel(row.channel), Span(row.cursor, head), is_news_only=True)
        for row in rows
    ]
    plan_of = plans(wanted, clock.today(current_app.extensions["settings"].zone))
    material.gather(plan_of)
    end_reading()
    told: list[Row[Any]] = []
    idle: list[Row[Any]] = []
    for row, plan in zip(rows, plan_of, strict=True):
        (told if _has_news(plan, material) else idle).append(row)
    return told, idle


def _has_news(plan: Plan, material: Material) -> bool:
    try:
        return bool(material.blocks(plan))
    except SectionError:
        return True  # composing says so again, waits, and tries anew


def _gather(rows: Iterable[Row[Any]]) -> None:
    now = clock.now()
    alike: dict[Rule, list[int]] = defaultdict(list)
    for row in rows:
        alike[Rule.of(row)].append(row.id)
    for rule, ids in alike.items():
        db.session.execute(
            update(Subscription)
            .where(Subscription.id.in_(ids), *_LISTENS)
            .values(next_due_at=rule.awake(now + WINDOW), planned_at=now)
        )


def _pass_over(rows: Iterable[Row[Any]], head: int) -> None:
    alike: dict[int, list[int]] = defaultdict(list)
    for row in rows:
        alike[row.cursor].append(row.id)
    for cursor, ids in alike.items():
        db.session.execute(
            update(Subscription)
            .where(Subscription.id.in_(ids), Subscription.cursor == cursor, *_LISTENS)
            .values(cursor=head)
        )
