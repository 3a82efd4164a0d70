"""What an agency has received."""

from typing import Annotated, Any

from pydantic import Field

from agencies.actors import acting
from agencies.permissions import permission
from bulletins import services
from bulletins.api.blueprint import bp
from bulletins.api.outputs import InboxItemOut, InboxOut, ReceiptOut
from bulletins.models import TAG_CODE_LENGTH
from bulletins.queries import inbox as queries
from bulletins.states import BulletinType, Waiting
from config.openapi import PageQuery, listing
from config.pages import keyset


class InboxQuery(PageQuery):
    """All receipts, or those that wait in one way, of a type, or under a topic or sector."""

    show: Waiting | None = None
    type: BulletinType | None = None
    tag: Annotated[str, Field(max_length=TAG_CODE_LENGTH)] | None = None


@bp.get("/inbox")
@permission("bulletin.inbox")
@bp.input(InboxQuery, location="query", arg_name="query")
@bp.output(InboxOut)
@bp.doc(summary="The receipts of my agency, newest first; listing them is noted as delivery")
def inbox(query: InboxQuery) -> dict[str, Any]:
    actor = acting()
    page = keyset(
        queries.inbox(actor.agency_id or 0, query.show, query.type, query.tag),
        queries.KEY,
        queries.mark_of,
        size=query.limit,
    )
    new = [row.id for row in page.items if row.delivered_at is None]
    if new:
        services.mark_shown(actor, new)
    return listing(page, [InboxItemOut.model_validate(row) for row in page.items])


@bp.get("/inbox/<int:receipt_id>")
@permission("bulletin.read")
@bp.output(ReceiptOut)
@bp.doc(summary="Read a paper; this is noted as opening it")
def read(receipt_id: int) -> ReceiptOut:
    return ReceiptOut.of(queries.reading(services.open_receipt(acting(), receipt_id)))


@bp.post("/inbox/<int:receipt_id>/acknowledge")
@permission("bulletin.acknowledge")
@bp.output(ReceiptOut)
@bp.doc(summary="Acknowledge a paper for my agency; the first acknowledgement stands")
def acknowledge(receipt_id: int) -> ReceiptOut:
    return ReceiptOut.of(queries.reading(services.acknowledge(acting(), receipt_id)))
