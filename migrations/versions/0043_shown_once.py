"""Sign-ins hold what a page shows a single time, after a redirect.

Revision: 0043, after: 0042
"""

import sqlalchemy as sa
from alembic import op

revision = "0043"
down_revision = "0042"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("sign_ins", sa.Column("once", sa.Text(), nullable=False, server_default=""))
    op.add_column("sign_ins", sa.Column("once_until", sa.DateTime(timezone=True), nullable=True))


def downgrade() -> None:
    with op.batch_alter_table("sign_ins") as table:
        table.drop_column("once_until")
        table.drop_column("once")
