"""Reviews that wait for my seat, and remarks at places of a text."""

from datetime import datetime
from typing import Any

from pydantic import BaseModel

from agencies.actors import acting
from agencies.permissions import permission, require
from bulletins import services
from bulletins.api.blueprint import bp
from bulletins.api.outputs import FromRow
from bulletins.decisions import ObjectInput, OpinionInput, PlaceInput
from bulletins.queries import papers, remarks
from bulletins.queries import reviews as queries
from bulletins.states import BulletinType, Urgency, Verdict
from config.openapi import PageQuery, listing
from config.pages import keyset


class ReviewItemOut(FromRow):
    """A paper that waits for my seat's review."""

    id: int
    bulletin_id: int
    title: str
    type: BulletinType
    urgency: Urgency
    asked_at: datetime


class ReviewsOut(BaseModel):
    items: list[ReviewItemOut]
    next: str | None


class ReviewOut(FromRow):
    """A review with what the seat said."""

    id: int
    bulletin_id: int
    round: int
    step: int
    seat_id: int
    verdict: Verdict | None
    opinion: str


class RemarkOut(FromRow):
    """A remark at a paragraph (from 1), or at words quoted from it.

    ``agency_id`` is the organ beside the host whose remark it is; none for the host's own.
    """

    id: int
    bulletin_id: int
    paragraph: int
    quote: str
    text: str
    agency_id: int | None
    made_at: datetime
    settled_at: datetime | None


class RemarksOut(BaseModel):
    items: list[RemarkOut]


@bp.get("/reviews")
@permission("review.list")
@bp.input(PageQuery, location="query", arg_name="page")
@bp.output(ReviewsOut)
@bp.doc(summary="The papers that wait for my seat's review, the latest first")
def reviews(page: PageQuery) -> dict[str, Any]:
    query = queries.waiting(acting().seat_id or 0)
    found = keyset(query, queries.KEY, queries.mark_of, size=page.limit)
    return listing(found, [ReviewItemOut.model_validate(row) for row in found.items])


@bp.post("/reviews/<int:review_id>/agree")
@permission("review.decide")
@bp.input(OpinionInput, arg_name="data")
@bp.output(ReviewOut)
@bp.doc(summary="Agree to a paper; the last one hands it to the approver")
def agree(review_id: int, data: OpinionInput) -> ReviewOut:
    return ReviewOut.model_validate(services.agree(acting(), review_id, data.opinion))


@bp.post("/reviews/<int:review_id>/return")
@permission("review.decide")
@bp.input(ObjectInput, arg_name="data")
@bp.output(ReviewOut)
@bp.doc(summary="Give a paper back to the clerk with what is to change")
def object_to(review_id: int, data: ObjectInput) -> ReviewOut:
    return ReviewOut.model_validate(services.object_to(acting(), review_id, data.remark))


@bp.get("/bulletins/<int:bulletin_id>/remarks")
@permission("remark.make")
@bp.output(RemarksOut)
@bp.doc(summary="The remarks at places of a paper of my agency, those still open first")
def place_remarks(bulletin_id: int) -> dict[str, Any]:
    bulletin = papers.bulletin(bulletin_id)
    require(acting(), "remark.make", bulletin)
    return {"items": [RemarkOut.model_validate(one.remark) for one in remarks.of(bulletin)]}


@bp.post("/bulletins/<int:bulletin_id>/remarks")
@permission("remark.make")
@bp.input(PlaceInput, arg_name="data")
@bp.output(RemarkOut, status_code=201)
@bp.doc(summary="Note what is to change at a paragraph, or at words quoted from the text")
def remark_on(bulletin_id: int, data: PlaceInput) -> RemarkOut:
    return RemarkOut.model_validate(services.remark_on(acting(), bulletin_id, data))


@bp.post("/remarks/<int:remark_id>/settle")
@permission("remark.settle")
@bp.output(RemarkOut)
@bp.doc(summary="Note that a remark is dealt with")
def settle_remark(remark_id: int) -> RemarkOut:
    return RemarkOut.model_validate(services.settle_remark(acting(), remark_id))
