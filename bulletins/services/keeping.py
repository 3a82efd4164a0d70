"""A file is looked at, and its content kept: once, however often it is attached."""

import hashlib
import os
import secrets
import shutil
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import IO

from flask import current_app
from flask_babel import gettext as _
from sqlalchemy import select

from bulletins import classified, filetypes, inspecting, scanning
from bulletins.filenames import safe_name
from bulletins.filetypes import FileKind
from bulletins.inspecting import Inspection
from bulletins.models import FileInspection, StoredFile
from bulletins.packages import Unacceptable
from config import clock
from config.database import advisory_lock, db, end_reading
from config.errors import Conflict, Invalid
from config.files import store
from config.settings import Settings

CONTENT = "content"
PARTS = "parts"
PREVIEWS = "previews"
MEGABYTE = 1024 * 1024
_LOCK = 7_246_011


@dataclass(frozen=True)
class Examined:
    """What was found out about a file; ``key`` is where it was put, None where it lay already.

    ``inspection`` is what its words hold, None where that is known already.
    """

    name: str
    kind: FileKind
    size: int
    sha256: str
    scanned_at: datetime | None
    key: str | None = None
    inspection: Inspection | None = None


def settings() -> Settings:
    """The settings, for their limits."""
    chosen: Settings = current_app.extensions["settings"]
    return chosen


def check_size(name: str, size: int) -> None:
    """Refuse a file that is empty or larger than the settings allow; raises Invalid."""
    most = settings().attachment_mb
    if size == 0:
        raise _refused(name, _("文件是空的。"))
    if size > most * MEGABYTE:
        raise _refused(name, _("文件超过 %(most)s MB，请压缩图片或拆分后再上传。", most=most))


def taken_in(given: str, file: IO[bytes]) -> Examined:
    """Look at a seekable file, and put its content into the store unless it lies there.

    Call outside of ``writing()``. Raises Invalid for a file that may not be attached, Unavailable
    where it can't be scanned, StorageFull.
    """
    size = file.seek(0, os.SEEK_END)
    check_size(given, size)
    chosen = settings()
    try:
        kind = filetypes.detect(file, size)
        if chosen.clamd_url:
            end_reading()
            scanning.scan(chosen.clamd_url, file)
    except Unacceptable as error:
        raise _refused(given, str(error)) from error
    file.seek(0)
    digest = hashlib.file_digest(file, "sha256").hexdigest()  # type: ignore[arg-type]
    known = db.session.scalar(select(StoredFile.id).where(StoredFile.sha256 == digest))
    inspection = _inspected(given, known, kind, file, size)
    key = None
    if known is None:
        end_reading()
        key = f"{CONTENT}/{digest[:2]}/{digest}-{secrets.token_hex(4)}"
        file.seek(0)
        store().put(key, file)
    return Examined(
        name=safe_name(given, kind),
        kind=kind,
        size=size,
        sha256=digest,
        scanned_at=clock.now() if chosen.clamd_url else None,
        key=key,
        inspection=inspection,
    )


def _inspected(
    given: str, file_id: int | None, kind: FileKind, file: IO[bytes], size: int
) -> Inspection | None:
    """What the file's words hold, unless that is known; raises Invalid where it is a secret."""
    if file_id is not None and db.session.get(FileInspection, file_id) is not None:
        return None
    end_reading()
    inspection = inspecting.inspect(kind, file, size)
    if inspection.marking:
        raise _refused(given, classified.refusal(inspection.marking))
    return inspection


def stored(file: Examined) -> StoredFile:
    """The row of a content, new or found; call inside ``writing()``.

    A content that two brought at once is kept by the first; the other's is swept. Raises Conflict
    where the content was removed just now.
    """
    advisory_lock(_LOCK)
    row = db.session.scalars(
        select(StoredFile).where(StoredFile.sha256 == file.sha256).with_for_update()
    ).one_or_none()
    if row is None:
        if file.key is None:
            raise Conflict(_("文件没有保存。"), hint=_("请再上传一次。"))
        row = StoredFile(
            sha256=file.sha256,
            key=file.key,
            size=file.size,
            kind=file.kind,
            created_at=clock.now(),
        )
        db.session.add(row)
    row.gone_at = None
    row.scanned_at = file.scanned_at or row.scanned_at
    db.session.flush()
    if file.inspection and db.session.get(FileInspection, row.id) is None:
        found = asdict(file.inspection)
        db.session.add(FileInspection(file_id=row.id, inspected_at=clock.now(), **found))
        db.session.flush()
    return row


def copied(key: str, file: IO[bytes]) -> None:
    """Write a content of the store into ``file``; raises NotFound."""
    with store().open(key) as content:
        shutil.copyfileobj(content, file, MEGABYTE)


def _refused(name: str, reason: str) -> Invalid:
    shown = "".join(one for one in name if one.isprintable())[-80:]
    return Invalid(errors={"files": _("“%(name)s”没有上传：%(reason)s", name=shown, reason=reason)})
