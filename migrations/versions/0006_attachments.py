"""Files with papers: contents, attachments, what was signed, uploads on their way.

Revision: 0006, after: 0005
"""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

KEY = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
MOMENT = sa.DateTime(timezone=True)


def _reference(table: str, column: str, other: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(
        [column], [f"{other}.id"], name=op.f(f"fk_{table}_{column}_{other}")
    )


def upgrade() -> None:
    op.create_table(
        "stored_files",
        sa.Column("id", KEY, nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("key", sa.String(length=120), nullable=False),
        sa.Column("size", KEY, nullable=False),
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("scanned_at", MOMENT, nullable=True),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.Column("gone_at", MOMENT, nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_stored_files")),
        sa.UniqueConstraint("key", name=op.f("uq_stored_files_key")),
        sa.UniqueConstraint("sha256", name=op.f("uq_stored_files_sha256")),
    )
    op.create_index("ix_stored_files_gone_at", "stored_files", ["gone_at"])
    op.create_table(
        "attachments",
        sa.Column("id", KEY, nullable=False),
        sa.Column("bulletin_id", KEY, nullable=False),
        sa.Column("owner_kind", sa.String(length=16), nullable=False),
        sa.Column("owner_id", KEY, nullable=False),
        sa.Column("file_id", KEY, nullable=False),
        sa.Column("name", sa.String(length=150), nullable=False),
        sa.Column("place", sa.Integer(), nullable=False),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.Column("created_by", KEY, nullable=False),
        sa.Column("removed_at", MOMENT, nullable=True),
        _reference("attachments", "bulletin_id", "bulletins"),
        _reference("attachments", "file_id", "stored_files"),
        _reference("attachments", "created_by", "people"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_attachments")),
    )
    op.create_index("ix_attachments_owner", "attachments", ["owner_kind", "owner_id", "id"])
    for column in ("bulletin_id", "file_id", "removed_at"):
        op.create_index(f"ix_attachments_{column}", "attachments", [column])
    op.create_table(
        "version_attachments",
        sa.Column("bulletin_id", KEY, nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("attachment_id", KEY, nullable=False),
        sa.Column("place", sa.Integer(), nullable=False),
        _reference("version_attachments", "bulletin_id", "bulletins"),
        _reference("version_attachments", "attachment_id", "attachments"),
        sa.PrimaryKeyConstraint(
            "bulletin_id", "version", "attachment_id", name=op.f("pk_version_attachments")
        ),
    )
    op.create_index(
        "ix_version_attachments_attachment_id", "version_attachments", ["attachment_id"]
    )
    op.create_table(
        "uploads",
        sa.Column("id", KEY, nullable=False),
        sa.Column("bulletin_id", KEY, nullable=False),
        sa.Column("person_id", KEY, nullable=False),
        sa.Column("name", sa.String(length=255), nullable=False),
        sa.Column("mark", sa.String(length=64), nullable=False),
        sa.Column("size", KEY, nullable=False),
        sa.Column("received", KEY, nullable=False),
        sa.Column("attachment_id", KEY, nullable=True),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.Column("updated_at", MOMENT, nullable=False),
        _reference("uploads", "bulletin_id", "bulletins"),
        _reference("uploads", "person_id", "people"),
        _reference("uploads", "attachment_id", "attachments"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_uploads")),
    )
    op.create_index("ix_uploads_bulletin_id_person_id", "uploads", ["bulletin_id", "person_id"])
    op.create_index("ix_uploads_updated_at", "uploads", ["updated_at"])
    op.create_table(
        "upload_parts",
        sa.Column("upload_id", KEY, nullable=False),
        sa.Column("start", KEY, nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(length=120), nullable=False),
        _reference("upload_parts", "upload_id", "uploads"),
        sa.PrimaryKeyConstraint("upload_id", "start", name=op.f("pk_upload_parts")),
        sa.UniqueConstraint("key", name=op.f("uq_upload_parts_key")),
    )


def downgrade() -> None:
    for table in ("upload_parts", "uploads", "version_attachments", "attachments", "stored_files"):
        op.drop_table(table)
