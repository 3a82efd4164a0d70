"""What became of a receipt step by step: which facts it has, and the working days between them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from agencies.working_days import Counter
from bulletins.states import Fact
from config import clock


@dataclass(frozen=True)
class Step:
    """A fact with the working days since the one before it; ``at`` None: it is waited for."""

    fact: Fact
    days: int
    at: datetime | None


class Steps:
    """The steps of many receipts of one version, none sent before ``sent_at``."""

    def __init__(self, sent_at: datetime, zone: ZoneInfo) -> None:
        self._zone = zone
        self._today = clock.today(zone)
        self._days = Counter(min(self._day(sent_at), self._today), self._today)

    def of(self, receipt: Any) -> Sequence[Step]:
        """The facts a receipt has in their order, and the one that it waits for last."""
        taken = []
        before: datetime = receipt.sent_at
        for fact in Fact:
            at: datetime | None = getattr(receipt, f"{fact}_at")
            if at is not None:
                taken.append(Step(fact, self.between(before, at), at))
                before = max(before, at)
        if receipt.waits_since is not None:
            taken.append(Step(Fact(receipt.waits_for), self.since(receipt.waits_since), None))
        return taken

    def since(self, moment: datetime) -> int:
        """Working days from a moment to today."""
        return self._days.between(self._day(moment), self._today)

    def between(self, start: datetime, end: datetime) -> int:
        """Working days from the day of one moment to that of another."""
        return self._days.between(self._day(start), self._day(end))

    def _day(self, moment: datetime) -> date:
        return moment.astimezone(self._zone).date()
