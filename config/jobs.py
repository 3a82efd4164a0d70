"""What the schedule does for the journal: settling, handling, checkpoints."""

from datetime import timedelta

from config.handling import handle_waiting
from config.scheduling import Job
from config.settling import checkpoint, settle_all

_BATCH = 200


def handle_all() -> int:
    """Handle what waits and is due, until a batch is not full any more; how many there were."""
    count = 0
    while handled := handle_waiting(_BATCH):
        count += handled
        if handled < _BATCH:
            break
    return count


JOBS = (
    Job("settle", settle_all, timedelta(seconds=1), then="handle"),
    Job("handle", handle_all, timedelta(seconds=1), then="notices"),
    Job("checkpoint", checkpoint, timedelta(minutes=1)),
)
