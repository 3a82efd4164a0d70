"""Remarks at a place know of which organ beside the paper's host they are.

Revision: 0041, after: 0040
"""

import sqlalchemy as sa
from alembic import op

revision = "0041"
down_revision = "0040"
branch_labels = None
depends_on = None

KEY = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    with op.batch_alter_table("place_remarks") as table:
        table.add_column(sa.Column("agency_id", KEY, nullable=True))
        table.create_foreign_key(
            op.f("fk_place_remarks_agency_id_agencies"), "agencies", ["agency_id"], ["id"]
        )


def downgrade() -> None:
    with op.batch_alter_table("place_remarks") as table:
        table.drop_constraint(op.f("fk_place_remarks_agency_id_agencies"), type_="foreignkey")
        table.drop_column("agency_id")
