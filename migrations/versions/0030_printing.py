"""Official papers are set as PDF ahead; those there are already, when somebody asks for them.

Revision: 0030, after: 0029
"""

import sqlalchemy as sa
from alembic import op

revision = "0030"
down_revision = "0029"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column(
        "bulletin_versions",
        sa.Column("is_to_print", sa.Boolean(), server_default=sa.false(), nullable=False),
    )
    op.create_index(
        "ix_bulletin_versions_to_print",
        "bulletin_versions",
        ["entry_id"],
        sqlite_where=sa.text("is_to_print"),
        postgresql_where=sa.text("is_to_print"),
    )


def downgrade() -> None:
    op.drop_index("ix_bulletin_versions_to_print", table_name="bulletin_versions")
    op.drop_column("bulletin_versions", "is_to_print")
