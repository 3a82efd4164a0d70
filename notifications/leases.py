"""How long a worker may be silent about what it took before others take it for dead."""

from datetime import timedelta

from flask import current_app

from config.settings import Settings


def lease() -> timedelta:
    """The time after which a hand-out, a claim or a call without an outcome has expired."""
    settings: Settings = current_app.extensions["settings"]
    return timedelta(seconds=settings.lease_seconds)
