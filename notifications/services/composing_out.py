"""Handing out what is to be composed: a broker's workers get batches that share their contents."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

import structlog
from sqlalchemy import ColumnElement, func, or_, select, update

from agencies.models import Seat, Tenure
from config import clock
from config.database import among, db, end_reading, writing
from config.queueing import UnreachableError, broker
from notifications.leases import lease
from notifications.models import Digest, Recipient
from notifications.states import COMPOSING, WorkState

_BATCH = 300
_MOST_OUT = 20_000  # that the broker may have at once

log = structlog.get_logger(__name__)


def hand_out_digests() -> int:
    """Tell a broker's workers to compose the digests that wait; returns how many were handed out.

    What is not composed when its lease is over is handed out again.
    """
    sender, now = broker(), clock.now()
    free = now - lease()
    out = select(Digest.id).where(Digest.state == WorkState.DUE, Digest.handed_out_at > free)
    room = _MOST_OUT - len(db.session.scalars(out.limit(_MOST_OUT)).all())
    ids = db.session.scalars(_waiting(free, now).limit(room)).all() if room else []
    end_reading()
    if not ids or sender is None:
        return 0
    with writing():
        _mark(ids, now)
    for start in range(0, len(ids), _BATCH):
        try:
            batch = ids[start : start + _BATCH]
            sender.send(COMPOSING, "compose", [batch], lease().total_seconds())
        except UnreachableError as error:
            log.warning("broker_unreachable", queue=COMPOSING, reason=str(error))
            with writing():
                _mark(ids[start:], None)
            return start
    return len(ids)


def _waiting(free: datetime, now: datetime) -> Any:
    """What may be handed out; who sits in the same agency stands together."""
    return (
        select(Digest.id)
        .join(Recipient, Recipient.id == Digest.recipient_id)
        .where(
            Digest.state == WorkState.DUE,
            or_(Digest.next_try_at.is_(None), Digest.next_try_at <= now),
            or_(Digest.handed_out_at.is_(None), Digest.handed_out_at <= free),
        )
        .order_by(Digest.channel, func.coalesce(Recipient.agency_id, _agency()), Digest.id)
    )


def _agency() -> ColumnElement[Any]:
    return (
        select(func.min(Seat.agency_id))
        .join(Tenure, Tenure.seat_id == Seat.id)
        .where(Tenure.person_id == Recipient.person_id, Tenure.ended_at.is_(None))
        .correlate(Recipient)
        .scalar_subquery()
    )


def _mark(ids: Sequence[int], at: datetime | None) -> None:
    db.session.execute(
        update(Digest)
        .where(among(Digest.id, ids), Digest.state == WorkState.DUE)
        .values(handed_out_at=at)
    )
