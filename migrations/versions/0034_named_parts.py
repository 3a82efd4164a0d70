"""Messages know which parts of tasks their words name, for whoever gave the task.

Revision: 0034, after: 0033
"""

import sqlalchemy as sa
from alembic import op

revision = "0034"
down_revision = "0033"
branch_labels = None
depends_on = None

_WIDE = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.add_column(
        "messages", sa.Column("assignments", sa.Text(), nullable=False, server_default="[]")
    )
    op.create_table(
        "named_assignments",
        sa.Column("assignment_id", _WIDE, nullable=False),
        sa.Column("message_id", _WIDE, nullable=False),
        sa.ForeignKeyConstraint(
            ["message_id"], ["messages.id"], name=op.f("fk_named_assignments_message_id_messages")
        ),
        sa.PrimaryKeyConstraint("assignment_id", "message_id", name=op.f("pk_named_assignments")),
    )


def downgrade() -> None:
    op.drop_table("named_assignments")
    op.drop_column("messages", "assignments")
