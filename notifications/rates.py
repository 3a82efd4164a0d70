"""The pace of each provider: how many messages a second it gets from all workers together.

The leader keeps it, since it alone hands out; urgent messages and others share it, urgent first.
"""

import time
from dataclasses import dataclass, field

from flask import current_app

from agencies.states import Channel
from config.settings import Settings

_EXTENSION = "rates"
_AT_ONCE = 1.0  # seconds' worth that may go in one go
_ON_THE_WAY = 2.0  # seconds' worth that may wait for a worker: more would come as a burst


@dataclass
class Rate:
    """So many ``per_second``; what was not used is kept for a second only."""

    per_second: int
    saved: float = 1.0
    at: float = field(default_factory=time.monotonic)

    def allowed(self) -> int:
        """How many may go now."""
        now = time.monotonic()
        most = max(1.0, self.per_second * _AT_ONCE)
        self.saved = min(most, self.saved + (now - self.at) * self.per_second)
        self.at = now
        return int(self.saved)


def rate(channel: Channel) -> Rate | None:
    """The pace of a channel's provider; None where it may get as much as can be sent."""
    rates: dict[Channel, Rate | None] = current_app.extensions.setdefault(_EXTENSION, {})
    if channel not in rates:
        per_second = _wanted(channel)
        rates[channel] = Rate(per_second) if per_second else None
    return rates[channel]


def allowed(channel: Channel, most: int) -> int:
    """How many messages may be handed out now, ``most`` at most."""
    kept = rate(channel)
    return min(most, kept.allowed()) if kept else most


def spend(channel: Channel, count: int) -> None:
    """So many were handed out."""
    if kept := rate(channel):
        kept.saved -= count


def on_the_way(channel: Channel, most: int) -> int:
    """How many may be handed out and not yet taken, ``most`` at most."""
    kept = rate(channel)
    return min(most, max(1, int(kept.per_second * _ON_THE_WAY))) if kept else most


def _wanted(channel: Channel) -> int:
    settings: Settings = current_app.extensions["settings"]
    return {Channel.MAIL: settings.mail_rate, Channel.SMS: settings.sms_rate}.get(channel, 0)
