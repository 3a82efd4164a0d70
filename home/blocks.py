"""The parts that the first page is put together from."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date


@dataclass(frozen=True)
class Line:
    """One thing that waits: its words, its page, who asks, until when."""

    title: str
    url: str
    meta: str = ""
    due: date | None = None
    late: bool = False
    mark: str = ""
    tone: str = "neutral"


@dataclass(frozen=True)
class Block:
    """Things of one kind that wait: the first few, and how many (100 stands for more than 99).

    ``beside`` heads what stands beside each title, where that is not whom it comes from.
    """

    title: str
    count: int
    url: str
    lines: Sequence[Line] = field(default_factory=tuple)
    hint: str = ""
    beside: str = ""


@dataclass(frozen=True)
class Need:
    """One figure that an administrator watches; with ``count`` 0 there is nothing to do."""

    label: str
    count: int
    url: str | None = None
    hint: str = ""
