"""Calling other systems: claims what is due, calls outside of any transaction, keeps the outcome.

A claim moves ``next_try_at`` on by a lease. Who is killed between the claim and the answer has the
call made again after it, under the same id, by which the other side knows it.
"""

import time
from collections import defaultdict
from collections.abc import Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor, as_completed
from dataclasses import replace
from datetime import datetime, timedelta
from random import random
from typing import Any

import structlog
from flask import current_app
from sqlalchemy import delete, select, update

from config import clock, journal
from config.database import db, end_reading, writing
from config.settings import Settings
from notifications.hooks import queries, sealing
from notifications.hooks.models import Endpoint, EndpointCall
from notifications.hooks.requests import Verdict
from notifications.hooks.sending import Made, send
from notifications.hooks.states import WITHIN, CallState, Outcome, next_try, rest
from notifications.hooks.telling import Told, told
from notifications.leases import lease
from notifications.services.endpoint_secrets import forget_expired
from notifications.services.endpoint_targets import is_allowed

CONNECTIONS = 8
_BATCH = 100
_PATIENCE = 20.0  # seconds after which no further call of a turn is begun
_DAYS_KEPT = 90

log = structlog.get_logger(__name__)


def call_out() -> int:
    """Make the calls that are due; how many were claimed."""
    now = clock.now()
    due = queries.due(now, _BATCH)
    end_reading()
    if not due:
        return 0
    claimed = _claim(due, now)
    rows = queries.to_send(claimed)
    old = queries.old_secrets({row.endpoint_id for row in rows}, now)
    some = [told(row, old.get(row.endpoint_id, ())) for row in rows]
    end_reading()
    _send(some)
    return len(some)


def _claim(ids: Sequence[int], now: datetime) -> Sequence[int]:
    with writing():
        rows = db.session.execute(
            update(EndpointCall)
            .where(
                EndpointCall.id.in_(ids),
                EndpointCall.state == CallState.WAITING,
                EndpointCall.next_try_at <= now,
            )
            .values(attempts=EndpointCall.attempts + 1, next_try_at=now + lease(), tried_at=now)
            .returning(EndpointCall.id)
            .execution_options(synchronize_session=False)
        )
        return list(rows.scalars())


def _send(some: Iterable[Told]) -> None:
    """Call each endpoint in a thread of its own; keep what came of it as each is done."""
    allowed = _settings().webhook_allowed
    until = time.monotonic() + min(_PATIENCE, lease().total_seconds() / 3)
    by_endpoint: dict[int, list[Told]] = defaultdict(list)
    for one in some:
        by_endpoint[one.endpoint_id].append(one)
    with ThreadPoolExecutor(CONNECTIONS, thread_name_prefix="call-out") as pool:
        running = {}
        for theirs in by_endpoint.values():
            ready = _unsealed(theirs)
            if ready is None:
                _keep([(theirs[0], None, Verdict(Outcome.UNREADABLE))], theirs[1:])
            elif not is_allowed(ready[0].kind, ready[0].target):
                _keep([(ready[0], None, Verdict(Outcome.STRANGE_HOST))], ready[1:])
            else:
                running[pool.submit(send, ready, allowed, until)] = ready
        for done in as_completed(running):
            made = done.result()
            _keep(made, running[done][len(made) :])


def _unsealed(some: Sequence[Told]) -> list[Told] | None:
    """With the address and secrets of their endpoint readable; None where they are not."""
    try:
        target, secret = sealing.opened(some[0].target), sealing.opened(some[0].secret)
        old = [sealing.opened(one) for one in some[0].old_secrets]
    except sealing.UnreadableError:
        return None
    return [replace(one, target=target, secret=secret, old_secrets=old) for one in some]


def _keep(made: Sequence[Made], spared: Sequence[Told]) -> None:
    """Write down what came of these calls; those that were not made are due again at once."""
    now = clock.now()
    with writing():
        for one, request, verdict in made:
            body = request.body.decode() if request else ""
            _set(one, _changes(one, verdict, now) | ({"body": body} if body else {}))
        for one in spared:
            _set(one, {"attempts": one.attempts - 1, "next_try_at": now})
        _judge(*made[-1], now)


def _set(one: Told, changes: dict[str, Any]) -> None:
    """Change a call, unless its claim has expired and somebody else has it now."""
    db.session.execute(
        update(EndpointCall)
        .where(
            EndpointCall.id == one.call_id,
            EndpointCall.state == CallState.WAITING,
            EndpointCall.attempts == one.attempts,
        )
        .values(changes)
        .execution_options(synchronize_session=False)
    )


def _changes(one: Told, verdict: Verdict, now: datetime) -> dict[str, Any]:
    changes: dict[str, Any] = {
        "outcome": verdict.outcome,
        "status": verdict.status,
        "answer": verdict.answer,
    }
    if verdict.outcome == Outcome.ACCEPTED:
        return changes | {"state": CallState.DELIVERED, "ended_at": now}
    again = next_try(one.attempts, one.began_at, now, verdict.asked, _chance())
    if again is None or verdict.outcome == Outcome.GONE:
        return changes | {"state": CallState.GIVEN_UP, "ended_at": now}
    return changes | {"next_try_at": again}


def _judge(one: Told, _request: object, verdict: Verdict, now: datetime) -> None:
    """Spare an endpoint that failed its other calls for a moment; disable one that is gone."""
    endpoint = db.session.get_one(Endpoint, one.endpoint_id)
    if verdict.outcome == Outcome.ACCEPTED:
        endpoint.rests_until = None
        return
    log.warning(
        "endpoint_failed",
        endpoint=endpoint.id,
        call=one.call_id,
        outcome=verdict.outcome,
        status=verdict.status,
    )
    endpoint.rests_until = rest(one.attempts, now, verdict.asked)
    _give_up(endpoint, verdict, now)
    if verdict.outcome == Outcome.GONE and endpoint.disabled_at is None:
        endpoint.disabled_at, endpoint.is_gone = now, True
        journal.record(
            "endpoint.gone", subject=("endpoint", endpoint.id), agency_id=endpoint.agency_id
        )


def _give_up(endpoint: Endpoint, verdict: Verdict, now: datetime) -> None:
    """Give up what waited for its endpoint for 24 hours, though it was spared its attempts."""
    db.session.execute(
        update(EndpointCall)
        .where(
            EndpointCall.endpoint_id == endpoint.id,
            EndpointCall.state == CallState.WAITING,
            EndpointCall.began_at <= now - WITHIN,
        )
        .values(state=CallState.GIVEN_UP, outcome=verdict.outcome, ended_at=now)
        .execution_options(synchronize_session=False)
    )


def forget_calls() -> int:
    """Remove calls that ended longer ago than they are kept; how many. Old secrets go too."""
    with writing():
        forget_expired()
    before, count = clock.now() - timedelta(days=_DAYS_KEPT), 0
    old = select(EndpointCall.id).where(EndpointCall.ended_at < before).limit(1000)
    while ids := db.session.scalars(old).all():
        with writing():
            db.session.execute(
                delete(EndpointCall)
                .where(EndpointCall.id.in_(ids))
                .execution_options(synchronize_session=False)
            )
        count += len(ids)
    end_reading()
    return count


def _chance() -> float:
    return random()


def _settings() -> Settings:
    settings: Settings = current_app.extensions["settings"]
    return settings
