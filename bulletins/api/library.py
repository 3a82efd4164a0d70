"""The library of good cases and experience, and the offers to it."""

from datetime import date, datetime
from enum import StrEnum
from typing import Any, Self

from pydantic import BaseModel

from agencies.actors import acting
from agencies.permissions import permission, require
from bulletins.api.blueprint import bp
from bulletins.api.outputs import FromRow
from bulletins.library.inputs import DeclineInput, LibraryFilter, OfferInput, SelectInput
from bulletins.library.permissions import Shelved
from bulletins.library.states import OfferState
from bulletins.models import Offer
from bulletins.queries import library as queries
from bulletins.services import library as service
from bulletins.states import BulletinType, State
from config.openapi import PageQuery, listing
from config.pages import keyset


class LibraryItemOut(FromRow):
    """A paper in the library."""

    bulletin_id: int
    title: str
    type: BulletinType
    number: str | None
    issuer: str
    signed_at: datetime
    selected_by: str
    selected_at: datetime
    note: str
    ended_kind: State | None
    ended_on: date | None


class LibraryOut(BaseModel):
    items: list[LibraryItemOut]
    next: str | None


class LibraryQuery(LibraryFilter, PageQuery):
    """What narrows the library, and which part of it is wanted."""


class LibraryPaperOut(BaseModel):
    """A paper that I may read; `selected_at` is null where it does not stand in the library.

    `html` is null where my agency has a copy: read that (`/inbox/{receipt_id}`), for it is noted.
    """

    bulletin_id: int
    version: int
    title: str
    type: BulletinType
    issuer: str
    html: str | None
    receipt_id: int | None
    selected_at: datetime | None
    selected_by: int | None
    note: str
    useful_count: int
    is_useful: bool

    @classmethod
    def of(cls, paper: Shelved) -> Self:
        """A paper as a program reads it."""
        bulletin, selection = paper.bulletin, paper.selection
        return cls(
            bulletin_id=bulletin.id,
            version=paper.version.version,
            title=paper.version.title,
            type=paper.version.type,
            issuer=paper.issuer,
            html=None if paper.receipt_id else paper.version.html,
            receipt_id=paper.receipt_id,
            selected_at=selection.selected_at if selection else None,
            selected_by=selection.agency_id if selection else None,
            note=selection.note if selection else "",
            useful_count=queries.useful_counts([bulletin.id]).get(bulletin.id, 0),
            is_useful=queries.found_useful(bulletin.id, acting().person_id),
        )


class OfferOut(FromRow):
    """An offer; `remark` says why it was declined."""

    id: int
    bulletin_id: int
    state: OfferState
    reason: str
    remark: str
    offered_at: datetime
    ended_at: datetime | None


class OffersOut(BaseModel):
    items: list[OfferOut]
    next: str | None


class OffersShown(StrEnum):
    """What waits for my agency's decision, or what my agency has offered."""

    TO_DECIDE = "to_decide"
    MADE = "made"


class OffersQuery(PageQuery):
    """Which offers."""

    show: OffersShown = OffersShown.TO_DECIDE


def _paper(bulletin_id: int) -> LibraryPaperOut:
    actor = acting()
    paper = queries.shelved(actor.agency_id, bulletin_id)
    require(actor, "library.read", paper)
    return LibraryPaperOut.of(paper)


@bp.get("/library")
@permission("library.browse")
@bp.input(LibraryQuery, location="query", arg_name="query")
@bp.output(LibraryOut)
@bp.doc(summary="Good cases and experience that upper levels selected, the latest first")
def library(query: LibraryQuery) -> dict[str, Any]:
    selected = queries.library(acting().agency_id, query)
    page = keyset(selected, queries.KEY, queries.mark_of, size=query.limit)
    return listing(page, [LibraryItemOut.model_validate(row) for row in page.items])


@bp.get("/library/<int:bulletin_id>")
@permission("library.read")
@bp.output(LibraryPaperOut)
@bp.doc(summary="A paper as the library opens it")
def library_paper(bulletin_id: int) -> LibraryPaperOut:
    return _paper(bulletin_id)


@bp.put("/library/<int:bulletin_id>")
@permission("library.select")
@bp.input(SelectInput, arg_name="data")
@bp.output(LibraryPaperOut)
@bp.doc(summary="Select a lower agency's paper; the first selection stands")
def choose(bulletin_id: int, data: SelectInput) -> LibraryPaperOut:
    service.choose(acting(), bulletin_id, data)
    return _paper(bulletin_id)


@bp.delete("/library/<int:bulletin_id>")
@permission("library.remove")
@bp.output({}, status_code=204)
@bp.doc(summary="Take out a paper that my agency selected")
def remove_from_library(bulletin_id: int) -> str:
    service.remove_from_library(acting(), bulletin_id)
    return ""


@bp.put("/library/<int:bulletin_id>/useful")
@permission("library.mark")
@bp.output(LibraryPaperOut)
@bp.doc(summary="Note that a paper was useful to me; I count once")
def mark_useful(bulletin_id: int) -> LibraryPaperOut:
    service.mark_useful(acting(), bulletin_id, useful=True)
    return _paper(bulletin_id)


@bp.delete("/library/<int:bulletin_id>/useful")
@permission("library.mark")
@bp.output({}, status_code=204)
@bp.doc(summary="Take my mark back")
def unmark_useful(bulletin_id: int) -> str:
    service.mark_useful(acting(), bulletin_id, useful=False)
    return ""


@bp.get("/offers")
@permission("offer.list")
@bp.input(OffersQuery, location="query", arg_name="query")
@bp.output(OffersOut)
@bp.doc(summary="What waits for my agency's decision, or what it has offered and what became of it")
def offers(query: OffersQuery) -> dict[str, Any]:
    agency_id = acting().agency_id or 0
    mine = queries.made_by if query.show == OffersShown.MADE else queries.to_decide
    page = keyset(mine(agency_id), queries.OFFER_KEY, queries.offer_mark, size=query.limit)
    return listing(page, [OfferOut.model_validate(row) for row in page.items])


@bp.post("/bulletins/<int:bulletin_id>/offers")
@permission("offer.make")
@bp.input(OfferInput, arg_name="data")
@bp.output(OfferOut, status_code=201)
@bp.doc(summary="Offer my agency's published case or experience to an agency above")
def make_offer(bulletin_id: int, data: OfferInput) -> OfferOut:
    return _out(service.offer(acting(), bulletin_id, data))


@bp.post("/offers/<int:offer_id>/decline")
@permission("offer.decline")
@bp.input(DeclineInput, arg_name="data")
@bp.output(OfferOut)
@bp.doc(summary="Decline an offer, with the reason that its agency reads")
def decline_offer(offer_id: int, data: DeclineInput) -> OfferOut:
    return _out(service.decline(acting(), offer_id, data))


@bp.post("/offers/<int:offer_id>/withdraw")
@permission("offer.withdraw")
@bp.output(OfferOut)
@bp.doc(summary="Take back an offer that nobody decided on yet")
def withdraw_offer(offer_id: int) -> OfferOut:
    return _out(service.withdraw_offer(acting(), offer_id))


def _out(made: Offer) -> OfferOut:
    return OfferOut.model_validate(made)
