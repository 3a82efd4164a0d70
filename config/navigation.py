"""The port through which folders put their pages into the navigation."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass

from flask_babel import lazy_gettext as _l
from flask_babel.speaklater import LazyString
from sqlalchemy import Select, func, select

from config.database import db

COUNTED_AT_MOST = 100
WORK = _l("工作")
DIRECTORY = _l("机构")
ADMINISTRATION = _l("管理")
OWN = _l("我的")


Waiting = Sequence[Select[int]]
"""Queries whose rows, counted together, are the badge of a link."""


@dataclass(frozen=True)
class NavItem:
    """A link in the navigation, shown to those who may do ``action``; what waits is its badge."""

    label: LazyString
    endpoint: str
    icon: str
    group: LazyString
    action: str
    order: int = 100
    waiting: Callable[[], Waiting] | None = None


@dataclass(frozen=True)
class DrawnItem:
    """A link as a page draws it, its count read."""

    label: LazyString
    endpoint: str
    icon: str
    group: LazyString
    badge: int | None


class Menu:
    """The links with their counts, read when a page draws them: a failure's page draws none.

    All counts are one question to the database, each up to 100. A count of 0 draws no badge.
    """

    def __init__(self, items: Iterable[NavItem]) -> None:
        self._items = items
        self._drawn: list[DrawnItem] | None = None

    def __iter__(self) -> Iterator[DrawnItem]:
        if self._drawn is None:
            self._drawn = list(_drawn(list(self._items)))
        return iter(self._drawn)


def _drawn(items: Sequence[NavItem]) -> Iterator[DrawnItem]:
    waiting = [item.waiting() if item.waiting else () for item in items]
    counts = iter(counted([query for queries in waiting for query in queries]))
    for item, queries in zip(items, waiting, strict=True):
        badge = sum(next(counts) for _query in queries) or None
        yield DrawnItem(item.label, item.endpoint, item.icon, item.group, badge)


def counted(queries: Waiting) -> Sequence[int]:
    """How many rows each query finds, up to 100."""
    if not queries:
        return []
    bounded = [query.limit(COUNTED_AT_MOST).subquery() for query in queries]
    counts = [select(func.count()).select_from(some).scalar_subquery() for some in bounded]
    return db.session.execute(select(*counts)).one()
