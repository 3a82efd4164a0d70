"""Remarks that their issuer has taken note of.

Revision: 0019, after: 0018
"""

import sqlalchemy as sa
from alembic import op

revision = "0019"
down_revision = "0018"
branch_labels = None
depends_on = None

KEY = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    with op.batch_alter_table("questions") as questions:
        questions.add_column(sa.Column("noted_entry_id", KEY, nullable=True))
        questions.create_foreign_key(
            "fk_questions_noted_entry_id_journal", "journal", ["noted_entry_id"], ["id"]
        )
        questions.create_index("ix_questions_noted_entry_id", ["noted_entry_id"])


def downgrade() -> None:
    with op.batch_alter_table("questions") as questions:
        questions.drop_index("ix_questions_noted_entry_id")
        questions.drop_constraint("fk_questions_noted_entry_id_journal", type_="foreignkey")
        questions.drop_column("noted_entry_id")
