"""The divisions of China at county level and above (GB/T 2260), 3,227 of them."""

import csv
from dataclasses import dataclass
from pathlib import Path

FILE = Path(__file__).with_name("divisions.csv")


@dataclass(frozen=True)
class Division:
    """A province, city or county; its parent stands in the table and never follows from a code."""

    code: str
    name: str
    level: str
    parent_code: str


def nation() -> list[Division]:
    """All divisions, the upper before the lower."""
    with FILE.open(encoding="utf-8-sig", newline="") as file:
        return [Division(**row) for row in csv.DictReader(file)]


def within(code: str) -> list[Division]:
    """One division and all below it, the upper before the lower."""
    wanted = {code}
    found = []
    for division in sorted(nation(), key=lambda one: _ORDER[one.level]):
        if division.code in wanted or division.parent_code in wanted:
            wanted.add(division.code)
            found.append(division)
    return found


_ORDER = {"province": 0, "city": 1, "county": 2}
