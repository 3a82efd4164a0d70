"""From a request to its reply, and back."""

from datetime import datetime

from pydantic import BaseModel

from agencies.actors import acting
from agencies.permissions import permission
from bulletins.api.blueprint import bp
from bulletins.api.outputs import FromRow
from bulletins.queries import papers, particulars
from bulletins.queries.answering import related
from bulletins.states import BulletinType
from config.errors import NotFound


class RelatedOut(FromRow):
    """`answers`: it answers or explains the paper asked for; else that one answers or explains it.

    `receipt_id` is my agency's own copy of it.
    """

    id: int
    title: str
    number: str | None
    type: BulletinType
    signed_at: datetime
    answers: bool
    receipt_id: int | None


class RelatedListOut(BaseModel):
    """Newest first, at most 50."""

    items: list[RelatedOut]


class ReferredQuery(BaseModel):
    """The type of the paper that is being written."""

    type: BulletinType


class ReferredOut(FromRow):
    """A paper for `refers_to_id`; `is_answered`: my agency has answered it already."""

    id: int
    title: str
    number: str | None
    type: BulletinType
    issuer: str
    signed_at: datetime
    is_answered: bool


class ReferredListOut(BaseModel):
    """What waits for an answer first, then newest first; at most 50."""

    items: list[ReferredOut]


@bp.get("/answerable")
@permission("bulletin.draft")
@bp.input(ReferredQuery, location="query", arg_name="query")
@bp.output(ReferredListOut)
@bp.doc(summary="What a paper of that type may answer, or of my agency's own may explain")
def answerable(query: ReferredQuery) -> ReferredListOut:
    rows = particulars.offered(acting().agency_id or 0, query.type)
    return ReferredListOut(items=[ReferredOut.model_validate(row) for row in rows])


@bp.get("/bulletins/<int:bulletin_id>/related")
@permission("bulletin.inbox")
@bp.output(RelatedListOut)
@bp.doc(summary="What a paper that my agency may read answers or explains, and what answers it")
def related_papers(bulletin_id: int) -> RelatedListOut:
    agency_id = acting().agency_id or 0
    if particulars.readable(agency_id, bulletin_id) is None:
        raise NotFound
    rows = related(agency_id, papers.bulletin(bulletin_id))
    return RelatedListOut(items=[RelatedOut.model_validate(row) for row in rows])
