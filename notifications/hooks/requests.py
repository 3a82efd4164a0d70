"""A POST that is to be made, and what its answer means by HTTP."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta

from config.outgoing import Answer
from config.text import harmless
from notifications.hooks.models import ANSWER_LENGTH
from notifications.hooks.states import Outcome

_BUSY = frozenset({429, 502, 503, 504})


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
    """What ``Retry-After`` says in seconds; a date is not heeded."""
    said = answer.retry_after.strip()
    is_number = said.isascii() and said.isdigit() and len(said) < 7
    return timedelta(seconds=int(said)) if is_number else timedelta(0)
