"""Offices that look into their inbox, open papers and acknowledge them, whatever happens."""

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import partial

import requests

from benchmarks.installation import Browser
from parts.processes import wait_until

_LINK = re.compile(r'href="/inbox/(\d+)"')
PATIENCE = 60.0
STEPS_A_PAPER = 2


@dataclass
class Reading:
    """What the service has confirmed to somebody: by receipt, and so must never be lost."""

    opened: set[int] = field(default_factory=set)
    acknowledged: set[int] = field(default_factory=set)
    steps: int = 0

    def through(self, browsers: list[Browser]) -> None:
        """Let everybody in turn read and acknowledge what is new to them."""
        for browser in browsers:
            page = insisting(partial(browser.get, "/inbox"))
            for receipt_id in map(int, sorted(set(_LINK.findall(page.text)))):
                if receipt_id not in self.acknowledged:
                    self._read(browser, receipt_id)

    def _read(self, browser: Browser, receipt_id: int) -> None:
        path = f"/inbox/{receipt_id}"
        insisting(lambda: browser.get(path))
        self.opened.add(receipt_id)
        self.steps += 1
        insisting(lambda: browser.post(f"{path}/acknowledge"))
        self.acknowledged.add(receipt_id)
        self.steps += 1


def attempted(ask: Callable[[], requests.Response]) -> requests.Response | None:
    """The answer; None where the other side died over it."""
    try:
        return ask()
    except (requests.ConnectionError, requests.exceptions.ChunkedEncodingError):
        return None


def insisting(ask: Callable[[], requests.Response]) -> requests.Response:
    """Ask until there is an answer, as people do; raises for one that is an error."""
    answer = wait_until(lambda: _answer(ask), PATIENCE, "an answer")
    return answer[0]


def _answer(ask: Callable[[], requests.Response]) -> list[requests.Response]:
    answer = attempted(ask)
    if answer is None:
        return []
    answer.raise_for_status()
    return [answer]
