"""Searching in tests: what the schedule would index, titles found, and feeds."""

from bulletins.models import SavedSearch
from bulletins.queries import search
from bulletins.search.criteria import Criteria
from bulletins.services import searches
from config import handling, settling
from tests.worlds import World


def indexed() -> None:
    """Do what the worker does with what was published."""
    settling.settle_all()
    while handling.handle_waiting():
        pass


def titles(world: World, agency: str, q: str = "", **narrowed: object) -> list[str]:
    """The titles that somebody of the agency finds, in their order."""
    agency_id = world.agencies[agency]
    hits = search.hits(agency_id, Criteria.model_validate({"q": q, **narrowed}))
    return [row.title for row in search.shown(agency_id, [row.id for row in hits.rows])]


def feed_of(world: World, name: str, search: SavedSearch) -> str:
    """The private address of the feed of somebody's saved search."""
    return f"/feeds/{searches.issue_feed(world.actor(name), search.id)}.atom"
