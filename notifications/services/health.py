"""How the ways out for SMS are doing: counted in the database, so that all workers see the same.

A way out counts as failing only where it failed at several moments of the last minutes and as
often as it succeeded; then others are used, and it is tried with one message a minute.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from flask import current_app
from sqlalchemy import delete, func, insert, select, update

from config import clock
from config.database import advisory_lock, db
from config.settings import Settings
from config.sms_settings import priced
from config.text import harmless
from notifications.texting.models import RouteCount, RouteTrouble

WINDOW = timedelta(minutes=5)
STRETCH = timedelta(seconds=10)
MOMENTS = 2
"""In how many stretches it must have failed: a gateway that starts anew fails in one."""
FEWEST = 3
"""Failures below which nothing is said of a way out."""
PROBE = timedelta(minutes=1)
REASON_LENGTH = 200

_KEPT = timedelta(hours=1)
_LOCK = 7_246_013


@dataclass(frozen=True)
class Tally:
    """What a call came to: how many were tried, how many got no answer, in how many parts."""

    attempts: int = 0
    failures: int = 0
    parts: int = 0


def count(route: str, tally: Tally) -> None:
    """Add a call to what is known of ``route``. Call inside ``writing()``."""
    if not tally.attempts:
        return
    now = clock.now()
    _add(route, "stretch", _stretch(now), tally)
    _add(route, "month", month(now), tally)


def judge(route: str, reason: str) -> bool:
    """Whether ``route`` fails too often; written down if so. Call inside ``writing()``."""
    if not _is_failing(route):
        return False
    if db.session.get(RouteTrouble, route, populate_existing=True) is None:
        advisory_lock(_LOCK)
        if db.session.get(RouteTrouble, route, populate_existing=True) is None:
            now = clock.now()
            said = harmless(reason)[:REASON_LENGTH]
            trouble = RouteTrouble(route=route, since=now, probe_at=now + PROBE, reason=said)
            db.session.add(trouble)
            db.session.flush()
    return True


def recovered(route: str) -> bool:
    """It answers again: use it as before. Call inside ``writing()``."""
    done = db.session.execute(
        delete(RouteTrouble).where(RouteTrouble.route == route).returning(RouteTrouble.route)
    )
    if done.first() is None:
        return False
    db.session.execute(
        delete(RouteCount).where(RouteCount.route == route, RouteCount.span == "stretch")
    )
    return True


def troubles() -> Mapping[str, RouteTrouble]:
    """The ways out that fail too often, by name."""
    rows = db.session.scalars(select(RouteTrouble).execution_options(populate_existing=True))
    return {row.route: row for row in rows}


def take_probe(route: str) -> bool:
    """Whether it is this caller's turn to try ``route`` again. Call inside ``writing()``."""
    now = clock.now()
    taken = db.session.execute(
        update(RouteTrouble)
        .where(RouteTrouble.route == route, RouteTrouble.probe_at <= now)
        .values(probe_at=now + PROBE)
        .returning(RouteTrouble.route)
        .execution_options(synchronize_session=False)
    )
    return taken.first() is not None


def month(at: datetime) -> datetime:
    """The beginning of the month of ``at``, as bills count it."""
    settings: Settings = current_app.extensions["settings"]
    local = at.astimezone(settings.zone)
    return local.replace(day=1, hour=0, minute=0, second=0, microsecond=0).astimezone(UTC)


def month_counts(begins_at: datetime) -> Sequence[Any]:
    """What went over each way out in the month that begins then."""
    return db.session.execute(
        select(RouteCount.route, RouteCount.attempts, RouteCount.failures, RouteCount.parts)
        .where(RouteCount.span == "month", RouteCount.begins_at == begins_at)
        .order_by(RouteCount.route)
    ).all()


def price(route: str) -> float | None:
    """What a part costs over ``route``, in yuan; None where nothing is set."""
    settings: Settings = current_app.extensions["settings"]
    prices = priced(settings.sms_prices)
    return prices.get(route, prices.get(route.partition("-")[0]))


def spent(begins_at: datetime) -> float:
    """What the parts of that month cost, in yuan, as far as prices are set."""
    return sum(((price(row.route) or 0.0) * row.parts for row in month_counts(begins_at)), 0.0)


def over_budget() -> bool:
    """Whether this month's budget is used up; never where none is set."""
    settings: Settings = current_app.extensions["settings"]
    return settings.sms_budget > 0 and spent(month(clock.now())) >= settings.sms_budget


def _is_failing(route: str) -> bool:
    since = _stretch(clock.now()) - WINDOW
    row = db.session.execute(
        select(
            func.coalesce(func.sum(RouteCount.attempts), 0).label("attempts"),
            func.coalesce(func.sum(RouteCount.failures), 0).label("failures"),
            func.count().filter(RouteCount.failures > 0).label("moments"),
        ).where(
            RouteCount.route == route,
            RouteCount.span == "stretch",
            RouteCount.begins_at > since,
        )
    ).one()
    enough = row.failures >= FEWEST and row.moments >= MOMENTS
    return bool(enough and row.failures * 2 >= row.attempts)


def _stretch(at: datetime) -> datetime:
    seconds = int(STRETCH.total_seconds())
    return at.replace(second=at.second // seconds * seconds, microsecond=0)


def _add(route: str, span: str, begins_at: datetime, tally: Tally) -> None:
    if _added(route, span, begins_at, tally):
        return
    advisory_lock(_LOCK)  # another worker may begin the same stretch now
    if _added(route, span, begins_at, tally):
        return
    db.session.execute(
        insert(RouteCount).values(
            route=route,
            span=span,
            begins_at=begins_at,
            attempts=tally.attempts,
            failures=tally.failures,
            parts=tally.parts,
        )
    )
    if span == "stretch":
        db.session.execute(
            delete(RouteCount).where(
                RouteCount.route == route,
                RouteCount.span == "stretch",
                RouteCount.begins_at < begins_at - _KEPT,
            )
        )


def _added(route: str, span: str, begins_at: datetime, tally: Tally) -> bool:
    done = db.session.execute(
        update(RouteCount)
        .where(
            RouteCount.route == route, RouteCount.span == span, RouteCount.begins_at == begins_at
        )
        .values(
            attempts=RouteCount.attempts + tally.attempts,
            failures=RouteCount.failures + tally.failures,
            parts=RouteCount.parts + tally.parts,
        )
        .returning(RouteCount.route)
        .execution_options(synchronize_session=False)
    )
    return done.first() is not None
