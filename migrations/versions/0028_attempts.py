"""Each attempt to send a message; which receipts a digest names; batches that were stopped.

Revision: 0028, after: 0027
"""

import sqlalchemy as sa
from alembic import op

revision = "0028"
down_revision = "0027"
branch_labels = None
depends_on = None

_WIDE = sa.BigInteger().with_variant(sa.Integer(), "sqlite")

_GOING_ON = sa.text("ended_at IS NULL")


def upgrade() -> None:
    op.create_table(
        "delivery_attempts",
        sa.Column("id", _WIDE, nullable=False),
        sa.Column("delivery_id", _WIDE, nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("queue", sa.String(16), nullable=False),
        sa.Column("provider", sa.String(32), nullable=False),
        sa.Column("begun_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("outcome", sa.String(32), nullable=False),
        sa.Column("detail", sa.String(200), nullable=False),
        sa.ForeignKeyConstraint(
            ["delivery_id"],
            ["deliveries.id"],
            name=op.f("fk_delivery_attempts_delivery_id_deliveries"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_delivery_attempts")),
    )
    op.create_index("ix_delivery_attempts_delivery_id", "delivery_attempts", ["delivery_id", "id"])
    op.create_index("ix_delivery_attempts_queue", "delivery_attempts", ["queue", "ended_at"])
    op.create_table(
        "named_receipts",
        sa.Column("receipt_id", _WIDE, nullable=False),
        sa.Column("message_id", _WIDE, nullable=False),
        sa.ForeignKeyConstraint(
            ["message_id"], ["messages.id"], name=op.f("fk_named_receipts_message_id_messages")
        ),
        sa.PrimaryKeyConstraint("receipt_id", "message_id", name=op.f("pk_named_receipts")),
    )
    op.create_table(
        "stops",
        sa.Column("id", _WIDE, nullable=False),
        sa.Column("channel", sa.String(16), nullable=True),
        sa.Column("scheduled_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("bulletin_id", _WIDE, nullable=True),
        sa.Column("created_by", _WIDE, nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["bulletin_id"], ["bulletins.id"], name=op.f("fk_stops_bulletin_id_bulletins")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_stops")),
    )
    op.create_index(
        "ix_stops_going_on",
        "stops",
        ["id"],
        sqlite_where=_GOING_ON,
        postgresql_where=_GOING_ON,
    )
    op.create_index("ix_digests_scheduled_at", "digests", ["scheduled_at", "id"])


def downgrade() -> None:
    op.drop_index("ix_digests_scheduled_at", "digests")
    op.drop_table("stops")
    op.drop_table("named_receipts")
    op.drop_table("delivery_attempts")
