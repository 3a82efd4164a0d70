"""The port through which folders put their pages into the navigation."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

from flask_babel import lazy_gettext as _l
from flask_babel.speaklater import LazyString

WORK = _l("工作")
DIRECTORY = _l("机构")
ADMINISTRATION = _l("管理")
OWN = _l("我的")


@dataclass(frozen=True)
class NavItem:
    """A link in the navigation, shown to those who may do ``action``; ``count`` is its badge."""

    label: LazyString
    endpoint: str
    icon: str
    group: LazyString
    action: str
    order: int = 100
    count: Callable[[], int] | None = None


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

    A count of 0 draws no badge.
    """

    def __init__(self, items: Iterable[NavItem]) -> None:
        self._items = items
        self._drawn: list[DrawnItem] | None = None

    def __iter__(self) -> Iterator[DrawnItem]:
        if self._drawn is None:
            self._drawn = [_drawn(item) for item in self._items]
        return iter(self._drawn)


def _drawn(item: NavItem) -> DrawnItem:
    badge = (item.count() or None) if item.count else None
    return DrawnItem(item.label, item.endpoint, item.icon, item.group, badge)
