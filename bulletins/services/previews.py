"""Previews: pages of a PDF, or a picture, drawn once by a confined program and kept as pictures.

A browser gets a picture and nothing else of the file, so nothing in it can run or load anything,
and a slow line carries a page of 50 KB instead of a file of 20 MB.
"""

import subprocess
import sys
import threading
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from tempfile import TemporaryFile

import structlog

from agencies.actors import Actor
from bulletins.filetypes import PICTURES, PREVIEWED
from bulletins.models import Attachment, StoredFile
from bulletins.services import attachments
from bulletins.services.keeping import PREVIEWS, copied, settings
from config.database import end_reading
from config.errors import NotFound, Unavailable
from config.files import store

MOST_PAGES = 2000
_RENDERER = Path(__file__).parents[1] / "renderer.py"
_AT_ONCE = threading.BoundedSemaphore(2)
_WAIT = 30
_HEAD = 8

log = structlog.get_logger(__name__)


@dataclass(frozen=True)
class Preview:
    """One page as a picture; ``pages`` is how many there are."""

    pages: int
    media_type: str
    picture: bytes


def look(actor: Actor, attachment_id: int, page: int) -> tuple[Attachment, Preview | None]:
    """An attachment and one page (from 1) of it; None where its kind or content can't be shown.

    Raises NotFound, also for a page that there is not, Forbidden, and Unavailable where too many
    are being drawn.
    """
    held = attachments.visible(actor, attachment_id)
    preview = _page_of(held.attachment.file, page)
    return attachments.visible(actor, attachment_id).attachment, preview


def page(actor: Actor, attachment_id: int, number: int) -> Preview:
    """The picture of one page, noted as viewed; raises NotFound for none, and what look does."""
    _attachment, preview = look(actor, attachment_id, number)
    if preview is None:
        raise NotFound
    attachments.opened(actor, attachment_id, "viewed", page=number)
    return preview


def _page_of(file: StoredFile, number: int) -> Preview | None:
    if file.kind not in PREVIEWED:
        return None
    kind = "picture" if file.kind in PICTURES else "pdf"
    sha256, key = file.sha256, file.key
    end_reading()
    first = _drawn(sha256, key, kind, 1)
    if number == 1 or first is None:
        return first
    if not 1 < number <= min(first.pages, MOST_PAGES):
        raise NotFound
    return _drawn(sha256, key, kind, number)


def _drawn(sha256: str, key: str, kind: str, number: int) -> Preview | None:
    place = f"{PREVIEWS}/{sha256[:2]}/{sha256}-{number}"
    try:
        with store().open(place) as kept:
            answer = kept.read()
    except NotFound:
        answer = _rendered(key, kind, number)
        store().put(place, BytesIO(answer))
    if len(answer) <= _HEAD:
        return None
    return Preview(
        pages=int(answer[:_HEAD]),
        media_type="image/jpeg" if kind == "picture" else "image/png",
        picture=answer[_HEAD:],
    )


def _rendered(key: str, kind: str, number: int) -> bytes:
    """What the program drew; nothing where it could not, which is kept too: it would fail again."""
    if not _AT_ONCE.acquire(timeout=_WAIT):
        raise Unavailable
    try:
        with TemporaryFile(dir=settings().data_dir) as file:
            copied(key, file)
            file.seek(0)
            done = subprocess.run(
                [sys.executable, "-I", str(_RENDERER), kind, str(number)],
                stdin=file,
                capture_output=True,
                timeout=_WAIT,
                check=True,
                env={},
            )
        return done.stdout
    except subprocess.SubprocessError as error:
        log.warning("preview_failed", kind=kind, reason=type(error).__name__)
        return b""
    finally:
        _AT_ONCE.release()
