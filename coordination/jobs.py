"""What the schedule does for tasks."""

from datetime import timedelta

from config.scheduling import Job
from coordination.services import tell_deadlines

JOBS = (Job("deadlines", tell_deadlines, timedelta(minutes=1)),)
