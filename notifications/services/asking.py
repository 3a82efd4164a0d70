"""Asking clouds what became of messages whose outcome nobody knows; they are never sent again."""

from datetime import timedelta
from typing import Any

import structlog
from sqlalchemy import Row, or_, select, update

from agencies.states import Channel
from config import clock
from config.database import db, end_reading, writing
from notifications import channels
from notifications.channels.base import DownError, SilentError, Trace
from notifications.models import Delivery
from notifications.services.reported import note
from notifications.states import State

PAUSES = tuple(timedelta(minutes=minutes) for minutes in (5, 15, 60, 240, 720, 1440))
"""How long it waits after each question without an answer; then the operator decides."""
AT_ONCE = 20
"""How many a round asks about."""

_FIRST = timedelta(minutes=1)
"""How long after the call a cloud is asked first: its records are not there at once."""

log = structlog.get_logger(__name__)


def ask() -> int:
    """Ask about the unknown messages whose turn it is; returns of how many the outcome is known."""
    clouds = [name for name in channels.route_names() if channels.is_cloud(name)]
    rows = db.session.execute(_due(clouds)).all() if clouds else []
    end_reading()
    return sum(_asked(row) for row in rows)


def _due(routes: list[str]) -> Any:
    now = clock.now()
    return (
        select(
            *(Delivery.id, Delivery.address, Delivery.claim, Delivery.calling_at),
            *(Delivery.route, Delivery.asked),
        )
        .where(
            Delivery.state == State.UNKNOWN,
            Delivery.channel == Channel.SMS,
            Delivery.route.in_(routes),
            Delivery.claim.is_not(None),
            Delivery.calling_at <= now - _FIRST,
            Delivery.asked < len(PAUSES),
            or_(Delivery.ask_at.is_(None), Delivery.ask_at <= now),
        )
        .order_by(Delivery.id)
        .limit(AT_ONCE)
    )


def _asked(row: Row[Any]) -> bool:
    cloud, traces = channels.cloud(row.route), list[Trace]()
    try:
        if cloud is not None:
            traces = cloud.traces(row.address, row.claim, row.calling_at)
    except (DownError, SilentError) as error:
        log.warning("cloud_silent", route=row.route, reason=str(error))
    with writing():
        trace = _ours(row, traces)
        if trace is not None:
            return note(row.id, trace.action, trace.detail, serial=trace.serial)
        _put_off(row)
    return False


def _ours(row: Row[Any], traces: list[Trace]) -> Trace | None:
    """The record that is this message's; None where there is none, or nobody can tell which.

    Several messages of one batch may have gone to one number; not each cloud gives its own number
    for a message in its records.
    """
    alike = db.session.execute(
        select(Delivery.id, Delivery.serial)
        .where(
            Delivery.address == row.address,
            Delivery.channel == Channel.SMS,
            Delivery.claim == row.claim,
        )
        .order_by(Delivery.id)
    ).all()
    if all(trace.serial for trace in traces):
        known = {one.serial for one in alike if one.serial}
        traces = [trace for trace in traces if trace.serial not in known]
        alike = [one for one in alike if not one.serial]
    ids = [one.id for one in alike]
    if row.id not in ids or len(traces) < len(ids):
        return None
    became = {trace.action for trace in traces}
    return traces[ids.index(row.id)] if len(ids) == 1 or len(became) == 1 else None


def _put_off(row: Row[Any]) -> None:
    db.session.execute(
        update(Delivery)
        .where(Delivery.id == row.id, Delivery.state == State.UNKNOWN)
        .values(asked=row.asked + 1, ask_at=clock.now() + PAUSES[row.asked])
    )
