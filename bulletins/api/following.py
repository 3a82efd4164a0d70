"""Topics and sectors, which of them my agency follows, and the papers that came to it so."""

from datetime import date, datetime
from typing import Any

from pydantic import BaseModel

from agencies.actors import acting
from agencies.permissions import permission, require
from bulletins import services
from bulletins.api.blueprint import bp
from bulletins.api.outputs import FromRow, ParticularsOut
from bulletins.inputs import FilingInput
from bulletins.queries import papers, tags
from bulletins.queries.stated import stated
from bulletins.states import BulletinType, State, TagKind, Urgency
from config.openapi import PageQuery, listing
from config.pages import keyset


class TagOut(FromRow):
    """A topic or a sector."""

    code: str
    kind: TagKind
    name: str
    name_en: str


class TagsOut(BaseModel):
    """All of them, in their order."""

    items: list[TagOut]
    next: str | None


class FollowedItemOut(FromRow):
    """A paper addressed to others that came to my agency by what it follows."""

    bulletin_id: int
    title: str
    type: BulletinType
    urgency: Urgency
    number: str | None
    issuer: str
    signed_at: datetime
    ended_kind: State | None
    ended_on: date | None


class FollowedOut(BaseModel):
    """Newest first."""

    items: list[FollowedItemOut]
    next: str | None


class FollowedPaperOut(FollowedItemOut):
    """The same with its text."""

    version: int
    body: str
    html: str
    tags: list[TagOut]
    particulars: ParticularsOut


def _tags(found: Any) -> dict[str, Any]:
    return {"items": [TagOut.model_validate(tag) for tag in found], "next": None}


@bp.get("/tags")
@permission("follow.list")
@bp.output(TagsOut)
@bp.doc(summary="The topics and sectors under which papers are filed")
def tag_list() -> dict[str, Any]:
    return _tags(tags.every())


@bp.get("/follows")
@permission("follow.list")
@bp.output(TagsOut)
@bp.doc(summary="The topics and sectors that my agency follows")
def follows() -> dict[str, Any]:
    return _tags(tags.followed_by(acting().agency_id or 0))


@bp.put("/follows")
@permission("follow.change")
@bp.input(FilingInput, arg_name="data")
@bp.output(TagsOut)
@bp.doc(summary="Follow these topics and sectors, and no others")
def change_follows(data: FilingInput) -> dict[str, Any]:
    services.follow(acting(), data)
    return _tags(tags.followed_by(acting().agency_id or 0))


@bp.get("/followed")
@permission("follow.list")
@bp.input(PageQuery, location="query", arg_name="page")
@bp.output(FollowedOut)
@bp.doc(summary="Papers addressed to others that came to my agency by what it follows")
def followed(page: PageQuery) -> dict[str, Any]:
    query = tags.came_to(acting().agency_id or 0)
    found = keyset(query, tags.KEY, tags.mark_of, size=page.limit)
    return listing(found, [FollowedItemOut.model_validate(row) for row in found.items])


@bp.get("/followed/<int:bulletin_id>")
@permission("follow.read")
@bp.output(FollowedPaperOut)
@bp.doc(summary="Read a paper that came by what my agency follows")
def followed_paper(bulletin_id: int) -> FollowedPaperOut:
    require(acting(), "follow.read", tags.followed_paper(bulletin_id, acting().agency_id))
    bulletin = papers.bulletin(bulletin_id)
    version = papers.versions(bulletin_id)[0]
    return FollowedPaperOut(
        bulletin_id=bulletin_id,
        title=version.title,
        type=version.type,
        urgency=version.urgency,
        number=version.number,
        issuer=bulletin.issuer_names,
        signed_at=version.signed_at,
        ended_kind=bulletin.ended_kind,
        ended_on=bulletin.ended_on,
        version=version.version,
        body=version.body,
        html=version.html,
        tags=[TagOut.model_validate(tag) for tag in tags.of_version(bulletin_id, version.version)],
        particulars=ParticularsOut.model_validate(stated(bulletin_id, version.version)),
    )
