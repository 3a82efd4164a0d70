"""For programs: the links by which people from outside ask for an agency's digests."""

from datetime import datetime
from typing import Any

from apiflask import APIBlueprint
from pydantic import BaseModel

from agencies.actors import acting
from agencies.permissions import permission
from config.http import csrf
from config.openapi import PageQuery, listing
from notifications.inputs import LinkInput
from notifications.links import join_url
from notifications.models import JoinLink
from notifications.queries import join_links
from notifications.services import joining as service

bp = APIBlueprint("joining_api", __name__, url_prefix="/api/v1", tag="Registering")
csrf.exempt(bp)


class LinkOut(BaseModel):
    """A link to give away, and until when it is good unless it is withdrawn before."""

    id: int
    agency: str
    url: str
    created_at: datetime
    until: datetime
    withdrawn_at: datetime | None

    @classmethod
    def of(cls, link: JoinLink, agency: str) -> "LinkOut":
        """A link as the API shows it."""
        same = set(cls.model_fields) - {"agency", "url"}
        rest = {name: getattr(link, name) for name in same}
        return cls(agency=agency, url=join_url(link.id), **rest)


class LinksOut(BaseModel):
    items: list[LinkOut]
    next: str | None


@bp.get("/recipients/links")
@permission("recipient.edit")
@bp.input(PageQuery, location="query", arg_name="page")
@bp.output(LinksOut)
@bp.doc(summary="The links that were given away, newest first")
def list_links(page: PageQuery) -> dict[str, Any]:
    found = join_links(size=page.limit)
    return listing(found, [LinkOut.of(row[0], row.agency) for row in found.items])


@bp.post("/recipients/links")
@permission("recipient.edit")
@bp.input(LinkInput, arg_name="data")
@bp.output(LinkOut, status_code=201)
@bp.doc(summary="Make a link by which people from outside ask for an agency's digests by mail")
def make_link(data: LinkInput) -> LinkOut:
    link = service.make(acting(), data.agency)
    return LinkOut.of(link, link.agency.name)


@bp.post("/recipients/links/<int:link_id>/withdraw")
@permission("recipient.edit")
@bp.output({}, status_code=204)
@bp.doc(summary="Let a link lead nowhere from now on; who came by it stays")
def withdraw_link(link_id: int) -> str:
    service.withdraw(acting(), link_id)
    return ""
