"""An agency's own papers, from draft to published."""

from typing import Annotated, Any

from pydantic import AwareDatetime, BaseModel, Field

from agencies.actors import acting
from agencies.permissions import can, permission, require
from bulletins import services
from bulletins.api.blueprint import bp
from bulletins.api.outputs import (
    BulletinOut,
    DraftItemOut,
    DraftsOut,
    ReachOut,
    SentItemOut,
    SentOut,
)
from bulletins.decisions import LookedAt, Reason, ReasonInput
from bulletins.inputs import KEY, DraftInput, ReachInput, RemarkInput
from bulletins.models import Bulletin
from bulletins.queries import papers as queries
from bulletins.queries.addressees import addressees
from bulletins.queries.joint import may_join
from bulletins.services.addressing import count, stored_rules
from bulletins.services.checks import today
from bulletins.states import Part
from config.openapi import PageQuery, listing
from config.pages import keyset


class DraftCreate(DraftInput):
    """A new draft; sent again with the same `key`, it is saved and not made twice.

    The key is random (a UUID, say) and yours alone.
    """

    key: Annotated[str, Field(pattern=f"^{KEY.pattern}$")] | None = None


class DraftUpdate(DraftInput):
    """A draft saved again; `revision` is the one that was read."""

    revision: Annotated[int, Field(ge=1, lt=2**31)]


class SignInput(BaseModel):
    """Which `revision` was read by the one who signs; left out, any is signed.

    `asks_again`: who acknowledged what this corrects is asked once more. `looked_at`: names of the
    checks before publishing whose warnings were seen.
    """

    revision: Annotated[int, Field(ge=1, lt=2**31)] | None = None
    publish_at: AwareDatetime | None = None
    asks_again: bool = False
    looked_at: LookedAt = []


class SubmitQuery(BaseModel):
    """Names of the checks before publishing whose warnings were seen, divided by commas."""

    looked_at: Annotated[str, Field(max_length=1000)] = ""


class DiscardQuery(BaseModel):
    """Why the number of a draft that was signed once is voided."""

    reason: Reason = ""


def _out(bulletin: Bulletin) -> BulletinOut:
    return BulletinOut.of(bulletin, stored_rules(bulletin.id))


@bp.get("/drafts")
@permission("bulletin.desk")
@bp.input(PageQuery, location="query", arg_name="page")
@bp.output(DraftsOut)
@bp.doc(summary="The papers my agency still works on, last changed first")
def drafts(page: PageQuery) -> dict[str, Any]:
    found = keyset(
        queries.desk(acting().agency_id or 0),
        queries.DESK_KEY,
        queries.desk_mark,
        size=page.limit,
    )
    return listing(found, [DraftItemOut.model_validate(row) for row in found.items])


@bp.post("/drafts")
@permission("bulletin.draft")
@bp.input(DraftCreate, arg_name="data")
@bp.output(BulletinOut, status_code=201)
@bp.doc(summary="Write a new draft")
def create(data: DraftCreate) -> BulletinOut:
    return _out(services.create_draft(acting(), data, data.key))


@bp.put("/drafts/<int:bulletin_id>")
@permission("bulletin.edit")
@bp.input(DraftUpdate, arg_name="data")
@bp.output(BulletinOut)
@bp.doc(summary="Save a draft again; 409 where somebody else saved since it was read")
def save(bulletin_id: int, data: DraftUpdate) -> BulletinOut:
    return _out(services.save_draft(acting(), bulletin_id, data.revision, data))


@bp.delete("/drafts/<int:bulletin_id>")
@permission("bulletin.discard")
@bp.input(DiscardQuery, location="query", arg_name="query")
@bp.output(BulletinOut)
@bp.doc(summary="Throw a draft away; one that has a number already wants a reason")
def discard(bulletin_id: int, query: DiscardQuery) -> BulletinOut:
    return _out(services.discard(acting(), bulletin_id, query.reason))


@bp.post("/reach")
@permission("bulletin.draft")
@bp.input(ReachInput, arg_name="data")
@bp.output(ReachOut)
@bp.doc(summary="How many agencies an audience reaches now")
def reach(data: ReachInput) -> ReachOut:
    issuer_id = acting().agency_id or 0
    together = [issuer_id, *may_join(issuer_id, data.joint_agencies)]
    rules, day = data.rules(issuer_id), today()
    counts = count(together, rules, day, data.type)
    named = addressees(data.type, together, rules, day).get(Part.TO, "")
    return ReachOut(to=counts.get(Part.TO, 0), cc=counts.get(Part.CC, 0), addressed=named)


@bp.get("/bulletins")
@permission("bulletin.sent")
@bp.input(PageQuery, location="query", arg_name="page")
@bp.output(SentOut)
@bp.doc(summary="The papers my agency has published, newest first, with their progress")
def sent(page: PageQuery) -> dict[str, Any]:
    found = keyset(
        queries.sent(acting().agency_id or 0),
        queries.SENT_KEY,
        queries.sent_mark,
        size=page.limit,
    )
    return listing(found, [SentItemOut.of(row, queries.Progress.of(row)) for row in found.items])


@bp.get("/bulletins/<int:bulletin_id>")
@permission("bulletin.show")
@bp.output(BulletinOut)
@bp.doc(summary="A paper of my own agency")
def show(bulletin_id: int) -> BulletinOut:
    bulletin = queries.bulletin(bulletin_id)
    require(acting(), "bulletin.show", bulletin)
    out = _out(bulletin)
    if bulletin.version and not can(acting(), "bulletin.desk"):
        return out.as_published(queries.version(bulletin_id, bulletin.version))
    return out


@bp.post("/bulletins/<int:bulletin_id>/submit")
@permission("bulletin.submit")
@bp.input(SubmitQuery, location="query", arg_name="query")
@bp.output(BulletinOut)
@bp.doc(summary="Lay a draft before the approver; 422 `unchecked` where the checks stop it")
def submit(bulletin_id: int, query: SubmitQuery) -> BulletinOut:
    return _out(services.submit(acting(), bulletin_id, query.looked_at.split(",")))


@bp.post("/bulletins/<int:bulletin_id>/withdraw")
@permission("bulletin.withdraw")
@bp.output(BulletinOut)
@bp.doc(summary="Take a submitted paper back")
def withdraw(bulletin_id: int) -> BulletinOut:
    return _out(services.withdraw(acting(), bulletin_id))


@bp.post("/bulletins/<int:bulletin_id>/return")
@permission("bulletin.return")
@bp.input(RemarkInput, arg_name="data")
@bp.output(BulletinOut)
@bp.doc(summary="Give a submitted paper back to the clerk with the reason")
def return_draft(bulletin_id: int, data: RemarkInput) -> BulletinOut:
    return _out(services.return_draft(acting(), bulletin_id, data.remark))


@bp.post("/bulletins/<int:bulletin_id>/sign")
@permission("bulletin.sign")
@bp.input(SignInput, arg_name="data")
@bp.output(BulletinOut)
@bp.doc(
    summary="Sign a submitted paper: it is published at once, or at `publish_at`",
    description="Of several organs the paper stays submitted until the last of them has signed.",
)
def sign(bulletin_id: int, data: SignInput) -> BulletinOut:
    return _out(
        services.sign(
            acting(),
            bulletin_id,
            data.revision,
            data.publish_at,
            data.asks_again,
            data.looked_at,
        )
    )


@bp.post("/bulletins/<int:bulletin_id>/publish")
@permission("bulletin.publish")
@bp.output(BulletinOut)
@bp.doc(summary="Publish a signed paper before its time")
def publish(bulletin_id: int) -> BulletinOut:
    return _out(services.publish_now(acting(), bulletin_id))


@bp.post("/bulletins/<int:bulletin_id>/cancel")
@permission("bulletin.cancel")
@bp.input(ReasonInput, arg_name="data")
@bp.output(BulletinOut)
@bp.doc(summary="Take a signed paper back before its time; it keeps its number")
def cancel(bulletin_id: int, data: ReasonInput) -> BulletinOut:
    return _out(services.cancel(acting(), bulletin_id, data.reason))
