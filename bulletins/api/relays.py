"""Relaying a paper that was received, and noting that it was dealt with."""

from datetime import date, datetime
from typing import Annotated, Any, Self

from pydantic import BaseModel, Field
from sqlalchemy import select

from agencies.actors import acting
from agencies.permissions import permission, require
from bulletins import services
from bulletins.api.attachments import AttachmentOut, AttachmentsOut, FileIn, UploadOut, largest_file
from bulletins.api.blueprint import bp
from bulletins.api.outputs import FromRow, ReachOut, ReceiptOut, RuleOut
from bulletins.api.papers import SignInput
from bulletins.api.standing import StandingOut
from bulletins.inputs import AudienceInput, RelayInput, RemarkInput, UploadInput
from bulletins.models import Receipt, Relay
from bulletins.queries import inbox
from bulletins.queries import relays as queries
from bulletins.queries.relay_rules import stored_rules
from bulletins.services import uploads
from bulletins.services.relays import count_newcomers
from bulletins.states import BulletinType, Part, State, Urgency
from config.bodies import large_body
from config.database import found
from config.openapi import PageQuery, listing
from config.pages import keyset


class RelayUpdate(RelayInput):
    """A relay begun, or saved again; `revision` is the one that was read (0: none yet)."""

    revision: Annotated[int, Field(ge=0, lt=2**31)] = 0


class RelayOut(FromRow):
    """An agency's own relay of a paper; `receipt_count` is how many newly got it by this relay.

    `standing` is that of the paper.
    """

    id: int
    bulletin_id: int
    version: int
    state: State
    revision: int
    note: str
    note_html: str
    additions: str
    additions_html: str
    needs_acknowledgement: bool
    acknowledge_by: date | None
    remark: str
    receipt_count: int
    updated_at: datetime
    submitted_at: datetime | None
    signed_at: datetime | None
    standing: StandingOut
    audience: list[RuleOut]

    @classmethod
    def of(cls, relay: Relay) -> Self:
        """The relay with its audience, and whether its paper still holds."""
        beside = ("audience", "standing")
        columns = {name: getattr(relay, name) for name in cls.model_fields if name not in beside}
        rules = [RuleOut.model_validate(rule) for rule in stored_rules(relay.id)]
        standing = StandingOut.model_validate(relay.bulletin)
        return cls(**columns, standing=standing, audience=rules)


class RelayItemOut(FromRow):
    """A relay in the list of its agency, with its paper's title and issuer."""

    id: int
    title: str
    type: BulletinType
    urgency: Urgency
    issuer: str
    state: State
    receipt_count: int
    updated_at: datetime
    submitted_at: datetime | None
    ended_kind: State | None
    ended_on: date | None
    is_corrected: bool


class RelaysOut(BaseModel):
    items: list[RelayItemOut]
    next: str | None


@bp.get("/relays")
@permission("relay.show")
@bp.input(PageQuery, location="query", arg_name="page")
@bp.output(RelaysOut)
@bp.doc(summary="The relays of my agency, last changed first")
def relays(page: PageQuery) -> dict[str, Any]:
    query = queries.desk(acting().agency_id or 0, list(State))
    listed = keyset(query, queries.DESK_KEY, queries.desk_mark, size=page.limit)
    return listing(listed, [RelayItemOut.model_validate(row) for row in listed.items])


@bp.get("/relays/<int:relay_id>")
@permission("relay.show")
@bp.output(RelayOut)
@bp.doc(summary="A relay of my own agency")
def show_relay(relay_id: int) -> RelayOut:
    relay = queries.relay(relay_id)
    require(acting(), "relay.show", relay)
    return RelayOut.of(relay)


@bp.post("/inbox/<int:receipt_id>/relay")
@permission("relay.draft")
@bp.input(RelayUpdate, arg_name="data")
@bp.output(RelayOut)
@bp.doc(summary="Begin to relay a paper, or save what was begun; 409 where it was saved since")
def save_relay(receipt_id: int, data: RelayUpdate) -> RelayOut:
    return RelayOut.of(services.save_relay(acting(), receipt_id, data, data.revision))


@bp.post("/inbox/<int:receipt_id>/relay/reach")
@permission("relay.draft")
@bp.input(AudienceInput, arg_name="data")
@bp.output(ReachOut)
@bp.doc(summary="How many agencies a relay would newly reach")
def relay_reach(receipt_id: int, data: AudienceInput) -> ReachOut:
    receipt = found(select(Receipt).where(Receipt.id == receipt_id))
    require(acting(), "relay.draft", receipt)
    rules = data.rules(receipt.agency_id)
    counts = count_newcomers(receipt.bulletin, receipt.agency_id, rules)
    return ReachOut(to=counts.get(Part.TO, 0), cc=counts.get(Part.CC, 0))


@bp.post("/relays/<int:relay_id>/submit")
@permission("relay.submit")
@bp.output(RelayOut)
@bp.doc(summary="Lay a relay before the approver")
def submit_relay(relay_id: int) -> RelayOut:
    return RelayOut.of(services.submit_relay(acting(), relay_id))


@bp.post("/relays/<int:relay_id>/withdraw")
@permission("relay.withdraw")
@bp.output(RelayOut)
@bp.doc(summary="Take a submitted relay back")
def withdraw_relay(relay_id: int) -> RelayOut:
    return RelayOut.of(services.withdraw_relay(acting(), relay_id))


@bp.post("/relays/<int:relay_id>/return")
@permission("relay.return")
@bp.input(RemarkInput, arg_name="data")
@bp.output(RelayOut)
@bp.doc(summary="Give a submitted relay back to the clerk with the reason")
def return_relay(relay_id: int, data: RemarkInput) -> RelayOut:
    return RelayOut.of(services.return_relay(acting(), relay_id, data.remark))


@bp.post("/relays/<int:relay_id>/sign")
@permission("relay.sign")
@bp.input(SignInput, arg_name="data")
@bp.output(RelayOut)
@bp.doc(summary="Sign a relay: those below who have not got the paper get it at once")
def sign_relay(relay_id: int, data: SignInput) -> RelayOut:
    return RelayOut.of(services.sign_relay(acting(), relay_id, data.revision))


@bp.get("/relays/<int:relay_id>/attachments")
@permission("relay.show")
@bp.output(AttachmentsOut)
@bp.doc(summary="The files that go down with a relay of my own agency")
def relay_files(relay_id: int) -> AttachmentsOut:
    require(acting(), "relay.show", queries.relay(relay_id))
    found = queries.files([relay_id]).get(relay_id, ())
    return AttachmentsOut(items=[AttachmentOut.of(one) for one in found])


@bp.post("/relays/<int:relay_id>/attachments")
@permission("relay.edit")
@large_body(largest_file)
@bp.input(FileIn, location="files", arg_name="data")
@bp.output(AttachmentOut, status_code=201)
@bp.doc(summary="Attach a file to a relay that is being written; its revision grows")
def attach_to_relay(relay_id: int, data: FileIn) -> AttachmentOut:
    file = data.file
    return AttachmentOut.of(
        services.attach_to_relay(acting(), relay_id, file.filename or "", file.stream)
    )


@bp.post("/relays/<int:relay_id>/uploads")
@permission("relay.edit")
@bp.input(UploadInput, arg_name="data")
@bp.output(UploadOut, status_code=201)
@bp.doc(summary="Announce a file of a relay that will arrive in parts, or find what broke off")
def begin_relay_upload(relay_id: int, data: UploadInput) -> UploadOut:
    return UploadOut.model_validate(uploads.begin_for_relay(acting(), relay_id, data))


@bp.delete("/relays/<int:relay_id>")
@permission("relay.discard")
@bp.output(RelayOut)
@bp.doc(summary="Give a relay up before it is signed")
def discard_relay(relay_id: int) -> RelayOut:
    return RelayOut.of(services.discard_relay(acting(), relay_id))


@bp.post("/inbox/<int:receipt_id>/act")
@permission("bulletin.act")
@bp.output(ReceiptOut)
@bp.doc(summary="Note that my agency has dealt with a paper; the first note stands")
def act(receipt_id: int) -> ReceiptOut:
    return ReceiptOut.of(inbox.reading(services.act(acting(), receipt_id)))
