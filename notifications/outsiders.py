"""What each of some people from outside gets over each channel, or since when nothing more."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from agencies.states import Channel
from notifications.models import Recipient, Subscription
from notifications.queries import wishes_by_recipient
from notifications.states import Rhythm
from notifications.texting.queries import all_stopped


@dataclass(frozen=True)
class Gets:
    """A wish, and since when they have left that channel: by a link, or by answering TD."""

    wish: Subscription
    left_at: datetime | None
    by_reply: bool


def gets(some: Sequence[Recipient]) -> dict[int, list[Gets]]:
    """By recipient, mail first; in two queries however many."""
    stopped = all_stopped([one.phone for one in some if one.phone])
    wishes = wishes_by_recipient([one.id for one in some])
    return {
        one.id: [_gets(wish, stopped.get(one.phone or "")) for wish in wishes[one.id]]
        for one in some
    }


def _gets(wish: Subscription, stopped_at: datetime | None) -> Gets:
    if wish.channel == Channel.SMS and stopped_at is not None:
        return Gets(wish, stopped_at, by_reply=True)
    has_left = wish.rhythm == Rhythm.OFF and not wish.urgent_at_once
    return Gets(wish, wish.changed_at if has_left else None, by_reply=False)
