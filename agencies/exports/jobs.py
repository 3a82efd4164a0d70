"""What the schedule does for exported tables."""

from datetime import timedelta

from agencies.exports.making import forget_old, make_waiting
from config.queueing import HEAVY
from config.scheduling import Job

JOBS = (
    Job("exports", make_waiting, timedelta(seconds=5), queue=HEAVY),
    Job("forget_exports", forget_old, timedelta(hours=6)),
)
