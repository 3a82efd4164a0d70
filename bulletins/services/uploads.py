"""A file that arrives in parts, over a line that may break: what has arrived stays."""

import secrets
from contextlib import suppress
from io import BytesIO
from tempfile import TemporaryFile
from typing import IO

from flask_babel import gettext as _
from sqlalchemy import delete, func, select

from agencies.actors import Actor
from agencies.permissions import require
from bulletins.inputs import UploadInput
from bulletins.models import Attachment, Upload, UploadPart
from bulletins.queries.attachments import load_of_relay
from bulletins.services.attachments import attach, check_load, check_room
from bulletins.services.keeping import PARTS, settings
from bulletins.services.relay_files import attach_to_relay
from bulletins.services.relay_steps import take_relay
from bulletins.services.steps import take
from bulletins.states import Action
from config import clock
from config.database import db, end_reading, found, writing
from config.errors import Conflict, Invalid, NotFound, Unavailable
from config.files import store

MOST_OPEN = 200
"""Uploads that one person may have begun and not finished, over all papers."""


def begin(actor: Actor, bulletin_id: int, data: UploadInput) -> Upload:
    """A new upload to a paper that is being written, or the one that the same file broke off.

    Raises Invalid where there is no room for it, NotFound, Forbidden, Conflict.
    """
    with writing():
        take(actor, bulletin_id, Action.EDIT)
        known = _begun(actor, bulletin_id, None, data)
        if known is not None:
            return known
        check_room(bulletin_id, data.name, data.size)
        return _announced(actor, bulletin_id, None, data)


def begin_for_relay(actor: Actor, relay_id: int, data: UploadInput) -> Upload:
    """The same for what goes down with a relay that is being written."""
    with writing():
        relay = take_relay(actor, relay_id, Action.EDIT)
        known = _begun(actor, relay.bulletin_id, relay_id, data)
        if known is not None:
            return known
        check_load(data.name, data.size, *load_of_relay(relay))
        return _announced(actor, relay.bulletin_id, relay_id, data)


def _announced(actor: Actor, bulletin_id: int, relay_id: int | None, data: UploadInput) -> Upload:
    _check_open(actor)
    now = clock.now()
    upload = Upload(
        bulletin_id=bulletin_id,
        relay_id=relay_id,
        person_id=actor.person_id,
        name=data.name,
        mark=data.mark,
        size=data.size,
        received=0,
        created_at=now,
        updated_at=now,
    )
    db.session.add(upload)
    return upload


def _begun(
    actor: Actor, bulletin_id: int, relay_id: int | None, data: UploadInput
) -> Upload | None:
    if not data.mark:
        return None
    return db.session.scalars(
        select(Upload)
        .where(
            Upload.bulletin_id == bulletin_id,
            Upload.relay_id == relay_id,
            Upload.person_id == actor.person_id,
            Upload.attachment_id.is_(None),
            Upload.name == data.name,
            Upload.size == data.size,
            Upload.mark == data.mark,
        )
        .order_by(Upload.id.desc())
        .limit(1)
    ).one_or_none()


def _check_open(actor: Actor) -> None:
    mine = select(func.count()).where(
        Upload.person_id == actor.person_id, Upload.attachment_id.is_(None)
    )
    if (db.session.scalar(mine) or 0) >= MOST_OPEN:
        raise Invalid(errors={"files": _("您有太多没传完的文件，请先传完或取消一些。")})


def standing(actor: Actor, upload_id: int) -> Upload:
    """The upload, to see how far it is; raises NotFound, Forbidden."""
    upload = found(select(Upload).where(Upload.id == upload_id))
    require(actor, "upload.send", upload)
    return upload


def receive(actor: Actor, upload_id: int, start: int, part: bytes) -> Upload:
    """Take the part of the file that begins at byte ``start``, where the last one ended.

    Raises Conflict where it ended elsewhere (ask how far it is and go on from there), Invalid for
    an empty part or one that leads beyond the end, NotFound, Forbidden, StorageFull.
    """
    upload = standing(actor, upload_id)
    _check_fits(upload, start, part)
    key = f"{PARTS}/{upload_id}/{start}-{secrets.token_hex(4)}"
    end_reading()
    store().put(key, BytesIO(part))
    try:
        with writing():
            upload = found(select(Upload).where(Upload.id == upload_id), lock=True)
            _check_fits(upload, start, part)
            db.session.add(UploadPart(upload_id=upload_id, start=start, size=len(part), key=key))
            upload.received = start + len(part)
            upload.updated_at = clock.now()
    except BaseException:
        store().delete(key)
        raise
    return upload


def _check_fits(upload: Upload, start: int, part: bytes) -> None:
    if upload.attachment_id is not None or start != upload.received:
        raise Conflict(
            _("这一段不是从断开的地方开始的。"),
            hint=_("已收到 %(received)s 字节，请从那里接着传。", received=upload.received),
        )
    if not part or start + len(part) > upload.size:
        raise Invalid(_("这一段的长度不对。"))


def finish(actor: Actor, upload_id: int) -> Attachment:
    """Attach the file once all of it has arrived; asked again, it gives the same attachment.

    A file that may not be attached is forgotten. Raises what ``attach`` does, and Conflict where
    parts are missing.
    """
    upload = standing(actor, upload_id)
    if upload.attachment_id is not None:
        return db.session.get_one(Attachment, upload.attachment_id)
    if upload.received != upload.size:
        raise Conflict(_("文件还没有传完。"), hint=_("请接着上传剩下的部分。"))
    bulletin_id, relay_id, name = upload.bulletin_id, upload.relay_id, upload.name
    with TemporaryFile(dir=settings().data_dir) as whole:
        try:
            _assemble(upload_id, whole)
            if relay_id is None:
                attachment = attach(actor, bulletin_id, name, whole, upload_id)
            else:
                attachment = attach_to_relay(actor, relay_id, name, whole, upload_id)
        except Invalid:
            forget([upload_id])
            raise
    _drop_parts([upload_id])
    return attachment


def _assemble(upload_id: int, whole: IO[bytes]) -> None:
    keys = db.session.scalars(
        select(UploadPart.key).where(UploadPart.upload_id == upload_id).order_by(UploadPart.start)
    ).all()
    end_reading()
    for key in keys:
        try:
            part = store().open(key)
        except NotFound as error:  # a backup does not hold what was still arriving
            raise Invalid(errors={"files": _("先前传到的部分已不在，请重新上传。")}) from error
        with part:
            whole.write(part.read())


def cancel(actor: Actor, upload_id: int) -> None:
    """Forget an upload and what has arrived of it; raises NotFound, Forbidden."""
    standing(actor, upload_id)
    forget([upload_id])


def forget(upload_ids: list[int]) -> None:
    """Remove uploads and their parts."""
    _drop_parts(upload_ids, with_uploads=True)


def _drop_parts(upload_ids: list[int], *, with_uploads: bool = False) -> None:
    with writing():
        keys = db.session.scalars(
            delete(UploadPart)
            .where(UploadPart.upload_id.in_(upload_ids))
            .returning(UploadPart.key)
            .execution_options(synchronize_session=False)
        ).all()
        if with_uploads:
            db.session.execute(delete(Upload).where(Upload.id.in_(upload_ids)))
    with suppress(Unavailable):  # what is left in the store is swept
        for key in keys:
            store().delete(key)
