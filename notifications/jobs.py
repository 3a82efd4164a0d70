"""What the schedule does for digests, notices and deliveries."""

from datetime import timedelta

from flask import current_app

from config import clock
from config.scheduling import Job
from config.settings import Settings
from notifications.returns_box import read_box
from notifications.services.asking import ask
from notifications.services.calling_out import call_out, forget_calls
from notifications.services.digests import run_due
from notifications.services.erasing import erase_left
from notifications.services.escalation import climb
from notifications.services.handing_out import pump, recover
from notifications.services.stops import hold_on
from notifications.services.telling import compose_notices


def digests() -> None:
    """Make the digests that are due now."""
    run_due(clock.now())


def returned_mails() -> None:
    """Read what came back into the mailbox that the settings name, if they do."""
    settings: Settings = current_app.extensions["settings"]
    if settings.bounces_url:
        read_box(settings.bounces_url)


def asking() -> None:
    """Ask clouds about messages whose outcome nobody knows."""
    ask()


JOBS = (
    Job("digests", digests, timedelta(seconds=5)),
    Job("notices", compose_notices, timedelta(seconds=1), then="deliveries"),
    Job("deliveries", pump, timedelta(seconds=1)),
    Job("calls_out", call_out, timedelta(seconds=1)),
    Job("forget_calls", forget_calls, timedelta(days=1)),
    Job("ladder", climb, timedelta(seconds=10)),
    Job("asking", asking, timedelta(seconds=30)),
    Job("erase_left", erase_left, timedelta(days=1)),
    Job("recovery", recover, timedelta(seconds=5)),
    Job("stops", hold_on, timedelta(seconds=5)),
    Job("returned_mails", returned_mails, timedelta(minutes=1)),
)
