"""The organs that issue a paper beside its host, and their signatures.

Revision: 0016, after: 0015
"""

import sqlalchemy as sa
from alembic import op

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None

KEY = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.create_table(
        "joint_issuers",
        sa.Column("id", KEY, primary_key=True),
        sa.Column("bulletin_id", KEY, sa.ForeignKey("bulletins.id"), nullable=False),
        sa.Column("agency_id", KEY, sa.ForeignKey("agencies.id"), nullable=False),
        sa.Column("place", sa.Integer(), nullable=False),
        sa.Column("signed_at", MOMENT, nullable=True),
        sa.Column("signed_by", KEY, sa.ForeignKey("people.id"), nullable=True),
    )
    op.create_index("ix_joint_issuers_bulletin_id", "joint_issuers", ["bulletin_id", "place"])
    op.create_index("ix_joint_issuers_agency_id", "joint_issuers", ["agency_id", "bulletin_id"])
    op.add_column(
        "bulletins",
        sa.Column("joint_names", sa.String(1000), server_default="", nullable=False),
    )


def downgrade() -> None:
    op.drop_column("bulletins", "joint_names")
    op.drop_table("joint_issuers")
