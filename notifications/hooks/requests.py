"""A POST that is to be made, and what its answer means by HTTP."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, timedelta
from email.utils import parsedate_to_datetime

from config import clock
from config.outgoing import Answer
from config.text import harmless
from notifications.hooks.models import ANSWER_LENGTH
from notifications.hooks.states import WITHIN, Outcome

_BUSY = frozenset({429, 502, 503, 504})
_DIGITS = 9  # more are years, however many


@dataclass(frozen=True)
class Request:
    """One POST."""

    url: str
    headers: Mapping[str, str]
    body: bytes


@dataclass(frozen=True)
class Verdict:
    """What an attempt came to; ``answer`` are the other side's words, shortened.

    ``asked`` is how long it wants to be left alone.
    """

    outcome: Outcome
    status: int | None = None
    answer: str = ""
    asked: timedelta = timedelta(0)


def judged_by_status(answer: Answer) -> Verdict:
    """2xx is success and all else a failure; 410 ends the endpoint; 3xx is not followed."""
    return Verdict(_outcome(answer.status), answer.status, words(answer), _asked(answer))


def words(answer: Answer) -> str:
    """The first words of an answer, on one line."""
    text = answer.body[: 4 * ANSWER_LENGTH].decode("utf-8", "replace")
    return harmless(text)[:ANSWER_LENGTH]


def _outcome(status: int) -> Outcome:
    if 200 <= status < 300:
        return Outcome.ACCEPTED
    if 300 <= status < 400:
        return Outcome.REDIRECTED
    if status == 410:
        return Outcome.GONE
    return Outcome.BUSY if status in _BUSY else Outcome.REFUSED


def _asked(answer: Answer) -> timedelta:
    """What ``Retry-After`` wants: seconds or a date (RFC 9110, 10.2.3), up to 24 hours."""
    said = answer.retry_after.strip()
    if said.isascii() and said.isdigit():
        return min(timedelta(seconds=int(said[:_DIGITS])), WITHIN)
    try:
        until = parsedate_to_datetime(said)
        until = until if until.tzinfo else until.replace(tzinfo=UTC)
        return min(max(until - clock.now(), timedelta(0)), WITHIN)
    except (ValueError, OverflowError):
        return timedelta(0)
