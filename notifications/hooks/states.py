"""What other systems are told, what became of each call, and when it is tried again. Pure."""

from datetime import datetime, timedelta
from enum import StrEnum


class EndpointKind(StrEnum):
    """How an endpoint wants to be called."""

    WEBHOOK = "webhook"
    DINGTALK = "dingtalk"
    WECOM = "wecom"
    FEISHU = "feishu"

    @property
    def is_robot(self) -> bool:
        """Whether it says in a chat group what it is told."""
        return self is not EndpointKind.WEBHOOK

    @property
    def has_secret_of_theirs(self) -> bool:
        """Whether calls can be signed with a secret that the other side made."""
        return self in (EndpointKind.DINGTALK, EndpointKind.FEISHU)


class Event(StrEnum):
    """What an endpoint can hear of; also the ``type`` of a webhook."""

    ARRIVED = "bulletin.arrived"
    CORRECTED = "bulletin.corrected"
    REMINDED = "bulletin.reminded"
    VOIDED = "bulletin.voided"
    REPEALED = "bulletin.repealed"
    ASSIGNED = "task.assigned"
    DUE_SOON = "task.due_soon"
    OVERDUE = "task.overdue"
    OVERDUE_BELOW = "task.overdue_below"
    SUBMITTED = "task.submitted"
    SENT_BACK = "task.sent_back"
    CLOSED = "task.closed"
    CANCELLED = "task.cancelled"
    ASKED = "question.asked"
    ANSWERED = "question.answered"
    TEST = "endpoint.tested"


CHOICES = tuple(event for event in Event if event != Event.TEST)
"""What can be chosen; a test is told to whom it is for."""


class CallState(StrEnum):
    """Where a call stands."""

    WAITING = "waiting"
    DELIVERED = "delivered"
    GIVEN_UP = "given_up"


class Outcome(StrEnum):
    """What the last attempt came to."""

    ACCEPTED = "accepted"
    REFUSED = "refused"
    REDIRECTED = "redirected"
    BUSY = "busy"
    GONE = "gone"
    NO_HOST = "no_host"
    NO_ANSWER = "no_answer"
    TOO_SLOW = "too_slow"
    NOT_TRUSTED = "not_trusted"
    PRIVATE = "private"
    STRANGE_HOST = "strange_host"  # none of its vendor's, nor one that is allowed
    OPEN = "open"  # a public address without TLS
    UNREADABLE = "unreadable"
    REMOVED = "removed"


WITHIN = timedelta(hours=24)
"""How long after the first attempt a call is tried again."""

PAUSES = (
    timedelta(seconds=5),
    timedelta(minutes=5),
    timedelta(minutes=30),
    timedelta(hours=2),
    timedelta(hours=5),
    timedelta(hours=10),
    timedelta(hours=14),
)
"""The schedule that Standard Webhooks gives as its example, up to where it passes 24 hours.

github.com/standard-webhooks/standard-webhooks, spec/standard-webhooks.md, "Deliverability".
"""

SPREAD = 0.2
"""A pause is longer by up to so much of it: what failed together does not come again together."""

OLD_SIGNS = timedelta(hours=24)
"""How long an earlier secret signs beside the one in use."""

_LONGEST_REST = timedelta(minutes=1)
_LONGEST_WISH = timedelta(hours=1)


def next_try(
    attempts: int, began_at: datetime, now: datetime, asked: timedelta, chance: float
) -> datetime | None:
    """When a call that failed ``attempts`` times is tried again; None where it is given up.

    The last attempt is made when the 24 hours are over. ``asked`` is what the answer's
    ``Retry-After`` wants at least, ``chance`` a number from 0 to 1.
    """
    until = began_at + WITHIN
    if now >= until:
        return None
    pause = max(PAUSES[min(attempts, len(PAUSES)) - 1], asked)
    return min(now + pause * (1 + SPREAD * chance), until)


def rest(attempts: int, now: datetime, asked: timedelta) -> datetime:
    """Until when an endpoint that failed is spared its other calls: as it wants, up to an hour."""
    usual = min(PAUSES[min(attempts, len(PAUSES)) - 1], _LONGEST_REST)
    return now + max(usual, min(asked, _LONGEST_WISH))
