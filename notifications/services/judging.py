"""What calls say of the way they went: whether it works, is down, or fails too often."""

from collections.abc import Sequence

import structlog

from agencies.states import Channel
from notifications.channels.base import Result
from notifications.services import health
from notifications.services.pauses import pause, paused, resume
from notifications.services.routing import Share
from notifications.states import Action

ANSWERED = frozenset({"accepted", "written", "refused", "deferred"})
"""Outcomes that show that the provider is there."""

_CALLED = frozenset({Action.ACCEPT, Action.DEFER, Action.REFUSE, Action.LOSE})

log = structlog.get_logger(__name__)


def judge_way(channel: Channel, share: Share, results: Sequence[Result], down: str) -> None:
    """Draw from a call what follows for its channel. Call inside ``writing()``.

    A channel is paused while the way that it goes is down; one that answers, be it with a refusal,
    is not. A way that fails too often is left for the next one, where there is one.
    """
    answered = any(result.outcome in ANSWERED for result in results)
    if channel == Channel.SMS:
        _count(share.route.name, results, down)
        if share.others and answered and not down and health.recovered(share.route.name):
            log.info("route_recovered", route=share.route.name)
    if down and not share.probe:
        pause(channel, down)
    elif answered and paused(channel):
        resume(channel)
    if channel == Channel.SMS and share.others and not share.probe:
        lost = next((one.detail for one in results if one.action == Action.LOSE), "")
        if (down or lost) and health.judge(share.route.name, down or lost):
            log.warning("route_failing", route=share.route.name, reason=down or lost)
            if paused(channel):
                resume(channel)  # the next way out is not down


def _count(route: str, results: Sequence[Result], down: str) -> None:
    called = [one for one in results if one.action in _CALLED]
    lost = sum(one.action == Action.LOSE for one in called)
    health.count(
        route,
        health.Tally(
            attempts=len(called) + bool(down),
            failures=lost + bool(down),
            # What may have been taken is paid for too.
            parts=sum(one.parts for one in called if one.action in (Action.ACCEPT, Action.LOSE)),
        ),
    )
