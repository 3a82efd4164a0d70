"""Pacing: no more messages a second than one mail domain takes, and the others don't wait for it.

What goes beyond a lane's pace is booked for a moment of its own, in the order in which it came,
and is out of the way until then. Urgent messages have lanes of their own.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from flask import current_app
from sqlalchemy import bindparam, select, update

from agencies.states import Channel
from config import clock
from config.database import advisory_lock, among, db
from notifications.models import Delivery, Pace
from notifications.states import Queue

_LOCK = 7_246_012
_AT_ONCE = timedelta(seconds=1)


def is_paced(queue: Queue) -> bool:
    """Whether what waits in ``queue`` has to be looked at before it is handed out."""
    return queue.channel == Channel.MAIL and bool(_mail_pace())


def let_go(queue: Queue, ids: Sequence[int]) -> list[int]:
    """Those of ``ids`` that may go now; the rest is booked for later. Call inside ``writing()``."""
    advisory_lock(_LOCK)
    rows = db.session.execute(
        select(Delivery.id, Delivery.address, Delivery.next_try_at, Delivery.slot_at)
        .where(among(Delivery.id, ids))
        .order_by(Delivery.next_try_at, Delivery.id)
    ).all()
    # Whatever was booked comes at its moment; after a failure it has another one, and no slot.
    free = [row.id for row in rows if row.slot_at == row.next_try_at]
    lanes: dict[str, list[Any]] = defaultdict(list)
    for row in rows:
        if row.slot_at != row.next_try_at:
            lanes[_domain(row.address)].append(row)
    slots = _slots(queue, lanes)
    until = clock.now() + _AT_ONCE
    _book([(key, slot) for key, slot in slots.items() if slot > until])
    return free + [key for key, slot in slots.items() if slot <= until]


def _slots(queue: Queue, lanes: Mapping[str, Sequence[Any]]) -> dict[int, datetime]:
    """When each delivery may go, by its id; the lanes are taken up to there."""
    keys = {domain: f"{queue}:{domain}" for domain in lanes}
    known = {
        one.lane: one
        for one in db.session.scalars(select(Pace).where(Pace.lane.in_(keys.values())))
    }
    now, slots = clock.now(), {}
    for domain, rows in lanes.items():
        pause = _pause(domain)
        lane = known.get(keys[domain]) or Pace(lane=keys[domain], free_at=now)
        db.session.add(lane)
        lane.free_at = max(lane.free_at, now)
        for row in rows:
            slots[row.id] = lane.free_at
            lane.free_at += pause
    db.session.flush()
    return slots


def _book(booked: Sequence[tuple[int, datetime]]) -> None:
    if not booked:
        return
    table: Any = Delivery.__table__
    moved = (
        update(table)
        .where(table.c.id == bindparam("key"))
        .values(next_try_at=bindparam("at"), slot_at=bindparam("at"))
    )
    db.session.connection().execute(moved, [{"key": key, "at": at} for key, at in booked])


def _domain(address: str) -> str:
    return address.rpartition("@")[2].lower()


def _mail_pace() -> str:
    pace: str = current_app.extensions["settings"].mail_pace
    return pace


def _pause(domain: str) -> timedelta:
    """How long after one message to a domain the next one may go."""
    rates: dict[str, float] = {}
    for part in filter(None, _mail_pace().split(",")):
        name, _, number = part.rpartition("=")
        rates[name.strip().lower() or "*"] = float(number)
    rate = rates.get(domain, rates.get("*", 0.0))
    return timedelta(seconds=1 / rate) if rate else timedelta(0)
