"""What the schedule does for the journal: settling, handling, checkpoints."""

from datetime import timedelta

from config.handling import handle_waiting
from config.scheduling import Job
from config.settling import checkpoint, settle_all

_BATCH = 200


def handle_all() -> None:
    """Handle what waits and is due, until a batch is not full any more."""
    while handle_waiting(_BATCH) == _BATCH:
        pass


JOBS = (
    Job("settle", settle_all, timedelta(seconds=1)),
    Job("handle", handle_all, timedelta(seconds=1)),
    Job("checkpoint", checkpoint, timedelta(minutes=1)),
)
