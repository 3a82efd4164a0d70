"""Searching 100,000 papers, against the same searches among 1,000."""

import random
import time
from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from statistics import median, quantiles
from urllib.parse import quote

from sqlalchemy import func, select

from agencies.states import Level, SeatKind
from benchmarks import papers
from benchmarks.figures import Figure
from benchmarks.installation import Browser, installed
from benchmarks.people import PASSWORD, Somebody, know_the_tables, plant, settle_in
from bulletins.models import IndexedPaper
from bulletins.services import indexing
from config.database import db, writing
from parts.postgresql import PostgreSQL

FEW, MANY = 1_000, 100_000
WORDS = ("质量", "电梯", "标准", "认证", "安全生产", "食品安全", "专项整治", "监督抽查", "通知")
"""Two and four characters; each stands in two papers of a hundred or in some more, the last in all.
"""
ROUNDS = 25
MOST_TIMES = 2
MOST_MS = 50

_TOPICS = "质量 电梯 标准 认证 安全生产 食品安全 专项整治 监督抽查".split()
_FILL = "市场监管部门组织开展工作落实责任加强管理完善制度提升能力推进改革服务发展规范秩序强化执法"


def figures() -> Iterator[Figure]:
    """Two figures for each engine: how many times as long, and the slowest twentieth."""
    yield from _on("sqlite", None)
    with PostgreSQL() as server:
        yield from _on("postgresql", server)


def _on(engine: str, server: PostgreSQL | None) -> Iterator[Figure]:
    with ExitStack() as stack:
        browsers = []
        for count in (FEW, MANY):
            place = stack.enter_context(installed(server))
            _fill(count)
            stack.enter_context(place.web())
            browsers.append(Browser(place.url, "reader", PASSWORD))
        few, many = _in_turn(browsers)
    what = f"search with facets among {MANY:,} papers ({engine})"
    details = f"{median(many) * 1000:.1f} and {median(few) * 1000:.1f} ms"
    yield Figure(
        what, f"among {FEW:,}", median(many) / median(few), MOST_TIMES, " ×", details=details
    )
    yield Figure(what, "–", quantiles(many, n=20)[-1] * 1000, MOST_MS, " ms for 95 %")


def _fill(count: int) -> None:
    with writing():
        top, *below = plant(Level.PROVINCE, {Level.CITY: 3})
        person_id, _reader = settle_in(
            [
                Somebody("clerk", top, SeatKind.CLERK),
                Somebody("reader", below[0], SeatKind.READER),
            ]
        )
        chance = random.Random(count)
        papers.publish(top, person_id, [_text(chance, number) for number in range(count)])
        papers.send(below[:1])
    for _done in indexing.rebuild():
        pass
    know_the_tables()
    indexed = db.session.scalar(select(func.count()).select_from(IndexedPaper))
    if indexed != count:
        raise RuntimeError(f"{indexed} papers indexed instead of {count}")


def _text(chance: random.Random, number: int) -> tuple[str, str]:
    """A title and some 230 characters; each topic comes up in about two papers of a hundred."""
    words = ["".join(chance.choices(_FILL, k=chance.randint(6, 14))) for _ in range(20)]
    for topic in _TOPICS:
        if chance.random() < 0.02:
            words[chance.randrange(len(words))] += topic
    topic = chance.choice(_TOPICS) if chance.random() < 0.02 else ""
    return f"关于做好{topic}第{number}项工作的通知", "，".join(words) + "。"


def _in_turn(browsers: Sequence[Browser]) -> tuple[list[float], list[float]]:
    """How long each answer took, the two installations asked in turn; a first round warms up."""
    taken: tuple[list[float], list[float]] = [], []
    for number in range(ROUNDS + 1):
        for word in WORDS:
            for which, browser in enumerate(browsers):
                began = time.perf_counter()
                answer = browser.get(f"/search?q={quote(word)}")
                ended = time.perf_counter()
                if answer.status_code != 200 or "<mark>" not in answer.text:
                    raise RuntimeError(f"{word}: {answer.status_code}, nothing found")
                if number:
                    taken[which].append(ended - began)
    return taken
