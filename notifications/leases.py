"""How long a worker may be silent about what it took before others take it for dead."""

from collections.abc import Sequence
from datetime import timedelta

from flask import current_app
from sqlalchemy import update

from config.database import db
from config.settings import Settings
from notifications.models import Delivery
from notifications.states import State


def lease() -> timedelta:
    """The time after which a hand-out, a claim or a call without an outcome has expired."""
    settings: Settings = current_app.extensions["settings"]
    return timedelta(seconds=settings.lease_seconds)


def take_back(ids: Sequence[int]) -> None:
    """Let deliveries that were handed out and not claimed be handed out again at once.

    Call inside ``writing()``.
    """
    db.session.execute(
        update(Delivery)
        .where(Delivery.id.in_(ids), Delivery.state == State.QUEUED)
        .values(handed_out_at=None)
    )
