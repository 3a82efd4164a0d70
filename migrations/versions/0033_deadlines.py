"""Assignments know what the journal has told of their deadlines.

What is near or late at the upgrade counts as told: people have it on their lists, and are not
called upon for all of it at once.

Revision: 0033, after: 0032
"""

from datetime import datetime, timedelta

import sqlalchemy as sa
from alembic import op

from config import clock

revision = "0033"
down_revision = "0032"
branch_labels = None
depends_on = None

_KEY = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
_TODO = sa.text("state IN ('accepted', 'assigned', 'sent_back')")
_NEAR = timedelta(days=5)
"""Three working days and a weekend."""

_assignments = sa.table(
    "assignments",
    sa.column("state", sa.String),
    sa.column("due_at", sa.DateTime(timezone=True)),
    sa.column("told", sa.String),
)


def upgrade() -> None:
    with op.batch_alter_table("assignments") as table:
        table.add_column(sa.Column("told", sa.String(16), nullable=False, server_default="nothing"))
        table.add_column(sa.Column("told_entry_id", _KEY, nullable=True))
        table.create_foreign_key(
            op.f("fk_assignments_told_entry_id_journal"), "journal", ["told_entry_id"], ["id"]
        )
    now = clock.now()
    _mark("near", now + _NEAR)
    _mark("late", now)
    op.create_index(
        "ix_assignments_told",
        "assignments",
        ["told", "due_at", "id"],
        sqlite_where=_TODO,
        postgresql_where=_TODO,
    )


def _mark(told: str, until: datetime) -> None:
    known, open_states = _assignments.c, ("assigned", "accepted", "sent_back", "submitted")
    op.execute(
        _assignments.update()
        .where(known.state.in_(open_states), known.due_at <= until)
        .values(told=told)
    )


def downgrade() -> None:
    op.drop_index("ix_assignments_told", "assignments")
    with op.batch_alter_table("assignments") as table:
        table.drop_constraint("fk_assignments_told_entry_id_journal", type_="foreignkey")
        table.drop_column("told_entry_id")
        table.drop_column("told")
