"""Files arrive in parts for relays too.

Revision: 0039, after: 0038
"""

import sqlalchemy as sa
from alembic import op

revision = "0039"
down_revision = "0038"
branch_labels = None
depends_on = None

KEY = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    with op.batch_alter_table("uploads") as table:
        table.add_column(sa.Column("relay_id", KEY, nullable=True))
        table.create_foreign_key("fk_uploads_relay_id_relays", "relays", ["relay_id"], ["id"])


def downgrade() -> None:
    # What was on its way to a relay would go to the paper itself.
    op.execute(
        "DELETE FROM upload_parts WHERE upload_id IN"
        " (SELECT id FROM uploads WHERE relay_id IS NOT NULL)"
    )
    op.execute("DELETE FROM uploads WHERE relay_id IS NOT NULL")
    with op.batch_alter_table("uploads") as table:
        table.drop_constraint("fk_uploads_relay_id_relays", type_="foreignkey")
        table.drop_column("relay_id")
