"""Searches that agencies keep, and people's own feeds of them."""

from sqlalchemy import select

from agencies.actors import token_hash
from agencies.models import Seat, Tenure
from bulletins.models import SavedSearch, SearchFeed
from bulletins.search.criteria import SavedInput
from bulletins.services import searches
from config import clock
from config.database import db
from tests.worlds import World


def _search(world: World, agency: str) -> int:
    return searches.save(world.actor(f"{agency}-clerk"), SavedInput(q="检查")).id


OF_AGENCIES = {"search": _search}
"""By name: what makes one of each agency's."""


def _feed(person_id: int) -> int | str:
    """An address of the person's own; empty for who holds no seat."""
    held = (
        select(Seat)
        .join(Tenure, Tenure.seat_id == Seat.id)
        .where(Tenure.person_id == person_id, Tenure.ended_at.is_(None))
    )
    seat = db.session.scalars(held).first()
    if seat is None:
        return ""
    now = clock.now()
    search = SavedSearch(
        agency_id=seat.agency_id, name="检查", q="检查", created_at=now, created_by=person_id
    )
    db.session.add(search)
    db.session.flush()
    feed = SearchFeed(
        search_id=search.id,
        person_id=person_id,
        seat_id=seat.id,
        token_hash=token_hash(secret(person_id)),
        created_at=now,
    )
    db.session.add(feed)
    db.session.flush()
    return feed.id


OF_PEOPLE = {"feed": _feed}
"""By name: what makes one of each person's own. Call inside ``writing()``."""


def secret(person_id: int) -> str:
    """What opens that person's feed."""
    return f"feed-{person_id}"
