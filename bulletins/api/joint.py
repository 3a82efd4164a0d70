"""Papers that my agency issues beside their host."""

from datetime import datetime
from typing import Annotated, Any, Self

from pydantic import BaseModel, Field

from agencies.actors import acting
from agencies.permissions import can, permission, require
from bulletins import services
from bulletins.api.blueprint import bp
from bulletins.api.outputs import FromRow
from bulletins.api.reviews import RemarkOut, RemarksOut
from bulletins.decisions import PlaceInput
from bulletins.inputs import RemarkInput
from bulletins.models import JointIssuer
from bulletins.queries import joint, remarks
from bulletins.states import BulletinType, State, Urgency
from config.openapi import PageQuery, listing
from config.pages import keyset


class JointItemOut(FromRow):
    """A paper of several organs; ``signed_at`` is my agency's own signature."""

    id: int
    title: str
    type: BulletinType
    urgency: Urgency
    state: State
    number: str | None
    issuer: str
    submitted_at: datetime
    signed_at: datetime | None


class JointOut(BaseModel):
    """Last submitted first."""

    items: list[JointItemOut]
    next: str | None


class CosignInput(BaseModel):
    """Which `revision` was read by the one who signs; left out, any is signed."""

    revision: Annotated[int, Field(ge=1, lt=2**31)] | None = None


class SignatureOut(BaseModel):
    """One organ beside the host."""

    agency_id: int
    name: str
    signed_at: datetime | None


class JointPaperOut(BaseModel):
    """A paper as one of its issuers reads it; no text while its host still works on it."""

    id: int
    state: State
    version: int
    revision: int
    title: str
    body: str
    html: str
    issuer: str
    host_signed_at: datetime | None
    beside: list[SignatureOut]

    @classmethod
    def of(cls, own: JointIssuer) -> Self:
        """The paper with everybody's signature; between versions, as it was published."""
        bulletin = own.bulletin
        text = joint.text_of(own, at_desk=can(acting(), "bulletin.desk"))
        return cls(
            id=bulletin.id,
            state=bulletin.state,
            version=bulletin.version,
            revision=bulletin.revision,
            title=text.title if text else bulletin.title,
            body=text.body if text else "",
            html=text.html if text else "",
            issuer=bulletin.issuer_names,
            host_signed_at=bulletin.host_signed_at,
            beside=[
                SignatureOut(agency_id=one.agency_id, name=one.agency.name, signed_at=one.signed_at)
                for one in joint.beside(bulletin.id)
            ],
        )


@bp.get("/joint")
@permission("joint.list")
@bp.input(PageQuery, location="query", arg_name="page")
@bp.output(JointOut)
@bp.doc(summary="The papers that my agency issues beside their host")
def joint_papers(page: PageQuery) -> dict[str, Any]:
    query = joint.papers(acting().agency_id or 0)
    found = keyset(query, joint.KEY, joint.mark_of, size=page.limit)
    return listing(found, [JointItemOut.model_validate(row) for row in found.items])


@bp.get("/joint/<int:bulletin_id>")
@permission("joint.show")
@bp.output(JointPaperOut)
@bp.doc(summary="A paper of several organs, as one of its issuers reads it")
def joint_paper(bulletin_id: int) -> JointPaperOut:
    own = joint.own(bulletin_id, acting().agency_id)
    require(acting(), "joint.show", own)
    return JointPaperOut.of(own)


@bp.post("/joint/<int:bulletin_id>/sign")
@permission("joint.sign")
@bp.input(CosignInput, arg_name="data")
@bp.output(JointPaperOut)
@bp.doc(summary="Sign a paper of several organs for my own; the last signature publishes it")
def cosign(bulletin_id: int, data: CosignInput) -> JointPaperOut:
    return JointPaperOut.of(services.cosign(acting(), bulletin_id, data.revision))


@bp.get("/joint/<int:bulletin_id>/remarks")
@permission("joint.remark")
@bp.output(RemarksOut)
@bp.doc(summary="My agency's remarks at places of a paper of several organs")
def joint_remarks(bulletin_id: int) -> dict[str, Any]:
    own = joint.own(bulletin_id, acting().agency_id)
    require(acting(), "joint.remark", own)
    placed = remarks.of(own.bulletin, own.agency_id)
    return {"items": [RemarkOut.model_validate(one.remark) for one in placed]}


@bp.post("/joint/<int:bulletin_id>/remarks")
@permission("joint.remark")
@bp.input(PlaceInput, arg_name="data")
@bp.output(RemarkOut, status_code=201)
@bp.doc(summary="Note what is to change at a place of a paper of several organs")
def remark_jointly(bulletin_id: int, data: PlaceInput) -> RemarkOut:
    return RemarkOut.model_validate(services.remark_on(acting(), bulletin_id, data))


@bp.post("/joint/<int:bulletin_id>/return")
@permission("joint.sign")
@bp.input(RemarkInput, arg_name="data")
@bp.output(JointPaperOut)
@bp.doc(summary="Give a paper of several organs back to its host's clerk with the reason")
def return_joint(bulletin_id: int, data: RemarkInput) -> JointPaperOut:
    services.return_joint(acting(), bulletin_id, data.remark)
    return JointPaperOut.of(joint.own(bulletin_id, acting().agency_id))
