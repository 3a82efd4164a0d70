"""The port through which folders put their pages into the navigation."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from flask_babel.speaklater import LazyString


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


def drawn(items: Iterable[NavItem]) -> list[DrawnItem]:
    """The links with their counts; a count of 0 draws no badge."""
    return [
        DrawnItem(
            item.label,
            item.endpoint,
            item.icon,
            item.group,
            (item.count() or None) if item.count else None,
        )
        for item in items
    ]
