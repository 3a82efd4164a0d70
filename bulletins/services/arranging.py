"""Attachments of what is being written: called otherwise, and put into another order."""

from flask_babel import gettext as _
from sqlalchemy import exists, select

from agencies.actors import Actor
from agencies.permissions import require
from bulletins.filenames import safe_name
from bulletins.filetypes import FileKind
from bulletins.inputs import ArrangeInput
from bulletins.models import Attachment, VersionAttachment
from bulletins.queries import attachments as queries
from bulletins.services.attachments import note_change
from bulletins.services.relay_steps import take_relay
from bulletins.services.steps import take
from bulletins.states import Action, OwnerKind
from config.database import db, found, writing
from config.errors import Conflict


def arrange(actor: Actor, attachment_id: int, data: ArrangeInput) -> Attachment:
    """Give an attachment of a paper, or a relay, that is being written another name or place.

    The name keeps an ending true to the content. Raises NotFound, Forbidden, Conflict where it is
    not being written, and for the name of what a version was signed with.
    """
    require(actor, "attachment.edit", queries.held(attachment_id, actor.agency_id))
    with writing():
        attachment = found(select(Attachment).where(Attachment.id == attachment_id), lock=True)
        if attachment.owner_kind == OwnerKind.RELAY:
            take_relay(actor, attachment.owner_id, Action.EDIT).revision += 1
        else:
            take(actor, attachment.bulletin_id, Action.EDIT)
        if data.name is not None:
            _rename(actor, attachment, data.name)
        if data.place is not None:
            _move(actor, attachment, data.place)
    return attachment


def _rename(actor: Actor, attachment: Attachment, given: str) -> None:
    name = safe_name(given, FileKind(attachment.file.kind))
    if name == attachment.name:
        return
    signed = exists().where(VersionAttachment.attachment_id == attachment.id)
    if db.session.scalar(select(signed)):
        raise Conflict(
            _("这个附件已随签发的文本固定，不能改名。"), hint=_("可以删去后用新名称重新上传。")
        )
    attachment.name = name
    note_change("attachment.renamed", actor, attachment)


def _move(actor: Actor, attachment: Attachment, place: int) -> None:
    """Put it at that place, counted from 1, of what is there now; beyond the end is the last."""
    owner = OwnerKind(attachment.owner_kind), attachment.owner_id
    query = queries.attached(*owner).order_by(Attachment.place, Attachment.id)
    files = list(db.session.scalars(query))
    if attachment not in files:
        return
    before = [one.id for one in files]
    files.remove(attachment)
    files.insert(place - 1, attachment)
    if [one.id for one in files] == before:
        return
    for number, one in enumerate(files, start=1):
        one.place = number
    note_change("attachment.moved", actor, attachment)
