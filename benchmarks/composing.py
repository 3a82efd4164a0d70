"""Composing the digests of a nation: what is asked, and how much memory it takes.

``PEOPLE`` may be set to fewer for a quick look.
"""

import os
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

from flask import Flask
from sqlalchemy import event, func, select, update

from agencies.states import Level
from benchmarks.country import Country
from benchmarks.figures import Figure, seconds
from benchmarks.installation import Installation, installed
from benchmarks.people import know_the_tables
from bulletins.models import Receipt
from config import clock
from config.database import db, writing
from config.sections import Section
from config.settling import settle_all
from notifications.models import Subscription
from notifications.services.digests import compose_due
from notifications.services.due import schedule_due
from parts.postgresql import PostgreSQL

MANY = int(os.environ.get("PEOPLE", "50000"))
FEW = MANY // 10
BELOW = {Level.CITY: 342, Level.COUNTY: 2885}
PAPERS = 155  # to 3,227 agencies: 500,000 receipts that nobody has opened
MOST_MEMORY = 512
"""MiB that composing may add to what the process takes before it."""
_MIB = 1024


def figures() -> Iterator[Figure]:
    """The questions, the queries of batches and the memory, for many people and for few."""
    with PostgreSQL(durable=False) as server:
        few, many = (_measured(server, people) for people in (FEW, MANY))
    what = f"composing for {MANY:,} people, {many.receipts:,} open receipts of 3,227 agencies"
    against = f"for {FEW:,} people of the same agencies"
    yield Figure(
        what,
        against,
        many.questions - few.questions,
        0,
        " questions more",
        details=f"{many.questions} questions about agencies, {many.seconds:.0f} s",
    )
    yield Figure(
        "queries for each 1,000 people more",
        "",
        (many.queries - few.queries) / (MANY - FEW) * 1000,
        50,
        details=f"{many.queries} and {few.queries} queries in all",
    )
    yield Figure(
        "memory added while composing for them",
        "",
        many.memory,
        MOST_MEMORY,
        " MiB",
        details=f"{few.memory:.0f} MiB for {FEW:,} people",
    )


@dataclass(frozen=True)
class _Measured:
    """What it took to compose all digests of a nation once; ``memory`` is in MiB."""

    receipts: int
    questions: int
    queries: int
    seconds: float
    memory: float


def _measured(server: PostgreSQL, people: int) -> _Measured:
    with installed(server) as place:
        country = Country.built(BELOW, people)
        for number in range(PAPERS):
            country.published(number)
        settle_all()
        know_the_tables()
        receipts = db.session.scalar(select(func.count()).select_from(Receipt)) or 0
        hour = clock.now()
        with writing():
            db.session.execute(update(Subscription).values(next_due_at=hour))
        questions, queries = _counting(place)
        Path("/proc/self/clear_refs").write_text("5", encoding="ascii")  # the peak begins anew
        before = _status("VmRSS")

        def compose() -> None:
            while schedule_due(hour):
                pass
            compose_due()

        taken = seconds(compose)
        added = (_status("VmHWM") - before) / _MIB
        return _Measured(receipts, questions.total(), queries.total(), taken, added)


def _counting(place: Installation) -> tuple[Counter[str], Counter[str]]:
    """What is asked of the sections from now on, and what of the database."""
    questions: Counter[str] = Counter()
    queries: Counter[str] = Counter()
    app: Flask = place.app
    app.extensions["sections"] = [
        # What is a person's alone, such as answers to them, is asked for a batch of people at once.
        one if one.by_seat else _counted(one, questions)
        for one in app.extensions["sections"]
    ]
    event.listen(
        db.engine, "before_cursor_execute", lambda *_: queries.update(("query",)), named=False
    )
    return questions, queries


def _counted(section: Section, questions: Counter[str]) -> Section:
    compose = section.compose

    def asked(agency_ids: object, span: object) -> object:
        questions[section.kind] += 1
        return compose(agency_ids, span)  # type: ignore[arg-type]

    return replace(section, compose=asked)  # type: ignore[arg-type]


def _status(name: str) -> int:
    """A line of this process's status, in KiB."""
    lines = Path("/proc/self/status").read_text(encoding="ascii").splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith(f"{name}:"))
