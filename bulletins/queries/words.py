"""The words of files: which are to be read, and of which papers they are."""

from collections.abc import Collection, Mapping, Sequence
from typing import Any

from sqlalchemy import ColumnElement, Select, exists, func, or_, select

from bulletins.models import (
    Attachment,
    FileWords,
    IndexedPaper,
    IndexedRelay,
    StoredFile,
    VersionAttachment,
)
from bulletins.states import OwnerKind
from config.database import db

_TEXT = func.coalesce(FileWords.text, "").label("text")


def unread(after: int, limit: int) -> Sequence[Any]:
    """Files of papers and relays that can be searched, whose words nobody has read yet."""
    is_read = exists().where(FileWords.file_id == StoredFile.id)
    is_searched = or_(_with_papers(Attachment.id).exists(), _with_relays(Attachment.id).exists())
    query = (
        select(StoredFile.id, StoredFile.key, StoredFile.kind, StoredFile.size)
        .where(StoredFile.id > after, ~is_read, is_searched)
        .order_by(StoredFile.id)
    )
    return db.session.execute(query.limit(limit)).all()


def papers_with(file_id: int) -> Sequence[int]:
    """The papers that can be searched with that file."""
    query = _with_papers(IndexedPaper.bulletin_id).distinct()
    return db.session.scalars(query.where(StoredFile.id == file_id)).all()


def relays_with(file_id: int) -> Sequence[Any]:
    """The relays that can be searched with that file: ``id``, and ``bulletin_id`` of its paper."""
    query = _with_relays(IndexedRelay.relay_id.label("id"), IndexedRelay.bulletin_id).distinct()
    return db.session.execute(query.where(StoredFile.id == file_id)).all()


def of_papers(bulletin_ids: Collection[int]) -> Mapping[int, list[Any]]:
    """The files' names and texts of the versions in force of these papers, by paper.

    The text is empty as long as nobody has read it, and where nothing can be read.
    """
    query = (
        select(VersionAttachment.bulletin_id, Attachment.name, _TEXT)
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


def of_relays(relay_ids: Collection[int]) -> Mapping[int, list[Any]]:
    """The same of these relays, by relay."""
    if not relay_ids:
        return {}
    query = (
        select(Attachment.owner_id, Attachment.name, _TEXT)
        .outerjoin(FileWords, FileWords.file_id == Attachment.file_id)
        .where(_of_relay(), Attachment.owner_id.in_(relay_ids))
        .order_by(Attachment.place, Attachment.id)
    )
    found: dict[int, list[Any]] = {}
    for row in db.session.execute(query):
        found.setdefault(row.owner_id, []).append(row)
    return found


def _of_relay() -> ColumnElement[bool]:
    return (Attachment.owner_kind == OwnerKind.RELAY) & Attachment.removed_at.is_(None)


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


def _with_relays(*columns: Any) -> Select[Any]:
    """Of the file in hand."""
    return (
        select(*columns)
        .select_from(Attachment)
        .join(IndexedRelay, IndexedRelay.relay_id == Attachment.owner_id)
        .where(_of_relay(), Attachment.file_id == StoredFile.id)
    )
