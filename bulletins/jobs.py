"""What the schedule does for papers."""

from datetime import timedelta

from bulletins.services import (
    ending,
    noting_links,
    printing,
    publishing,
    reading,
    serve_overdue,
    sweeping,
    visiting_links,
)
from config.queueing import HEAVY, SLOW
from config.scheduling import Job

JOBS = (
    Job("publish_due_papers", publishing.publish_due, timedelta(minutes=1)),
    Job("close_repealed_papers", ending.close_repealed, timedelta(minutes=10)),
    Job("relay_rule", serve_overdue, timedelta(minutes=10)),
    Job("read_files", reading.read_files, timedelta(minutes=1), queue=SLOW),
    Job("print_ahead", printing.print_ahead, timedelta(minutes=1), queue=HEAVY),
    Job("sweep_files", sweeping.sweep, timedelta(hours=6), queue=HEAVY),
    Job("outside_links", visiting_links.look_at_links, timedelta(seconds=20), queue=SLOW),
    Job("forget_links", noting_links.forget_links, timedelta(days=1)),
    Job("forget_old_pdfs", printing.forget_old, timedelta(days=1)),
)
