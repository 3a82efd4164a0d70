"""Searches are kept with the days of publication to which they are narrowed.

Revision: 0046, after: 0045
"""

import sqlalchemy as sa
from alembic import op

revision = "0046"
down_revision = "0045"
branch_labels = None
depends_on = None


def upgrade() -> None:
    for name in ("since", "until"):
        op.add_column("saved_searches", sa.Column(name, sa.Date(), nullable=True))


def downgrade() -> None:
    with op.batch_alter_table("saved_searches") as table:
        for name in ("until", "since"):
            table.drop_column(name)
