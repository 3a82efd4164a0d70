"""A task that is sent twice is given once.

Revision: 0004, after: 0003
"""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("tasks", sa.Column("once", sa.String(length=64), nullable=True))
    op.create_index("ix_tasks_created_by_once", "tasks", ["created_by", "once"], unique=True)


def downgrade() -> None:
    op.drop_index("ix_tasks_created_by_once", "tasks")
    op.drop_column("tasks", "once")
