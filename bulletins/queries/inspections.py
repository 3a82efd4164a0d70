"""What was found in the files of a paper."""

from collections.abc import Mapping, Sequence

from sqlalchemy import select

from bulletins.models import Attachment, FileInspection
from config.database import db


def inspections(attachments: Sequence[Attachment]) -> Mapping[int, FileInspection]:
    """By file; one that was kept before files were inspected has none."""
    ids = [one.file_id for one in attachments]
    if not ids:
        return {}
    query = select(FileInspection).where(FileInspection.file_id.in_(ids))
    return {row.file_id: row for row in db.session.scalars(query)}
