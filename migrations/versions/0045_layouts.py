"""Papers say in which layout they are printed, minutes who was excused or sat in, orders the post
of who signs; orders have a register of their own.

Revision: 0045, after: 0044
"""

import sqlalchemy as sa
from alembic import op

revision = "0045"
down_revision = "0044"
branch_labels = None
depends_on = None

LAID_OUT = ("bulletins", "bulletin_versions")
STATED = (("excused", 500), ("observers", 500), ("signer_post", 50))


def upgrade() -> None:
    for name in LAID_OUT:
        with op.batch_alter_table(name) as table:
            table.add_column(sa.Column("layout", sa.String(length=16), nullable=True))
    with op.batch_alter_table("paper_particulars") as table:
        for name, length in STATED:
            table.add_column(
                sa.Column(name, sa.String(length=length), server_default="", nullable=False)
            )
    with op.batch_alter_table("organ_codes") as table:
        table.add_column(
            sa.Column("is_of_orders", sa.Boolean(), server_default=sa.false(), nullable=False)
        )


def downgrade() -> None:
    with op.batch_alter_table("organ_codes") as table:
        table.drop_column("is_of_orders")
    with op.batch_alter_table("paper_particulars") as table:
        for name, _length in reversed(STATED):
            table.drop_column(name)
    for name in LAID_OUT:
        with op.batch_alter_table(name) as table:
            table.drop_column("layout")
