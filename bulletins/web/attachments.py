"""Attachments on pages: an ordinary form with many files, the script's uploads, downloads."""

from flask import Response, flash, jsonify, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from agencies.actors import acting
from agencies.permissions import permission, require
from bulletins import file_labels, services, serving
from bulletins.inputs import ArrangeInput, UploadInput
from bulletins.models import Attachment, Bulletin, Upload
from bulletins.queries import attachments as queries
from bulletins.queries import papers
from bulletins.queries.endings import Ending, ending_of
from bulletins.services import attachments, keeping, previews, uploads
from bulletins.states import Action, OwnerKind, after
from bulletins.web.blueprint import bp
from config.bodies import large_body
from config.errors import Invalid
from config.forms import Form
from config.settings import Settings

_MEGABYTE = 1024 * 1024


def largest_form(settings: Settings) -> int:
    """A form may carry all that a paper may have, with something over for the form itself."""
    return (settings.attachments_mb + 1) * _MEGABYTE


def _mine(bulletin_id: int) -> Bulletin:
    bulletin = papers.bulletin(bulletin_id)
    require(acting(), "bulletin.edit", bulletin)
    return bulletin


@bp.get("/bulletins/<int:bulletin_id>/attachments")
@permission("bulletin.edit")
def attaching(bulletin_id: int) -> ResponseReturnValue:
    """The attachments of a paper that is being written, and the way to add more."""
    bulletin = _mine(bulletin_id)
    if after(bulletin.state, Action.EDIT) is None:
        return redirect(url_for("bulletins.show", bulletin_id=bulletin_id))
    return render_template("bulletins/attaching.html", bulletin=bulletin, **files_of(bulletin))


def files_of(bulletin: Bulletin) -> dict[str, object]:
    """What the form for attachments shows, on whichever page of a draft it stands."""
    return {
        "attachments": queries.working(bulletin.id),
        "uploads": queries.on_the_way(bulletin.id, acting().person_id),
        "limits": keeping.settings(),
        "accepted": file_labels.ACCEPTED,
    }


@bp.post("/bulletins/<int:bulletin_id>/attachments")
@permission("bulletin.edit")
@large_body(largest_form)
def attach(bulletin_id: int) -> ResponseReturnValue:
    """Attach the files of a form; those that may not be are named, the others stay attached."""
    files = [file for file in request.files.getlist("files") if file.filename]
    if not files:
        _mine(bulletin_id)
        flash(_("请先选择文件。"), "error")
    done = 0
    try:
        for file in files:
            try:
                services.attach(acting(), bulletin_id, file.filename or "", file.stream)
                done += 1
            except Invalid as error:
                for text in error.errors.values():
                    flash(str(text), "error")
    finally:  # where the storage fails halfway, the next page tells what is there
        if done:
            flash(_("已添加 %(count)s 个附件。", count=done), "success")
    return redirect(url_for("bulletins.attaching", bulletin_id=bulletin_id), 303)


@bp.post("/attachments/<int:attachment_id>/remove")
@permission("attachment.edit")
def remove_attachment(attachment_id: int) -> ResponseReturnValue:
    """Take an attachment off a paper that is being written."""
    removed = services.remove(acting(), attachment_id)
    flash(_("已删去附件。"), "success")
    return _back_to(removed)


@bp.post("/attachments/<int:attachment_id>/arrange")
@permission("attachment.edit")
def arrange_attachment(attachment_id: int) -> ResponseReturnValue:
    """Give an attachment of a paper that is being written another name or place."""
    form = Form[ArrangeInput].posted(ArrangeInput)
    if form.data is None:
        raise Invalid(errors=form.errors)
    arranged = services.arrange(acting(), attachment_id, form.data)
    if form.data.name:
        flash(_("已改名为“%(name)s”。", name=arranged.name), "success")
    return _back_to(arranged)


def _back_to(attachment: Attachment) -> ResponseReturnValue:
    relay_id = attachment.owner_id if attachment.owner_kind == OwnerKind.RELAY else None
    return redirect(_files_at(attachment.bulletin_id, relay_id), 303)


def _files_at(bulletin_id: int, relay_id: int | None) -> str:
    if relay_id is not None:
        return url_for("bulletins.relay_files", relay_id=relay_id)
    return url_for("bulletins.attaching", bulletin_id=bulletin_id)


@bp.get("/attachments/<int:attachment_id>/file")
@permission("attachment.read")
def download(attachment_id: int) -> Response:
    """The file itself; each download is recorded."""
    file = serving.download(attachments.visible(acting(), attachment_id).attachment)
    if request.method == "GET" and serving.wants_beginning():
        attachments.opened(acting(), attachment_id, "downloaded")
    return file


@bp.get("/attachments/<int:attachment_id>")
@permission("attachment.read")
def attachment(attachment_id: int) -> ResponseReturnValue:
    """An attachment as pictures of its pages, one at a time, and the way to download it."""
    number = request.args.get("page", 1, type=int)
    shown, drawn = previews.look(acting(), attachment_id, number)
    return render_template(
        "bulletins/attachment.html",
        attachment=shown,
        ending=_ending_of(shown),
        preview=drawn,
        number=number,
    )


def _ending_of(attachment: Attachment) -> Ending | None:
    """How the paper ended of which this is a part; questions about it and answers stay."""
    if attachment.owner_kind not in (OwnerKind.BULLETIN, OwnerKind.RELAY):
        return None
    return ending_of(attachment.bulletin, acting().agency_id)


@bp.get("/attachments/<int:attachment_id>/pages/<int:number>")
@permission("attachment.read")
def preview_page(attachment_id: int, number: int) -> Response:
    """The picture of one page; each is recorded."""
    drawn = previews.page(acting(), attachment_id, number)
    return serving.picture(drawn.picture, drawn.media_type)


@bp.post("/bulletins/<int:bulletin_id>/uploads")
@permission("bulletin.edit")
def begin_upload(bulletin_id: int) -> ResponseReturnValue:
    """The page's script announces a file, and learns from where to send it."""
    form = Form[UploadInput].posted(UploadInput)
    if form.data is None:
        raise Invalid(errors=form.errors)
    return standing(uploads.begin(acting(), bulletin_id, form.data))


@bp.get("/uploads/<int:upload_id>")
@permission("upload.send")
def upload(upload_id: int) -> ResponseReturnValue:
    """How far an upload is."""
    return standing(uploads.standing(acting(), upload_id))


@bp.post("/uploads/<int:upload_id>/parts/<int:start>")
@permission("upload.send")
def upload_part(upload_id: int, start: int) -> ResponseReturnValue:
    """The next part of a file, as the body of the request."""
    return standing(uploads.receive(acting(), upload_id, start, request.get_data()))


@bp.post("/uploads/<int:upload_id>/finish")
@permission("upload.send")
def finish_upload(upload_id: int) -> ResponseReturnValue:
    """All of a file has arrived: attach it."""
    return _attached(uploads.finish(acting(), upload_id))


@bp.post("/uploads/<int:upload_id>/cancel")
@permission("upload.send")
def cancel_upload(upload_id: int) -> ResponseReturnValue:
    """Forget a file that is on its way."""
    begun = uploads.standing(acting(), upload_id)
    place = _files_at(begun.bulletin_id, begun.relay_id)
    uploads.cancel(acting(), upload_id)
    flash(_("已取消上传。"), "success")
    return redirect(place, 303)


def standing(upload: Upload) -> ResponseReturnValue:
    """How far an upload is, and its address, for the page's script."""
    return jsonify(
        received=upload.received,
        size=upload.size,
        url=url_for("bulletins.upload", upload_id=upload.id),
    )


def _attached(attachment: Attachment) -> ResponseReturnValue:
    return jsonify(id=attachment.id, name=attachment.name)
