"""The host of a paper of several organs may sign before the others.

Revision: 0022, after: 0021
"""

import sqlalchemy as sa
from alembic import op

revision = "0022"
down_revision = "0021"
branch_labels = None
depends_on = None

KEY = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    with op.batch_alter_table("bulletins") as table:
        table.add_column(sa.Column("host_signed_at", sa.DateTime(timezone=True), nullable=True))
        table.add_column(sa.Column("host_signed_by", KEY, nullable=True))
        table.create_foreign_key(
            op.f("fk_bulletins_host_signed_by_people"), "people", ["host_signed_by"], ["id"]
        )


def downgrade() -> None:
    with op.batch_alter_table("bulletins") as table:
        table.drop_constraint(op.f("fk_bulletins_host_signed_by_people"), type_="foreignkey")
        table.drop_column("host_signed_by")
        table.drop_column("host_signed_at")
