"""What papers of some types state besides their text.

Revision: 0010, after: 0009
"""

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None

KEY = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.create_table(
        "paper_particulars",
        sa.Column("bulletin_id", KEY, nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("contact_name", sa.String(length=50), nullable=False),
        sa.Column("contact_phone", sa.String(length=50), nullable=False),
        sa.Column("refers_to_id", KEY, nullable=True),
        sa.Column("refers_to", sa.String(length=500), nullable=False),
        sa.Column("held_on", sa.Date(), nullable=True),
        sa.Column("held_until", sa.Date(), nullable=True),
        sa.Column("place", sa.String(length=500), nullable=False),
        sa.Column("participants", sa.String(length=500), nullable=False),
        sa.Column("enrol_by", sa.Date(), nullable=True),
        sa.ForeignKeyConstraint(
            ["bulletin_id"],
            ["bulletins.id"],
            name=op.f("fk_paper_particulars_bulletin_id_bulletins"),
        ),
        sa.ForeignKeyConstraint(
            ["refers_to_id"],
            ["bulletins.id"],
            name=op.f("fk_paper_particulars_refers_to_id_bulletins"),
        ),
        sa.PrimaryKeyConstraint("bulletin_id", "version", name=op.f("pk_paper_particulars")),
    )
    op.create_index(
        op.f("ix_paper_particulars_refers_to_id"), "paper_particulars", ["refers_to_id"]
    )


def downgrade() -> None:
    op.drop_table("paper_particulars")
