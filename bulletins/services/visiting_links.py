"""The worker looks at the outside pages that papers and relays link to, host beside host.

Claimed first, looked at outside of any transaction, then kept; the links of who is killed between
are looked at again once his claim has expired.
"""

import time
from collections import defaultdict
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor, as_completed
from datetime import datetime, timedelta
from typing import Any

import structlog
from flask import current_app
from sqlalchemy import update

from bulletins.models import LinkVisit
from bulletins.outside.looking import SECONDS, Lines, Look, look
from bulletins.outside.states import DEAD, Seen, holds
from bulletins.queries import visits
from bulletins.services.noting_links import LOCK, note_links
from config import clock
from config.database import advisory_lock, among, db, writing
from config.settings import Settings

_MOST = 100
_CONNECTIONS = 8
_PATIENCE = 15.0  # seconds after which no further link of a run is looked at
_CLAIM = timedelta(minutes=5)
_REST = timedelta(minutes=10)

log = structlog.get_logger(__name__)


def look_at_links() -> int:
    """Note what the papers at work link to and look at what is due; how many were looked at."""
    settings: Settings = current_app.extensions["settings"]
    if settings.check_links == "off":
        return 0
    note_links()
    links = _claimed(clock.now())
    if not links:
        return 0
    looks = _looked_at(links, settings.links_allowed)
    log.info(
        "links_looked_at",
        links=len(looks),
        dead=sum(one.seen in DEAD for one in looks),
        unclear=sum(one.seen in (Seen.UNCLEAR, Seen.INSIDE) for one in looks),
    )
    return len(looks)


def _claimed(now: datetime) -> Sequence[Any]:
    with writing():
        advisory_lock(LOCK)
        links = visits.due(now, _MOST)
        if links:
            _change([one.digest for one in links], claimed_until=now + _CLAIM)
    return links


def _looked_at(links: Sequence[Any], allowed: str) -> Sequence[Look]:
    """Look at the links of each host one after the other; keep what was seen as each is done."""
    by_host: dict[str, list[Any]] = defaultdict(list)
    for one in links:
        by_host[one.host].append(one)
    lines, until = Lines(), time.monotonic() + _PATIENCE
    looks: list[Look] = []
    with ThreadPoolExecutor(_CONNECTIONS, thread_name_prefix="links") as pool:
        running = {
            pool.submit(_one_by_one, [one.url for one in theirs], allowed, lines, until): theirs
            for theirs in by_host.values()
        }
        for done in as_completed(running):
            theirs, made = running[done], done.result()
            _keep(theirs, made)
            looks += made
    return looks


def _one_by_one(urls: Sequence[str], allowed: str, lines: Lines, until: float) -> list[Look]:
    """Look at these until the host wants rest or time is up (monotonic)."""
    made: list[Look] = []
    for url in urls:
        if time.monotonic() > until:
            break
        made.append(look(url, allowed, lines, SECONDS))
        if made[-1].wants_rest:
            break
    return made


def _keep(links: Sequence[Any], made: Sequence[Look]) -> None:
    """Write down what was seen; the others of a host that wants rest wait, unless it is none."""
    now = clock.now()
    spared = [one.digest for one in links[len(made) :]]
    with writing():
        for link, one in zip(links, made, strict=False):
            _change([link.digest], **_facts(one, now))
        if made and made[-1].seen == Seen.NO_HOST and made[-1].wants_rest:
            _change(spared, **_facts(made[-1], now))
        elif spared:
            rest = _REST if made and made[-1].wants_rest else timedelta(0)
            _change(spared, claimed_until=None, due_at=now + rest)


def _facts(one: Look, now: datetime) -> dict[str, object]:
    return {
        "seen": one.seen,
        "status": one.status,
        "checked_at": now,
        "holds_until": now + holds(one.seen),
        "due_at": None,
        "claimed_until": None,
    }


def _change(digests: Sequence[str], **values: object) -> None:
    db.session.execute(
        update(LinkVisit)
        .where(among(LinkVisit.digest, digests))
        .values(values)
        .execution_options(synchronize_session=False)
    )
