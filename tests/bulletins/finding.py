"""Searching in tests: what the schedule would index, and titles found."""

from bulletins.queries import search
from bulletins.search.criteria import Criteria
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
