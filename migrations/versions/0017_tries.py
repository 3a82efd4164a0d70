"""Digests that could not be composed are tried again later; a report sent twice is one step.

Revision: 0017, after: 0016
"""

import sqlalchemy as sa
from alembic import op

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None

_TODO = sa.text("state IN ('accepted', 'assigned', 'sent_back')")


def upgrade() -> None:
    op.add_column(
        "digests", sa.Column("failures", sa.Integer(), nullable=False, server_default="0")
    )
    op.add_column("digests", sa.Column("next_try_at", sa.DateTime(timezone=True), nullable=True))
    op.create_index(
        "ix_digests_failing",
        "digests",
        ["id"],
        sqlite_where=sa.text("state = 'due' AND failures > 0"),
        postgresql_where=sa.text("state = 'due' AND failures > 0"),
    )
    op.add_column("task_reports", sa.Column("once", sa.String(64), nullable=True))
    op.create_index(
        "ix_task_reports_person_id_once", "task_reports", ["person_id", "once"], unique=True
    )
    op.create_index(
        "ix_assignments_late",
        "assignments",
        ["task_id", "due_at"],
        sqlite_where=_TODO,
        postgresql_where=_TODO,
    )


def downgrade() -> None:
    op.drop_index("ix_assignments_late", "assignments")
    op.drop_index("ix_task_reports_person_id_once", "task_reports")
    op.drop_column("task_reports", "once")
    op.drop_index("ix_digests_failing", "digests")
    op.drop_column("digests", "next_try_at")
    op.drop_column("digests", "failures")
