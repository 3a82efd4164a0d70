"""The digest hour: what is due becomes spans, then words, then deliveries."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

import structlog
from flask import current_app
from sqlalchemy import Row, and_, func, or_, select, update

from agencies.services import absences
from agencies.states import Channel
from config import clock
from config.database import among, db, end_reading, writing
from config.queueing import broker
from config.sections import Span
from config.settling import settle_all
from notifications import words
from notifications.audience import address
from notifications.material import Material
from notifications.models import Digest, Recipient, Stop, Subscription
from notifications.plans import Covered, Plan, Wanted, plans
from notifications.posting import Letter, Sheet, post, why_held
from notifications.queries import restored_at
from notifications.services.composing_out import hand_out_digests
from notifications.services.due import plan_anew, schedule_due
from notifications.services.listening import listen
from notifications.services.stops import going_on
from notifications.states import Kind, WorkState

_BATCH = 1000
PAUSES = tuple(timedelta(minutes=minutes) for minutes in (1, 5, 15, 60))
"""How long a digest waits that could not be composed, by how often that was so before."""

log = structlog.get_logger(__name__)


def run_due(due_at: datetime) -> int:
    """Write down and compose every digest due at ``due_at``; returns how many were composed.

    Where there is a broker, its workers are told to compose them. What an interrupted run left is
    picked up from the database.
    """
    absences.keep_up()
    settle_all()
    plan_anew()
    listen()
    while schedule_due(due_at):
        pass
    return hand_out_digests() if broker() else compose_due()


def compose_due(batch: int = _BATCH) -> int:
    """Compose and post every digest that waits; returns how many have something to say."""
    composer, count, last = _Composer(), 0, 0
    while waiting := db.session.execute(_waiting(last, batch)).all():
        last = waiting[-1].id
        count += _write(composer.composed(waiting))
    end_reading()
    return count


def compose(ids: Sequence[int]) -> int:
    """Compose and post these digests as far as they still wait; what a broker's worker does.

    Returns how many have something to say.
    """
    waiting = db.session.execute(_waiting(0, len(ids)).where(among(Digest.id, ids))).all()
    count = _write(_Composer().composed(waiting)) if waiting else 0
    end_reading()
    return count


def _waiting(after_id: int, batch: int) -> Any:
    return (
        select(
            Digest.id,
            Digest.recipient_id,
            Digest.channel,
            Digest.scheduled_at,
            Digest.after,
            Digest.upto,
            Digest.covers_from,
            func.coalesce(Digest.covers_until, Digest.scheduled_at).label("covers_until"),
            Digest.is_news_only,
            Digest.failures,
            Subscription.zone,
            address(Digest.channel).label("address"),
        )
        .join(Recipient, Recipient.id == Digest.recipient_id)
        .join(
            Subscription,
            and_(
                Subscription.recipient_id == Digest.recipient_id,
                Subscription.channel == Digest.channel,
            ),
        )
        .where(
            Digest.state == WorkState.DUE,
            Digest.id > after_id,
            or_(Digest.next_try_at.is_(None), Digest.next_try_at <= clock.now()),
        )
        .order_by(Digest.id)
        .limit(batch)
    )


def _wanted(row: Row[Any]) -> Wanted:
    return Wanted(
        row.recipient_id,
        Channel(row.channel),
        Span(row.after, row.upto),
        is_news_only=row.is_news_only,
        covered=Covered.of(row.covers_from, row.covers_until, row.zone),
    )


@dataclass
class _Composed:
    """What became of a batch: letters, and digests that nobody needs or nobody can get."""

    letters: list[Letter] = field(default_factory=list)
    empty: list[int] = field(default_factory=list)
    unreachable: list[Row[Any]] = field(default_factory=list)
    failed: list[Row[Any]] = field(default_factory=list)


@dataclass
class _Composer:
    """Composes each distinct digest of a run once."""

    material: Material = field(default_factory=Material)
    sheets: dict[tuple[Plan, datetime], Sheet | None] = field(default_factory=dict)
    failed: set[tuple[Plan, datetime]] = field(default_factory=set)

    def composed(self, waiting: Sequence[Row[Any]]) -> _Composed:
        """What a batch of digests has to say; one that can't be composed waits longer."""
        restored, stops = restored_at(), going_on()
        plan_of = plans(
            [_wanted(row) for row in waiting], clock.today(current_app.extensions["settings"].zone)
        )
        self.material.gather(plan_of)
        end_reading()
        result = _Composed()
        for row, plan in zip(waiting, plan_of, strict=True):
            self._sort(result, row, plan, restored, stops)
        return result

    def _sort(
        self,
        result: _Composed,
        row: Row[Any],
        plan: Plan,
        restored: datetime | None,
        stops: Sequence[Stop],
    ) -> None:
        key = plan, row.scheduled_at
        self._compose(key)
        if key in self.failed:
            result.failed.append(row)
            return
        sheet = self.sheets[key]
        if sheet is None:
            result.empty.append(row.id)
        elif row.address is None:
            result.unreachable.append(row)
        else:
            # What fell due before a restore may have gone out before it too.
            was_restored = restored is not None and row.scheduled_at <= restored
            is_stopped = any(one.covers(row.channel, row.scheduled_at, None) for one in stops)
            held = why_held(was_restored, is_stopped)
            result.letters.append(
                Letter(sheet, row.recipient_id, row.address, digest_id=row.id, held=held)
            )

    def _compose(self, key: tuple[Plan, datetime]) -> None:
        if key in self.sheets or key in self.failed:
            return
        plan, scheduled_at = key
        try:
            self.sheets[key] = self._sheet(plan, scheduled_at)
        except Exception:  # one digest that fails must not hold up the others
            log.exception("digest_failed", agencies=plan.now)
            self.failed.add(key)

    def _sheet(self, plan: Plan, scheduled_at: datetime) -> Sheet | None:
        blocks = self.material.blocks(plan)
        if not blocks:
            return None
        said = words.of_digest(blocks, plan)
        return Sheet(Kind.DIGEST, plan.channel, plan.language, scheduled_at.isoformat(), said)


def _write(composed: _Composed) -> int:
    """Post a batch; of several that composed the same digest one comes first."""
    with writing():
        won = _processed([one.digest_id or 0 for one in composed.letters], WorkState.COMPOSED)
        post([one for one in composed.letters if one.digest_id in won])
        _processed(composed.empty, WorkState.EMPTY)
        _put_off(composed.failed)
        _give_up(composed.unreachable)
    return len(won)


def _processed(ids: Sequence[int], state: WorkState) -> set[int]:
    if not ids:
        return set()
    done = db.session.execute(
        update(Digest)
        .where(among(Digest.id, ids), Digest.state == WorkState.DUE)
        .values(state=state, processed_at=clock.now())
        .returning(Digest.id)
    )
    return set(done.scalars())


def _put_off(failed: Sequence[Row[Any]], state: WorkState = WorkState.DUE) -> None:
    """Try those that could not be composed again after a pause, longer each time."""
    alike: dict[int, list[int]] = defaultdict(list)
    for row in failed:
        alike[row.failures].append(row.id)
    for failures, ids in alike.items():
        pause = PAUSES[min(failures, len(PAUSES) - 1)]
        db.session.execute(
            update(Digest)
            .where(among(Digest.id, ids), Digest.state == state, Digest.failures == failures)
            .values(
                state=WorkState.DUE,
                failures=failures + 1,
                next_try_at=clock.now() + pause,
                processed_at=None,
            )
        )


def _give_up(unreachable: Sequence[Row[Any]]) -> None:
    """The spans of those that nobody can get belong to the next digests.

    Where the next one has been written down before, this one waits until somebody can get it.
    """
    given_up = _processed([row.id for row in unreachable], WorkState.UNREACHABLE)
    latest_first = sorted(unreachable, key=lambda row: row.id, reverse=True)
    mine = [row for row in latest_first if row.id in given_up]
    _put_off([row for row in mine if not _take_back(row)], WorkState.UNREACHABLE)


def _take_back(row: Row[Any]) -> bool:
    """Let the next digest begin where this one does; False if that begins elsewhere already."""
    taken = db.session.execute(
        update(Subscription)
        .where(
            Subscription.recipient_id == row.recipient_id,
            Subscription.channel == row.channel,
            Subscription.cursor == row.upto,
        )
        .values(cursor=row.after)
        .returning(Subscription.id)
    )
    return taken.first() is not None
