"""What becomes of a table that somebody asked for."""

from datetime import timedelta
from enum import StrEnum


class State(StrEnum):
    """Where a table stands."""

    WAITING = "waiting"
    MAKING = "making"
    READY = "ready"
    FAILED = "failed"
    REMOVED = "removed"


class Failure(StrEnum):
    """Why there is none."""

    STORAGE_FULL = "storage_full"
    REFUSED = "refused"  # it isn't theirs to see any more, or they have left
    BROKEN = "broken"


GOING_ON = (State.WAITING, State.MAKING)
ASKED_ANEW = (State.FAILED, State.REMOVED)
"""States in which it can be asked for once more."""

LEASE = timedelta(minutes=5)
"""How long a worker may take from one piece to the next."""
PAUSES = (timedelta(seconds=30), timedelta(minutes=5))
"""After failures that may pass by themselves; then somebody has to ask again."""
FILE_KEPT = timedelta(days=7)
ROW_KEPT = timedelta(days=90)
