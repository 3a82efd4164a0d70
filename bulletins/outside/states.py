"""What became of a look at a page, and how long that holds: pure tables."""

from datetime import timedelta
from enum import StrEnum


class Seen(StrEnum):
    """What was seen at an address. ``INSIDE`` leads into a network that is not looked into."""

    ALIVE = "alive"
    GONE = "gone"
    NO_HOST = "no_host"
    NO_TRUST = "no_trust"
    INSIDE = "inside"
    UNCLEAR = "unclear"


DEAD = frozenset({Seen.GONE, Seen.NO_HOST, Seen.NO_TRUST})
"""What nobody can open. One who is silent, busy or wants a sign-in may open it to others."""

_HOLDS = {Seen.ALIVE: timedelta(hours=24), Seen.UNCLEAR: timedelta(hours=1)}

WANTED = timedelta(days=30)
"""How long a draft that rests still has its links looked at, and how long what was seen is kept."""

AGAIN = timedelta(hours=1)
"""After how long a paper at work is asked anew which of its links want a look."""


def holds(seen: Seen) -> timedelta:
    """For how long a page is not looked at again; what is dead may be mended soon."""
    return _HOLDS.get(seen, timedelta(hours=3))


def judged(status: int) -> Seen:
    """What a page's answer says, by HTTP (RFC 9110, 15): it is there, or not, or nobody knows."""
    if 200 <= status < 300:
        return Seen.ALIVE
    return Seen.GONE if status in (404, 410) else Seen.UNCLEAR
