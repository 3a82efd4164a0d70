"""Files with papers: each content once, what is attached where, what was signed, what arrives."""

from datetime import datetime

from sqlalchemy import ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from bulletins.filenames import NAME_LENGTH
from bulletins.filetypes import FileKind
from bulletins.models.columns import Word
from bulletins.models.papers import Bulletin
from bulletins.states import OwnerKind
from config.database import Base, Key, Wide


class StoredFile(Base):
    """One content, kept once however often it is attached; ``key`` is its place in the store.

    ``gone_at``: since when nothing needs it. A day later it is removed, so that a backup that began
    before still finds it.
    """

    __tablename__ = "stored_files"

    id: Mapped[Key]
    sha256: Mapped[str] = mapped_column(String(64), unique=True)
    key: Mapped[str] = mapped_column(String(120), unique=True)
    size: Mapped[Wide]
    kind: Mapped[FileKind] = mapped_column(Word)
    scanned_at: Mapped[datetime | None]
    created_at: Mapped[datetime]
    gone_at: Mapped[datetime | None] = mapped_column(index=True)


class Attachment(Base):
    """A file with a paper, or with what somebody added to it (``owner``), under a name of its own.

    ``removed_at``: taken off what is being written; what was signed with it keeps it.
    """

    __tablename__ = "attachments"
    __table_args__ = (Index("ix_attachments_owner", "owner_kind", "owner_id", "id"),)

    id: Mapped[Key]
    bulletin_id: Mapped[int] = mapped_column(ForeignKey("bulletins.id"), index=True)
    owner_kind: Mapped[OwnerKind] = mapped_column(Word)
    owner_id: Mapped[Wide]
    file_id: Mapped[int] = mapped_column(ForeignKey("stored_files.id"), index=True)
    name: Mapped[str] = mapped_column(String(NAME_LENGTH))
    place: Mapped[int]
    created_at: Mapped[datetime]
    created_by: Mapped[int] = mapped_column(ForeignKey("people.id"))
    removed_at: Mapped[datetime | None] = mapped_column(index=True)

    bulletin: Mapped[Bulletin] = relationship()
    file: Mapped[StoredFile] = relationship()


class VersionAttachment(Base):
    """That an attachment was signed with a version of its paper, at that place, for good."""

    __tablename__ = "version_attachments"

    bulletin_id: Mapped[int] = mapped_column(ForeignKey("bulletins.id"), primary_key=True)
    version: Mapped[int] = mapped_column(primary_key=True)
    attachment_id: Mapped[int] = mapped_column(
        ForeignKey("attachments.id"), primary_key=True, index=True
    )
    place: Mapped[int]


class Upload(Base):
    """A file on its way, piece by piece; ``received`` bytes are safe, so it goes on from there.

    ``mark`` is what the sender knows the file by (its time of change): with name and size it finds
    the upload again after a broken line. ``relay_id``: it goes to what a relay adds to the paper.
    """

    __tablename__ = "uploads"
    __table_args__ = (Index("ix_uploads_bulletin_id_person_id", "bulletin_id", "person_id"),)

    id: Mapped[Key]
    bulletin_id: Mapped[int] = mapped_column(ForeignKey("bulletins.id"))
    relay_id: Mapped[int | None] = mapped_column(ForeignKey("relays.id"))
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id"))
    name: Mapped[str] = mapped_column(String(255))
    mark: Mapped[str] = mapped_column(String(64))
    size: Mapped[Wide]
    received: Mapped[Wide]
    attachment_id: Mapped[int | None] = mapped_column(ForeignKey("attachments.id"))
    created_at: Mapped[datetime]
    updated_at: Mapped[datetime] = mapped_column(index=True)


class UploadPart(Base):
    """A piece of an upload that has arrived whole; ``key`` is its place in the store."""

    __tablename__ = "upload_parts"
    __table_args__ = (UniqueConstraint("key"),)

    upload_id: Mapped[int] = mapped_column(ForeignKey("uploads.id"), primary_key=True)
    start: Mapped[Wide] = mapped_column(primary_key=True)
    size: Mapped[int]
    key: Mapped[str] = mapped_column(String(120))
