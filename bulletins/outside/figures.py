"""What waits to be looked at, for the metrics."""

from collections.abc import Iterator

from sqlalchemy import select

from bulletins.models import LinkVisit
from config.figures import Figure, bounded


def figures() -> Iterator[Figure]:
    """Outside links of papers at work that nobody has looked at yet, or that want a new look."""
    waiting = select(LinkVisit.digest).where(LinkVisit.due_at.is_not(None))
    yield Figure("links_waiting", "Outside links that wait for a look", bounded(waiting))
