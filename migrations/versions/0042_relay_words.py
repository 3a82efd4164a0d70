"""Relays are searched by their own words alone: the worker indexes those signed already anew.

Revision: 0042, after: 0041
"""

from alembic import op

revision = "0042"
down_revision = "0041"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute(
        "UPDATE handlings SET attempts = 0, done_at = NULL, set_aside_at = NULL, error = NULL,"
        " next_try_at = (SELECT at FROM journal WHERE journal.id = handlings.entry_id)"
        " WHERE handler = 'bulletins.handlers.index_relay'"
    )


def downgrade() -> None:
    upgrade()
