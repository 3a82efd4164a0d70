"""Attachments of a paper: added while it is written, frozen when it is signed, then opened."""

from typing import IO

from flask_babel import gettext as _
from sqlalchemy import Select, exists, func, insert, literal, or_, select, update

from agencies.actors import Actor
from agencies.permissions import require
from bulletins.models import Attachment, Bulletin, Upload, VersionAttachment
from bulletins.permissions import Held
from bulletins.queries import attachments as queries
from bulletins.queries import papers
from bulletins.services import keeping
from bulletins.services.keeping import MEGABYTE, Examined
from bulletins.services.relay_steps import take_relay
from bulletins.services.steps import take
from bulletins.states import Action, OwnerKind
from config import clock, journal
from config.database import db, found, writing
from config.errors import Invalid


def attach(
    actor: Actor, bulletin_id: int, given: str, file: IO[bytes], upload_id: int | None = None
) -> Attachment:
    """Attach a seekable file under the name ``given`` to a paper that is being written.

    ``upload_id``: the upload that it came by, finished with it. Raises Invalid for a file that may
    not be attached and where there are too many, NotFound, Forbidden, Conflict, StorageFull.
    """
    require(actor, "bulletin.edit", papers.bulletin(bulletin_id))
    examined = keeping.taken_in(given, file)
    with writing():
        bulletin = take(actor, bulletin_id, Action.EDIT)
        upload = locked_upload(upload_id)
        if upload is not None and upload.attachment_id is not None:
            return db.session.get_one(Attachment, upload.attachment_id)
        check_room(bulletin_id, given, examined.size, upload_id)
        attachment = added(actor, bulletin.id, (OwnerKind.BULLETIN, bulletin.id), examined)
        if upload is not None:
            upload.attachment_id = attachment.id
    return attachment


def locked_upload(upload_id: int | None) -> Upload | None:
    """The upload by which a file came, held; None for a file of an ordinary form."""
    if upload_id is None:
        return None
    return found(select(Upload).where(Upload.id == upload_id), lock=True)


def check_room(bulletin_id: int, name: str, size: int, but_upload_id: int | None = None) -> None:
    """Refuse what would make a paper's files too many or too large; raises Invalid."""
    check_load(name, size, *queries.load(bulletin_id, but_upload_id))


def check_load(name: str, size: int, count: int, bytes_now: int) -> None:
    """Refuse one file more beside so many of so many bytes; raises Invalid."""
    keeping.check_size(name, size)
    chosen = keeping.settings()
    if count >= chosen.attachments:
        raise Invalid(
            errors={
                "files": _(
                    "一件公文最多 %(most)s 个附件（含正在上传的），请先删去一些。",
                    most=chosen.attachments,
                )
            }
        )
    if bytes_now + size > chosen.attachments_mb * MEGABYTE:
        raise Invalid(
            errors={
                "files": _("一件公文的附件合计不能超过 %(most)s MB。", most=chosen.attachments_mb)
            }
        )


def added(
    actor: Actor, bulletin_id: int, owner: tuple[OwnerKind, int], examined: Examined
) -> Attachment:
    """A new attachment, the last of its owner's. Call inside ``writing()``."""
    kind, owner_id = owner
    last = db.session.scalar(
        select(func.max(Attachment.place)).where(
            Attachment.owner_kind == kind, Attachment.owner_id == owner_id
        )
    )
    attachment = Attachment(
        bulletin_id=bulletin_id,
        owner_kind=kind,
        owner_id=owner_id,
        file=keeping.stored(examined),
        name=examined.name,
        place=(last or 0) + 1,
        created_at=clock.now(),
        created_by=actor.person_id,
    )
    db.session.add(attachment)
    db.session.flush()
    note_change("attachment.added", actor, attachment)
    return attachment


def remove(actor: Actor, attachment_id: int) -> Attachment:
    """Take an attachment off a paper, or a relay, that is being written.

    Versions signed with it keep it. Raises NotFound, Forbidden, Conflict.
    """
    require(actor, "attachment.edit", queries.held(attachment_id, actor.agency_id))
    with writing():
        attachment = found(select(Attachment).where(Attachment.id == attachment_id), lock=True)
        if attachment.owner_kind == OwnerKind.RELAY:
            take_relay(actor, attachment.owner_id, Action.EDIT).revision += 1
        else:
            take(actor, attachment.bulletin_id, Action.EDIT)
        if attachment.removed_at is None:
            attachment.removed_at = clock.now()
            note_change("attachment.removed", actor, attachment)
    return attachment


def note_change(kind: str, actor: Actor, attachment: Attachment) -> None:
    """Journal what was done to an attachment. Call inside ``writing()``.

    A paper's own are part of its history; what others add to a relay, a question or an answer is
    not, for its issuer had no hand in it.
    """
    is_own = attachment.owner_kind == OwnerKind.BULLETIN
    journal.record(
        kind,
        subject=("bulletin", attachment.bulletin_id) if is_own else ("attachment", attachment.id),
        agency_id=actor.agency_id,
        by=actor,
        bulletin=attachment.bulletin_id,
        attachment=attachment.id,
        file=attachment.file_id,
    )


def freeze(bulletin_id: int, version: int) -> None:
    """Tie the attachments of a paper to the version that is being signed, for good.

    Call inside ``writing()``, in the transaction of the signing.
    """
    live = queries.attached(OwnerKind.BULLETIN, bulletin_id).with_only_columns(
        Attachment.bulletin_id, literal(version), Attachment.id, Attachment.place
    )
    columns = ["bulletin_id", "version", "attachment_id", "place"]
    db.session.execute(insert(VersionAttachment).from_select(columns, live))


def restore(bulletin_id: int, version: int) -> None:
    """Let a paper have again just the files of that version. Call inside ``writing()``."""
    signed = _of_version(bulletin_id, version)
    mine = update(Attachment).where(
        Attachment.owner_kind == OwnerKind.BULLETIN, Attachment.owner_id == bulletin_id
    )
    back = mine.where(Attachment.id.in_(signed), Attachment.removed_at.is_not(None))
    gone = mine.where(Attachment.id.not_in(signed), Attachment.removed_at.is_(None))
    db.session.execute(back.values(removed_at=None))
    db.session.execute(gone.values(removed_at=clock.now()))


def differ(bulletin_id: int, version: int) -> bool:
    """Whether a paper has other files now than that version was signed with."""
    live = queries.attached(OwnerKind.BULLETIN, bulletin_id).with_only_columns(Attachment.id)
    now = set(db.session.scalars(live))
    return now != set(db.session.scalars(_of_version(bulletin_id, version)))


def _of_version(bulletin_id: int, version: int) -> Select[int]:
    return select(VersionAttachment.attachment_id).where(
        VersionAttachment.bulletin_id == bulletin_id, VersionAttachment.version == version
    )


def changed_since_submitted(bulletin: Bulletin) -> bool:
    """Whether files were added or taken off since the paper was last laid before the approver.

    Text tells by its revision; whoever has read the paper with other files must not sign it.
    """
    last = bulletin.submitted_at
    if last is None:
        return False
    return bool(
        db.session.scalar(
            select(
                exists().where(
                    Attachment.owner_kind == OwnerKind.BULLETIN,
                    Attachment.owner_id == bulletin.id,
                    or_(Attachment.created_at > last, Attachment.removed_at > last),
                )
            )
        )
    )


def opened(actor: Actor, attachment_id: int, how: str, **facts: journal.Fact) -> Held:
    """An attachment that the actor gets to see, noted as ``downloaded`` or ``viewed``.

    Raises NotFound and Forbidden.
    """
    held = visible(actor, attachment_id)
    with writing():
        journal.record(
            f"attachment.{how}",
            subject=("attachment", attachment_id),
            agency_id=actor.agency_id,
            by=actor,
            bulletin=held.bulletin.id,
            file=held.attachment.file_id,
            **facts,
        )
    return held


def visible(actor: Actor, attachment_id: int) -> Held:
    """An attachment that the actor may see, not noted; raises NotFound and Forbidden."""
    held = queries.held(attachment_id, actor.agency_id)
    require(actor, "attachment.read", held)
    return held
