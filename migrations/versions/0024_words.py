"""The words of attachments, read by the worker, by which papers are found.

Revision: 0024, after: 0023
"""

import sqlalchemy as sa
from alembic import op

revision = "0024"
down_revision = "0023"
branch_labels = None
depends_on = None

KEY = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    file = sa.ForeignKey("stored_files.id", ondelete="CASCADE")
    op.create_table(
        "file_words",
        sa.Column("file_id", KEY, file, primary_key=True),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("read_at", sa.DateTime(timezone=True), nullable=False),
    )


def downgrade() -> None:
    op.drop_table("file_words")
