"""For programs: the link by which people from outside ask for an agency's digests."""

from datetime import datetime
from typing import Annotated

from apiflask import APIBlueprint
from pydantic import BaseModel, Field

from agencies.actors import acting
from agencies.permissions import permission
from config.http import csrf
from notifications.services.joining import offer

bp = APIBlueprint("joining_api", __name__, url_prefix="/api/v1", tag="Registering")
csrf.exempt(bp)


class OfQuery(BaseModel):
    """Of which agency, by its code or its whole name."""

    agency: Annotated[str, Field(min_length=1, max_length=100)]


class LinkOut(BaseModel):
    """The link to give away, and until when it is good."""

    agency: str
    url: str
    until: datetime


@bp.get("/recipients/link")
@permission("recipient.edit")
@bp.input(OfQuery, location="query", arg_name="of")
@bp.output(LinkOut)
@bp.doc(summary="The link by which people from outside ask for an agency's digests by mail")
def join_link(of: OfQuery) -> LinkOut:
    agency, url, until = offer(acting(), of.agency)
    return LinkOut(agency=agency.name, url=url, until=until)
