"""What a benchmark gives, how two things are measured in turn, and the table of all."""

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from statistics import median


@dataclass(frozen=True)
class Figure:
    """One measured figure beside what it has to reach.

    ``value`` is at most ``bound`` to be good, or at least where ``at_least``; ``unit`` follows
    both. ``details`` are what it was computed from.
    """

    what: str
    against: str
    value: float
    bound: float
    unit: str = ""
    at_least: bool = False
    details: str = ""

    @property
    def reached(self) -> bool:
        """Whether the figure is what it has to be."""
        return self.value >= self.bound if self.at_least else self.value <= self.bound

    def cells(self) -> tuple[str, ...]:
        """Its line of the table."""
        sign = "≥" if self.at_least else "≤"
        return (
            self.what,
            self.against,
            f"{self.value:.3g}{self.unit}",
            f"{sign} {self.bound:g}{self.unit}",
            "yes" if self.reached else "MISSED",
            self.details,
        )


def seconds(work: Callable[[], object]) -> float:
    """How long ``work`` takes."""
    began = time.perf_counter()
    work()
    return time.perf_counter() - began


def in_turn(
    one: Callable[[], float], other: Callable[[], float], repeats: int
) -> tuple[float, float]:
    """The medians of two measurements taken in turn, each first every other time.

    What the machine does beside falls on both alike; the first pair only warms up.
    """
    ones, others = [], []
    for number in range(repeats + 1):
        if number % 2:
            first, second = one(), other()
        else:
            second, first = other(), one()
        if number:
            ones.append(first)
            others.append(second)
    return median(ones), median(others)


HEAD = ("what", "against", "measured", "to reach", "reached", "from")


def table(figures: Sequence[Figure]) -> str:
    """The figures as lines of text, each column as wide as it needs."""
    lines = [HEAD, *(figure.cells() for figure in figures)]
    widths = [max(len(line[column]) for line in lines) for column in range(len(HEAD))]
    drawn = [
        " | ".join(cell.ljust(width) for cell, width in zip(line, widths, strict=True)).rstrip()
        for line in lines
    ]
    drawn.insert(1, "-|-".join("-" * width for width in widths))
    return "\n".join(drawn)
