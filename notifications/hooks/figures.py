"""What waits for other systems, for the metrics."""

from collections.abc import Iterator

from sqlalchemy import func, select

from config.database import db
from config.figures import Figure, age, bounded
from notifications.hooks.models import Endpoint, EndpointCall
from notifications.hooks.states import CallState


def figures() -> Iterator[Figure]:
    """Calls that wait, since when, and endpoints that answered that they are gone."""
    waiting = EndpointCall.state == CallState.WAITING.value
    yield Figure(
        "endpoint_calls_waiting",
        "Calls of other systems that are not done",
        bounded(select(EndpointCall.id).where(waiting)),
    )
    oldest = select(func.min(EndpointCall.began_at)).where(waiting)
    yield Figure(
        "endpoint_calls_oldest_age_seconds",
        "Since when the oldest of them is tried",
        age(db.session.scalar(oldest)),
    )
    gone = select(Endpoint.id).where(Endpoint.is_gone, Endpoint.ended_at.is_(None))
    yield Figure("endpoints_gone", "Endpoints that want no more calls", bounded(gone))
