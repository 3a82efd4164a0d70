"""What no paper needs any more is removed: broken uploads, taken-off files, their contents.

A content is marked a day before it goes, so that a backup that began meanwhile still finds what its
rows name; whoever attaches it again within that day takes the mark away.
"""

from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta
from itertools import islice

from sqlalchemy import and_, delete, exists, or_, select, update
from sqlalchemy.orm import InstrumentedAttribute

from bulletins.models import (
    Attachment,
    Bulletin,
    Relay,
    StoredFile,
    Upload,
    UploadPart,
    VersionAttachment,
)
from bulletins.services import uploads
from bulletins.services.keeping import CONTENT, PARTS, PREVIEWS
from bulletins.states import OwnerKind, State
from config import clock, journal
from config.database import db, writing
from config.files import store

UPLOADS_KEPT = timedelta(days=3)
"""How long a broken upload can be gone on with."""

GRACE = timedelta(days=1)
_BATCH = 500


def sweep() -> None:
    """Remove all that is due; each step is done again by the next run if it is cut short."""
    now = clock.now()
    _forget_uploads(now - UPLOADS_KEPT)
    _drop_attachments(now - GRACE)
    _mark_contents(now)
    _drop_contents(now - GRACE)
    _drop_strays(CONTENT, StoredFile.key, now - GRACE)
    _drop_strays(PARTS, UploadPart.key, now - GRACE)
    _drop_previews(now - GRACE)


def _forget_uploads(before: datetime) -> None:
    old = select(Upload.id).where(Upload.updated_at < before).limit(_BATCH)
    while ids := db.session.scalars(old).all():
        uploads.forget(list(ids))


def _drop_attachments(before: datetime) -> None:
    """Those taken off and those of drafts thrown away, unless a version was signed with them."""
    given_up = select(Relay.id).where(Relay.state == State.DISCARDED, Relay.updated_at < before)
    unneeded = (
        select(Attachment.id)
        .join(Bulletin, Bulletin.id == Attachment.bulletin_id)
        .where(
            or_(
                Attachment.removed_at < before,
                and_(Bulletin.state == State.DISCARDED, Bulletin.updated_at < before),
                and_(Attachment.owner_kind == OwnerKind.RELAY, Attachment.owner_id.in_(given_up)),
            ),
            ~exists().where(VersionAttachment.attachment_id == Attachment.id),
            ~exists().where(Upload.attachment_id == Attachment.id),
        )
        .limit(_BATCH)
    )
    while ids := db.session.scalars(unneeded).all():
        with writing():
            db.session.execute(delete(Attachment).where(Attachment.id.in_(ids)))
            journal.record(
                "attachment.swept", subject=("attachment", ids[0]), attachments=list(ids)
            )


def _mark_contents(now: datetime) -> None:
    with writing():
        db.session.execute(
            update(StoredFile)
            .where(
                StoredFile.gone_at.is_(None),
                ~exists().where(Attachment.file_id == StoredFile.id),
            )
            .values(gone_at=now)
            .execution_options(synchronize_session=False)
        )


def _drop_contents(before: datetime) -> None:
    with writing():
        keys = db.session.scalars(
            delete(StoredFile)
            .where(
                StoredFile.gone_at < before,
                ~exists().where(Attachment.file_id == StoredFile.id),
            )
            .returning(StoredFile.key)
            .execution_options(synchronize_session=False)
        ).all()
    for key in keys:
        store().delete(key)


def _drop_strays(prefix: str, column: InstrumentedAttribute[str], before: datetime) -> None:
    """What lies in the store without a row: something was cut short between the two."""
    for keys in _batches(store().keys(prefix, before)):
        known = set(db.session.scalars(select(column).where(column.in_(keys))))
        db.session.rollback()
        for key in keys:
            if key not in known:
                store().delete(key)


def _drop_previews(before: datetime) -> None:
    """The pictures of contents that are gone."""
    for keys in _batches(store().keys(PREVIEWS, before)):
        sums = {key: key.rpartition("/")[2].partition("-")[0] for key in keys}
        known = set(
            db.session.scalars(
                select(StoredFile.sha256).where(StoredFile.sha256.in_(set(sums.values())))
            )
        )
        db.session.rollback()
        for key, digest in sums.items():
            if digest not in known:
                store().delete(key)


def _batches(keys: Iterable[str]) -> Iterator[list[str]]:
    rest = iter(keys)
    while batch := list(islice(rest, _BATCH)):
        yield batch
