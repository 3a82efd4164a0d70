"""The words of files: which are to be read, and of which papers they are."""

from collections.abc import Collection, Mapping, Sequence
from typing import Any

from sqlalchemy import Select, exists, func, select

from bulletins.models import Attachment, FileWords, IndexedPaper, StoredFile, VersionAttachment
from config.database import db


def unread(after: int, limit: int) -> Sequence[Any]:
    """Files of papers that can be searched whose words nobody has read yet, by their ids."""
    is_read = exists().where(FileWords.file_id == StoredFile.id)
    query = (
        select(StoredFile.id, StoredFile.key, StoredFile.kind, StoredFile.size)
        .where(StoredFile.id > after, ~is_read, _with_papers(Attachment.id).exists())
        .order_by(StoredFile.id)
    )
    return db.session.execute(query.limit(limit)).all()


def papers_with(file_id: int) -> Sequence[Any]:
    """The papers that can be searched with that file: their ids, and the entries that told so."""
    query = _with_papers(IndexedPaper.bulletin_id, IndexedPaper.id).distinct()
    return db.session.execute(query.where(StoredFile.id == file_id)).all()


def of_papers(bulletin_ids: Collection[int]) -> Mapping[int, list[Any]]:
    """The files' names and texts of the versions in force of these papers, by paper.

    The text is empty as long as nobody has read it, and where nothing can be read.
    """
    text = func.coalesce(FileWords.text, "").label("text")
    query = (
        select(VersionAttachment.bulletin_id, Attachment.name, text)
        .join(Attachment, Attachment.id == VersionAttachment.attachment_id)
        .outerjoin(FileWords, FileWords.file_id == Attachment.file_id)
        .join(IndexedPaper, _in_force())
        .where(VersionAttachment.bulletin_id.in_(bulletin_ids))
        .order_by(VersionAttachment.place, Attachment.id)
    )
    found: dict[int, list[Any]] = {}
    for row in db.session.execute(query):
        found.setdefault(row.bulletin_id, []).append(row)
    return found


def _in_force() -> Any:
    return (IndexedPaper.bulletin_id == VersionAttachment.bulletin_id) & (
        IndexedPaper.version == VersionAttachment.version
    )


def _with_papers(*columns: Any) -> Select[Any]:
    """Of the file in hand."""
    return (
        select(*columns)
        .select_from(Attachment)
        .join(VersionAttachment, VersionAttachment.attachment_id == Attachment.id)
        .join(IndexedPaper, _in_force())
        .where(Attachment.file_id == StoredFile.id)
    )
