"""What the schedule does for accounts: forget what nothing reads any more."""

from datetime import timedelta

from sqlalchemy import delete, or_

from agencies import throttle
from agencies.models import SignIn
from config import clock
from config.database import db, writing
from config.scheduling import Job

KEPT = timedelta(days=30)


def forget_old_sign_ins() -> None:
    """Drop sessions that ended a month ago; the journal keeps that they were."""
    before = clock.now() - KEPT
    with writing():
        db.session.execute(
            delete(SignIn).where(or_(SignIn.expires_at < before, SignIn.ended_at < before))
        )


JOBS = (
    Job("forget_old_sign_ins", forget_old_sign_ins, timedelta(days=1)),
    Job("forget_old_attempts", throttle.forget_old, timedelta(hours=6)),
)
