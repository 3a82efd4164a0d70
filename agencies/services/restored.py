"""After a restore: sessions that were ended since the backup must not live again."""

from sqlalchemy import update

from agencies.models import SignIn
from config import clock
from config.database import db, writing


def end_sessions() -> str:
    """Sign everybody out; returns what the operator is told."""
    with writing():
        db.session.execute(
            update(SignIn)
            .where(SignIn.ended_at.is_(None))
            .values(ended_at=clock.now())
            .execution_options(synchronize_session=False)
        )
    return (
        "everybody has to sign in again; passwords, keys and accounts are as they were in the "
        "backup: lock or revoke again what was locked or revoked since"
    )
