"""Attachments for programs: lists, uploads at one stroke or in parts, downloads."""

from datetime import datetime
from typing import Self

from apiflask.fields import UploadFile
from apiflask.schemas import FileSchema
from flask import Response, request
from pydantic import BaseModel

from agencies.actors import acting
from agencies.permissions import can, permission, require
from bulletins import services, serving
from bulletins.api.blueprint import bp
from bulletins.api.outputs import FromRow
from bulletins.filetypes import SERVED, FileKind
from bulletins.inputs import ArrangeInput, UploadInput
from bulletins.models import Attachment
from bulletins.queries import attachments as queries
from bulletins.queries import papers
from bulletins.services import attachments, previews, receipts, uploads
from config.bodies import large_body
from config.settings import Settings


class AttachmentOut(BaseModel):
    """A file with a paper; `sha256` is the sum of its content."""

    id: int
    bulletin_id: int
    name: str
    media_type: str
    size: int
    sha256: str
    created_at: datetime

    @classmethod
    def of(cls, attachment: Attachment) -> Self:
        """The attachment with what is known of its content."""
        file = attachment.file
        return cls(
            id=attachment.id,
            bulletin_id=attachment.bulletin_id,
            name=attachment.name,
            media_type=SERVED[FileKind(file.kind)].media_type,
            size=file.size,
            sha256=file.sha256,
            created_at=attachment.created_at,
        )


class AttachmentsOut(BaseModel):
    """All attachments of a paper, in their order."""

    items: list[AttachmentOut]


class UploadOut(FromRow):
    """A file on its way: `received` of its `size` bytes are here; the next part begins there.

    It goes to the paper, or to what the relay adds to it.
    """

    id: int
    bulletin_id: int
    relay_id: int | None
    name: str
    size: int
    received: int
    attachment_id: int | None


class FileIn(BaseModel):
    """A file with its name."""

    file: UploadFile


def largest_file(settings: Settings) -> int:
    """A request may carry one file of the largest size, with something over for the form itself."""
    return (settings.attachment_mb + 1) * 1024 * 1024


@bp.get("/bulletins/<int:bulletin_id>/attachments")
@permission("bulletin.show")
@bp.output(AttachmentsOut)
@bp.doc(summary="The attachments of a paper of my own agency")
def of_bulletin(bulletin_id: int) -> AttachmentsOut:
    bulletin = papers.bulletin(bulletin_id)
    require(acting(), "bulletin.show", bulletin)
    found = queries.of_issuer(bulletin, can(acting(), "bulletin.desk"))
    return AttachmentsOut(items=[AttachmentOut.of(one) for one in found])


@bp.get("/inbox/<int:receipt_id>/attachments")
@permission("bulletin.read")
@bp.output(AttachmentsOut)
@bp.doc(summary="The attachments of a paper that my agency received; noted as opening the paper")
def of_receipt(receipt_id: int) -> AttachmentsOut:
    receipt = receipts.open_receipt(acting(), receipt_id)
    found = queries.of_version(receipt.bulletin_id, receipt.version)
    return AttachmentsOut(items=[AttachmentOut.of(one) for one in found])


@bp.post("/bulletins/<int:bulletin_id>/attachments")
@permission("bulletin.edit")
@large_body(largest_file)
@bp.input(FileIn, location="files", arg_name="data")
@bp.output(AttachmentOut, status_code=201)
@bp.doc(summary="Attach a file to a draft, at one stroke")
def attach(bulletin_id: int, data: FileIn) -> AttachmentOut:
    file = data.file
    return AttachmentOut.of(
        services.attach(acting(), bulletin_id, file.filename or "", file.stream)
    )


@bp.patch("/attachments/<int:attachment_id>")
@permission("attachment.edit")
@bp.input(ArrangeInput, arg_name="data")
@bp.output(AttachmentOut)
@bp.doc(summary="Give an attachment of a draft another name, or another place among the others")
def arrange_attachment(attachment_id: int, data: ArrangeInput) -> AttachmentOut:
    return AttachmentOut.of(services.arrange(acting(), attachment_id, data))


@bp.delete("/attachments/<int:attachment_id>")
@permission("attachment.edit")
@bp.output({}, status_code=204)
@bp.doc(summary="Take an attachment off a draft")
def remove_attachment(attachment_id: int) -> tuple[str, int]:
    services.remove(acting(), attachment_id)
    return "", 204


@bp.get("/attachments/<int:attachment_id>")
@permission("attachment.read")
@bp.output(FileSchema(), content_type="application/octet-stream")
@bp.doc(summary="Download an attachment, or a range of it; each download is recorded")
def download(attachment_id: int) -> Response:
    file = serving.download(attachments.visible(acting(), attachment_id).attachment)
    if request.method == "GET" and serving.wants_beginning():
        attachments.opened(acting(), attachment_id, "downloaded")
    return file


@bp.get("/attachments/<int:attachment_id>/pages/<int:number>")
@permission("attachment.read")
@bp.output(FileSchema(), content_type="image/png")
@bp.doc(summary="A page of a PDF, or a picture, drawn as a picture; each is recorded")
def preview_page(attachment_id: int, number: int) -> Response:
    drawn = previews.page(acting(), attachment_id, number)
    return serving.picture(drawn.picture, drawn.media_type)


@bp.post("/bulletins/<int:bulletin_id>/uploads")
@permission("bulletin.edit")
@bp.input(UploadInput, arg_name="data")
@bp.output(UploadOut, status_code=201)
@bp.doc(summary="Announce a file that will arrive in parts, or find the upload that broke off")
def begin_upload(bulletin_id: int, data: UploadInput) -> UploadOut:
    return UploadOut.model_validate(uploads.begin(acting(), bulletin_id, data))


@bp.get("/uploads/<int:upload_id>")
@permission("upload.send")
@bp.output(UploadOut)
@bp.doc(summary="How far an upload is")
def upload(upload_id: int) -> UploadOut:
    return UploadOut.model_validate(uploads.standing(acting(), upload_id))


@bp.put("/uploads/<int:upload_id>/parts/<int:start>")
@permission("upload.send")
@bp.output(UploadOut)
@bp.doc(
    summary="Send the next part of a file",
    description="The body is the part itself, at most 4 MB of any type; `start` is the byte of the "
    "file at which it begins, which must be what `received` says. 409 where it is not.",
)
def upload_part(upload_id: int, start: int) -> UploadOut:
    part = request.get_data()
    return UploadOut.model_validate(uploads.receive(acting(), upload_id, start, part))


@bp.post("/uploads/<int:upload_id>/finish")
@permission("upload.send")
@bp.output(AttachmentOut)
@bp.doc(summary="Attach a file of which all parts have arrived")
def finish_upload(upload_id: int) -> AttachmentOut:
    return AttachmentOut.of(uploads.finish(acting(), upload_id))


@bp.delete("/uploads/<int:upload_id>")
@permission("upload.send")
@bp.output({}, status_code=204)
@bp.doc(summary="Forget a file that is on its way")
def cancel_upload(upload_id: int) -> tuple[str, int]:
    uploads.cancel(acting(), upload_id)
    return "", 204
