"""What the schedule does for papers."""

from datetime import timedelta

from bulletins.services import ending, printing, publishing, reading, serve_overdue, sweeping
from config.scheduling import Job

JOBS = (
    Job("publish_due_papers", publishing.publish_due, timedelta(minutes=1)),
    Job("close_repealed_papers", ending.close_repealed, timedelta(minutes=10)),
    Job("relay_rule", serve_overdue, timedelta(minutes=10)),
    Job("read_files", reading.read_files, timedelta(minutes=1), is_heavy=True),
    Job("print_ahead", printing.print_ahead, timedelta(minutes=1), is_heavy=True),
    Job("sweep_files", sweeping.sweep, timedelta(hours=6), is_heavy=True),
    Job("forget_old_pdfs", printing.forget_old, timedelta(days=1)),
)
