"""What checks before publishing know: what was found in files, how many papers a year may bring.

Revision: 0012, after: 0011
"""

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None

KEY = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.create_table(
        "file_inspections",
        sa.Column(
            "file_id", KEY, sa.ForeignKey("stored_files.id", ondelete="CASCADE"), primary_key=True
        ),
        sa.Column("is_read", sa.Boolean(), nullable=False),
        sa.Column("marking", sa.String(40), nullable=True),
        sa.Column("identities", sa.Integer(), nullable=False),
        sa.Column("cards", sa.Integer(), nullable=False),
        sa.Column("phones", sa.Integer(), nullable=False),
        sa.Column("inspected_at", MOMENT, nullable=False),
    )
    op.create_table(
        "paper_budgets",
        sa.Column("agency_id", KEY, sa.ForeignKey("agencies.id"), primary_key=True),
        sa.Column("year", sa.Integer(), primary_key=True, autoincrement=False),
        sa.Column("most", sa.Integer(), nullable=False),
        sa.Column("updated_at", MOMENT, nullable=False),
        sa.Column("updated_by", KEY, sa.ForeignKey("people.id"), nullable=False),
    )


def downgrade() -> None:
    op.drop_table("paper_budgets")
    op.drop_table("file_inspections")
