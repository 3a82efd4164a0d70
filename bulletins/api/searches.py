"""Searches that my agency keeps, and their feeds."""

from datetime import date, datetime
from typing import Any, Self

from pydantic import BaseModel

from agencies.actors import acting
from agencies.permissions import permission
from bulletins import atom
from bulletins.api.blueprint import bp
from bulletins.models import SavedSearch
from bulletins.queries import searches as queries
from bulletins.search.criteria import FollowInput, SavedInput
from bulletins.services import searches as service
from bulletins.states import BulletinType


class SavedSearchOut(BaseModel):
    """A search that the agency keeps; what a followed one finds is told in digests."""

    id: int
    name: str
    q: str
    type: BulletinType | None
    issuer: int | None
    topic: str | None
    sector: str | None
    since: date | None
    until: date | None
    followed: bool
    created_at: datetime

    @classmethod
    def of(cls, search: SavedSearch) -> Self:
        """A search as a program reads it."""
        return cls(
            id=search.id,
            name=search.name,
            q=search.q,
            type=search.type,
            issuer=search.issuer_id,
            topic=search.topic,
            sector=search.sector,
            since=search.since,
            until=search.until,
            followed=search.followed_entry_id is not None,
            created_at=search.created_at,
        )


class SavedSearchesOut(BaseModel):
    """All of them, at most 50."""

    items: list[SavedSearchOut]
    next: str | None


class FeedOut(BaseModel):
    """The private address, told this once: whoever has it reads the feed."""

    url: str


@bp.get("/searches")
@permission("search.find")
@bp.output(SavedSearchesOut)
@bp.doc(summary="The searches that my agency keeps")
def kept_searches() -> dict[str, Any]:
    kept = queries.kept(acting().agency_id or 0)
    return {"items": [SavedSearchOut.of(search) for search in kept], "next": None}


@bp.post("/searches")
@permission("search.keep")
@bp.input(SavedInput, arg_name="data")
@bp.output(SavedSearchOut, status_code=201)
@bp.doc(summary="Keep a search for my agency, its days as they are given")
def save_search(data: SavedInput) -> SavedSearchOut:
    return SavedSearchOut.of(service.save(acting(), data))


@bp.put("/searches/<int:search_id>")
@permission("search.keep")
@bp.input(FollowInput, arg_name="data")
@bp.output(SavedSearchOut)
@bp.doc(summary="Follow a search, or no more")
def follow_search(search_id: int, data: FollowInput) -> SavedSearchOut:
    return SavedSearchOut.of(service.follow(acting(), search_id, data.followed))


@bp.delete("/searches/<int:search_id>")
@permission("search.keep")
@bp.output({}, status_code=204)
@bp.doc(summary="Keep a search no longer; its feeds end")
def remove_search(search_id: int) -> str:
    service.remove(acting(), search_id)
    return ""


@bp.post("/searches/<int:search_id>/feed")
@permission("search.feed")
@bp.output(FeedOut, status_code=201)
@bp.doc(summary="A new private address of the search's Atom feed; my former one ends")
def issue_feed(search_id: int) -> FeedOut:
    return FeedOut(url=atom.private_address(service.issue_feed(acting(), search_id)))


@bp.delete("/searches/<int:search_id>/feed")
@permission("search.feed")
@bp.output({}, status_code=204)
@bp.doc(summary="End my private address of the search's feed")
def end_feed(search_id: int) -> str:
    service.end_feed(acting(), search_id)
    return ""
