"""Attachments for tests: attached to papers of the small world by their clerks."""

import io
import resource
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from flask import current_app

from bulletins.models import Attachment, Bulletin
from bulletins.services import attachments
from tests.bulletins.files import PDF
from tests.worlds import World

NO_LIMIT = resource.RLIM_INFINITY


def attached(
    world: World,
    bulletin: Bulletin,
    name: str = "检查表.pdf",
    content: bytes = PDF,
    issuer: str = "province",
) -> Attachment:
    """A file that the issuer's clerk attached to a draft."""
    clerk = world.actor(f"{issuer}-clerk")
    return attachments.attach(clerk, bulletin.id, name, io.BytesIO(content))


def kept() -> dict[str, bytes]:
    """Everything that lies in the folder of files, by its path in it."""
    root = Path(current_app.config["DATA_DIR"]) / "files"
    return {
        path.relative_to(root).as_posix(): path.read_bytes()
        for path in root.rglob("*")
        if path.is_file()
    }


@contextmanager
def full_disk(room: int) -> Iterator[None]:
    """A disk on which no file can grow beyond ``room`` bytes: the system itself refuses."""
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (room, before[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)
