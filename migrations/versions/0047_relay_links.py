"""Outside links of relays are looked at too. What was read is noted anew within a minute.

Revision: 0047, after: 0046
"""

import sqlalchemy as sa
from alembic import op

revision = "0047"
down_revision = "0046"
branch_labels = None
depends_on = None

_WIDE = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def _facts() -> list[sa.Column[object]]:
    return [
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("has_links", sa.Boolean(), nullable=False),
        sa.Column("read_at", sa.DateTime(timezone=True), nullable=False),
    ]


def upgrade() -> None:
    op.drop_table("link_readings")
    op.create_table(
        "link_readings",
        sa.Column("owner_kind", sa.String(16), nullable=False),
        sa.Column("owner_id", _WIDE, nullable=False, autoincrement=False),
        *_facts(),
        sa.PrimaryKeyConstraint("owner_kind", "owner_id", name=op.f("pk_link_readings")),
    )
    op.create_index(op.f("ix_link_readings_read_at"), "link_readings", ["read_at"])


def downgrade() -> None:
    op.drop_table("link_readings")
    op.create_table(
        "link_readings",
        sa.Column("bulletin_id", _WIDE, nullable=False),
        *_facts(),
        sa.ForeignKeyConstraint(
            ["bulletin_id"],
            ["bulletins.id"],
            name=op.f("fk_link_readings_bulletin_id_bulletins"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("bulletin_id", name=op.f("pk_link_readings")),
    )
    op.create_index(op.f("ix_link_readings_read_at"), "link_readings", ["read_at"])
