"""From a request to its reply, and back."""

from datetime import datetime

from pydantic import BaseModel

from agencies.actors import acting
from agencies.permissions import permission
from bulletins.api.blueprint import bp
from bulletins.api.outputs import FromRow
from bulletins.queries import papers
from bulletins.queries.answering import related
from bulletins.queries.particulars import readable
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


@bp.get("/bulletins/<int:bulletin_id>/related")
@permission("bulletin.inbox")
@bp.output(RelatedListOut)
@bp.doc(summary="What a paper that my agency may read answers or explains, and what answers it")
def related_papers(bulletin_id: int) -> RelatedListOut:
    agency_id = acting().agency_id or 0
    if readable(agency_id, bulletin_id) is None:
        raise NotFound
    rows = related(agency_id, papers.bulletin(bulletin_id))
    return RelatedListOut(items=[RelatedOut.model_validate(row) for row in rows])
