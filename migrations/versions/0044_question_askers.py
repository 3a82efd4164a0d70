"""Agencies that ask a question too.

Revision: 0044, after: 0043
"""

import sqlalchemy as sa
from alembic import op

revision = "0044"
down_revision = "0043"
branch_labels = None
depends_on = None

KEY = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.create_table(
        "question_askers",
        sa.Column("question_id", KEY, sa.ForeignKey("questions.id"), nullable=False),
        sa.Column("agency_id", KEY, sa.ForeignKey("agencies.id"), nullable=False),
        sa.Column("joined_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("joined_by", KEY, sa.ForeignKey("people.id"), nullable=False),
        sa.PrimaryKeyConstraint("question_id", "agency_id"),
    )
    op.create_index("ix_question_askers_agency", "question_askers", ["agency_id", "question_id"])
    op.create_index(
        "ix_question_askers_list", "question_askers", ["question_id", "joined_at", "agency_id"]
    )


def downgrade() -> None:
    op.drop_table("question_askers")
