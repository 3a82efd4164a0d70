"""What is kept so that nothing is counted or made twice: counts of facts, keys of forms.

Revision: 0007, after: 0006
"""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

COUNTS = ("delivered_count", "opened_count", "acknowledged_count", "to_acknowledge_count")


def upgrade() -> None:
    for name in COUNTS:
        op.add_column(
            "bulletin_versions", sa.Column(name, sa.Integer(), server_default="0", nullable=False)
        )
    op.execute(
        """
        UPDATE bulletin_versions SET
        (delivered_count, opened_count, acknowledged_count, to_acknowledge_count) = (
            SELECT count(delivered_at), count(opened_at), count(acknowledged_at),
            count(CASE WHEN receipts.needs_acknowledgement THEN 1 END) FROM receipts
            WHERE receipts.bulletin_id = bulletin_versions.bulletin_id
            AND receipts.version = bulletin_versions.version
        )
        """
    )
    op.add_column("bulletins", sa.Column("form_key", sa.String(length=36), nullable=True))
    op.add_column("bulletins", sa.Column("form_revision", sa.Integer(), nullable=True))
    op.create_index(
        "ix_bulletins_form_key",
        "bulletins",
        ["created_by", "form_key"],
        unique=True,
        sqlite_where=sa.text("form_key IS NOT NULL"),
        postgresql_where=sa.text("form_key IS NOT NULL"),
    )


def downgrade() -> None:
    op.drop_index("ix_bulletins_form_key", table_name="bulletins")
    with op.batch_alter_table("bulletins") as table:
        table.drop_column("form_revision")
        table.drop_column("form_key")
    with op.batch_alter_table("bulletin_versions") as table:
        for name in reversed(COUNTS):
            table.drop_column(name)
