"""Passages of a paper's words stay in their rows on PostgreSQL.

Revision: 0009, after: 0008
"""

from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    if op.get_bind().dialect.name == "postgresql":
        op.execute("ALTER TABLE fts_papers SET (toast_tuple_target = 8160)")
        op.execute("ALTER TABLE fts_papers ALTER tokens SET STORAGE EXTERNAL")


def downgrade() -> None:
    if op.get_bind().dialect.name == "postgresql":
        op.execute("ALTER TABLE fts_papers ALTER tokens SET STORAGE EXTENDED")
        op.execute("ALTER TABLE fts_papers RESET (toast_tuple_target)")
