"""The files of a relay that is being written: an ordinary form with many files."""

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from agencies.actors import acting
from agencies.permissions import permission, require
from bulletins import file_labels, services
from bulletins.inputs import UploadInput
from bulletins.queries import attachments as queries
from bulletins.queries import relays
from bulletins.services import keeping, uploads
from bulletins.states import Action, relay_after
from bulletins.web.attachments import largest_form, standing
from bulletins.web.blueprint import bp
from config.bodies import large_body
from config.errors import Invalid
from config.forms import Form


@bp.get("/relays/<int:relay_id>/attachments")
@permission("relay.edit")
def relay_files(relay_id: int) -> ResponseReturnValue:
    """The files of a relay, and the way to add more; they stand once it was submitted."""
    relay = relays.relay(relay_id)
    require(acting(), "relay.edit", relay)
    if relay_after(relay.state, Action.EDIT) is None:
        return redirect(url_for("bulletins.show_relay", relay_id=relay_id))
    return render_template(
        "bulletins/relay_files.html",
        relay=relay,
        receipt=relays.own_receipt(relay),
        attachments=relays.files([relay_id]).get(relay_id, ()),
        uploads=queries.on_the_way(relay.bulletin_id, acting().person_id, relay_id),
        limits=keeping.settings(),
        accepted=file_labels.ACCEPTED,
    )


@bp.post("/relays/<int:relay_id>/uploads")
@permission("relay.edit")
def begin_relay_upload(relay_id: int) -> ResponseReturnValue:
    """The page's script announces a file, and learns from where to send it."""
    form = Form[UploadInput].posted(UploadInput)
    if form.data is None:
        raise Invalid(errors=form.errors)
    return standing(uploads.begin_for_relay(acting(), relay_id, form.data))


@bp.post("/relays/<int:relay_id>/attachments")
@permission("relay.edit")
@large_body(largest_form)
def attach_to_relay(relay_id: int) -> ResponseReturnValue:
    """Attach the files of a form; those that may not be are named, the others stay attached."""
    require(acting(), "relay.edit", relays.relay(relay_id))
    files = [file for file in request.files.getlist("files") if file.filename]
    if not files:
        flash(_("请先选择文件。"), "error")
    done = 0
    for file in files:
        try:
            services.attach_to_relay(acting(), relay_id, file.filename or "", file.stream)
            done += 1
        except Invalid as error:
            for text in error.errors.values():
                flash(str(text), "error")
    if done:
        flash(_("已添加 %(count)s 个附件。", count=done), "success")
    return redirect(url_for("bulletins.relay_files", relay_id=relay_id), 303)
