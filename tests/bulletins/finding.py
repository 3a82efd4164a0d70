"""Searching in tests: what the schedule would index, titles found, and feeds."""

from bulletins.models import SavedSearch
from bulletins.queries import search
from bulletins.search.criteria import Criteria, SavedInput
from bulletins.search.section import SECTIONS
from bulletins.services import searches
from config import handling, journal, settling
from config.sections import Span
from tests.worlds import World

[SECTION] = SECTIONS


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


def kept(world: World, agency: str = "county", q: str = "电梯", **given: object) -> SavedSearch:
    """A followed search of the agency."""
    data = SavedInput.model_validate({"q": q, "followed": True, **given})
    return searches.save(world.actor(f"{agency}-clerk"), data)


def told(world: World, agency: str, after: int = 0) -> list[tuple[str, str]]:
    """Titles and remarks that the agency's digest lists after a position."""
    part = SECTION.compose([world.agencies[agency]], Span(after, journal.head()))
    items = part[world.agencies[agency]].items if part else ()
    return [(item.text, item.remark) for item in items]
