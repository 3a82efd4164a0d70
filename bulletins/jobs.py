"""What the schedule does for papers."""

from datetime import timedelta

from bulletins.services import ending, sweeping
from config.scheduling import Job

JOBS = (
    Job("close_repealed_papers", ending.close_repealed, timedelta(minutes=10)),
    Job("sweep_files", sweeping.sweep, timedelta(hours=6)),
)
