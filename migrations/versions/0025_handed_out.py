"""What a broker's workers were told to do: digests to compose, deliveries to send.

Revision: 0025, after: 0024
"""

import sqlalchemy as sa
from alembic import op

revision = "0025"
down_revision = "0024"
branch_labels = None
depends_on = None

_OUT = sa.text("state = 'queued' AND handed_out_at IS NOT NULL")


def upgrade() -> None:
    op.add_column("digests", sa.Column("handed_out_at", sa.DateTime(timezone=True), nullable=True))
    op.create_index(
        "ix_deliveries_handed_out",
        "deliveries",
        ["channel", "urgent", "handed_out_at"],
        sqlite_where=_OUT,
        postgresql_where=_OUT,
    )


def downgrade() -> None:
    op.drop_index("ix_deliveries_handed_out", "deliveries")
    op.drop_column("digests", "handed_out_at")
