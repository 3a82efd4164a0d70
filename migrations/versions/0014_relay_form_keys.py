"""The form that saved a relay last, so that a lost answer is no conflict.

Revision: 0014, after: 0013
"""

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("relays", sa.Column("form_key", sa.String(length=36), nullable=True))


def downgrade() -> None:
    with op.batch_alter_table("relays") as table:
        table.drop_column("form_key")
