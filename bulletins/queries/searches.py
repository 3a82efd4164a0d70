"""Searches kept by an agency, and the feeds that people read of them."""

from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from agencies.actors import Actor, actor_for, token_hash
from bulletins.models import SavedSearch, SearchFeed
from config.database import db, found


def kept(agency_id: int) -> Sequence[SavedSearch]:
    """An agency's searches, the latest first."""
    return db.session.scalars(
        select(SavedSearch)
        .options(joinedload(SavedSearch.issuer))
        .where(SavedSearch.agency_id == agency_id, SavedSearch.ended_at.is_(None))
        .order_by(SavedSearch.id.desc())
    ).all()


def saved(search_id: int, *, lock: bool = False) -> SavedSearch:
    """A search that is still kept; raises NotFound."""
    query = select(SavedSearch).where(SavedSearch.id == search_id, SavedSearch.ended_at.is_(None))
    return found(query, lock=lock)


def feeds(person_id: int, seat_id: int | None) -> dict[int, SearchFeed]:
    """The feeds that a person has in a seat, by search."""
    query = select(SearchFeed).where(
        SearchFeed.person_id == person_id,
        SearchFeed.seat_id == seat_id,
        SearchFeed.revoked_at.is_(None),
    )
    return {feed.search_id: feed for feed in db.session.scalars(query)}


def reading(token: str) -> tuple[Actor, SavedSearch] | None:
    """Who reads which search at this secret address; None where it leads nowhere any more."""
    feed = db.session.scalars(
        select(SearchFeed)
        .join(SavedSearch, SavedSearch.id == SearchFeed.search_id)
        .options(joinedload(SearchFeed.search), joinedload(SearchFeed.person))
        .where(
            SearchFeed.token_hash == token_hash(token),
            SearchFeed.revoked_at.is_(None),
            SavedSearch.ended_at.is_(None),
        )
    ).one_or_none()
    if feed is None or not feed.person.active:
        return None
    actor = actor_for(feed.person, feed.seat_id)
    # Whoever left the seat, or whose search went to another agency, reads nothing here.
    if actor.seat_id != feed.seat_id or actor.agency_id != feed.search.agency_id:
        return None
    return actor, feed.search
