"""The official layout of papers for programs: PDF by GB/T 9704-2012."""

from apiflask.schemas import FileSchema
from flask import Response

from agencies.actors import acting
from agencies.permissions import permission
from bulletins import serving
from bulletins.api.blueprint import bp
from bulletins.filetypes import FileKind
from bulletins.services import official, printing


@bp.get("/bulletins/<int:bulletin_id>/pdf")
@permission("bulletin.show")
@bp.output(FileSchema(), content_type="application/pdf")
@bp.doc(
    summary="A paper that my agency issues in its official layout; 503 where it can't be set now"
)
def issued_pdf(bulletin_id: int) -> Response:
    made = printing.printed(official.issued(acting(), bulletin_id))
    return serving.made(made.name, FileKind.PDF, made.content, made.digest)


@bp.get("/inbox/<int:receipt_id>/pdf")
@permission("bulletin.read")
@bp.output(FileSchema(), content_type="application/pdf")
@bp.doc(summary="A paper that my agency received, in its official layout; noted as opening it")
def received_pdf(receipt_id: int) -> Response:
    made = printing.printed(official.received(acting(), receipt_id))
    return serving.made(made.name, FileKind.PDF, made.content, made.digest)
