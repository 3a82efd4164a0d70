"""The inbox among 1,000,000 receipts of 10,000 papers, against one among 10,000 receipts."""

import time
from collections.abc import Iterator
from contextlib import ExitStack
from statistics import median

from sqlalchemy import func, select

from agencies.states import Level, SeatKind
from benchmarks import papers
from benchmarks.figures import Figure
from benchmarks.inbox import INBOX, check, queries
from benchmarks.installation import Browser, installed
from benchmarks.people import PASSWORD, Somebody, know_the_tables, plant, settle_in
from bulletins.models import Receipt
from config.database import db, writing
from parts.postgresql import PostgreSQL

AGENCIES = 100
FEW, MANY = 100, 10_000
"""Papers, each to every agency."""
ROUNDS = 150
MOST_TIMES = 1.3


def figures() -> Iterator[Figure]:
    """Two figures for each engine: how many times as long, and how many queries more."""
    yield from _on("sqlite", None)
    with PostgreSQL() as server:
        yield from _on("postgresql", server)


def _on(engine: str, server: PostgreSQL | None) -> Iterator[Figure]:
    with ExitStack() as stack:
        browsers, asked, receipts = [], [], []
        for count in (FEW, MANY):
            place = stack.enter_context(installed(server))
            receipts.append(_fill(count))
            stack.enter_context(place.web("benchmarks.wsgi:create_app()"))
            browser = Browser(place.url, "reader", PASSWORD)
            check(browser)
            browsers.append(browser)
            asked.append(len(queries(place, browser.cookie)))
        few, many = _in_turn(browsers)
    what = f"inbox page with {receipts[1]:,} receipts of {MANY:,} papers ({engine})"
    against = f"with {receipts[0]:,} receipts"
    details = f"{many * 1000:.1f} and {few * 1000:.1f} ms"
    yield Figure(what, against, many / few, MOST_TIMES, " ×", details=details)
    yield Figure(
        what, against, abs(asked[1] - asked[0]), 0, " queries more", details=f"{asked[1]} queries"
    )


def _fill(count: int) -> int:
    with writing():
        top, *below = plant(Level.PROVINCE, {Level.CITY: AGENCIES})
        person_id, _reader = settle_in(
            [
                Somebody("clerk", top, SeatKind.CLERK),
                Somebody("reader", below[-1], SeatKind.READER),
            ]
        )
        texts = [(f"关于做好第{number}项工作的通知", "请认真落实。") for number in range(count)]
        papers.publish(top, person_id, texts)
        papers.send(below)
    know_the_tables()
    return db.session.scalar(select(func.count()).select_from(Receipt)) or 0


def _in_turn(browsers: list[Browser]) -> tuple[float, float]:
    """Median seconds of an answer of each; a few rounds first warm up."""
    taken: tuple[list[float], list[float]] = [], []
    for number in range(-10, ROUNDS):
        for which in (0, 1) if number % 2 else (1, 0):
            began = time.perf_counter()
            browsers[which].get(INBOX).raise_for_status()
            if number >= 0:
                taken[which].append(time.perf_counter() - began)
    return median(taken[0]), median(taken[1])
