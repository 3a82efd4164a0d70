"""Making calls: one after the other to the same endpoint, until it fails. Reads no database."""

import time
from collections.abc import Sequence
from types import ModuleType

from config import clock
from config.outgoing import SilentError, SlowError, UnknownHostError, UntrustedError, post
from config.public_addresses import ForbiddenError
from notifications.hooks import robots, webhook
from notifications.hooks.requests import Request, Verdict
from notifications.hooks.states import Outcome
from notifications.hooks.telling import Told

Made = tuple[Told, Request | None, Verdict]


def send(some: Sequence[Told], allowed: str, until: float) -> list[Made]:
    """Call one endpoint with each of these, until one fails or time is up (monotonic)."""
    made: list[Made] = []
    for told in some:
        if made and time.monotonic() > until:
            break
        made.append(_made(told, allowed))
        if made[-1][2].outcome != Outcome.ACCEPTED:
            break
    return made


def _made(told: Told, allowed: str) -> Made:
    way = _way(told)
    request: Request = way.request(told, clock.now())
    try:
        answer = post(request.url, request.headers, request.body, allowed)
    except ForbiddenError as error:
        return told, request, Verdict(Outcome.OPEN if error.wants_tls else Outcome.PRIVATE)
    except UntrustedError:
        return told, request, Verdict(Outcome.NOT_TRUSTED)
    except SlowError:
        return told, request, Verdict(Outcome.TOO_SLOW)
    except UnknownHostError:
        return told, request, Verdict(Outcome.NO_HOST)
    except SilentError:
        return told, request, Verdict(Outcome.NO_ANSWER)
    verdict: Verdict = way.judged(answer)
    return told, request, verdict


def _way(told: Told) -> ModuleType:
    return robots if told.kind.is_robot else webhook
