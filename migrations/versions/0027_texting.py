"""Text messages: approved templates, ways out and their health, replies, numbers that want none.

Revision: 0027, after: 0026
"""

import sqlalchemy as sa
from alembic import op

revision = "0027"
down_revision = "0026"
branch_labels = None
depends_on = None

KEY = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
MOMENT = sa.DateTime(timezone=True)


def _where(condition: str) -> dict[str, sa.TextClause]:
    return {"sqlite_where": sa.text(condition), "postgresql_where": sa.text(condition)}


def upgrade() -> None:
    op.add_column(
        "messages", sa.Column("variables", sa.Text(), nullable=False, server_default="{}")
    )
    for column in (
        sa.Column("route", sa.String(16), nullable=False, server_default=""),
        sa.Column("serial", sa.String(64), nullable=True),
        sa.Column("parts", sa.Integer(), nullable=False, server_default="0"),
        sa.Column("asked", sa.Integer(), nullable=False, server_default="0"),
        sa.Column("ask_at", MOMENT, nullable=True),
    ):
        op.add_column("deliveries", column)
    op.create_index(
        "ix_deliveries_serial", "deliveries", ["serial"], **_where("serial IS NOT NULL")
    )
    op.create_index(
        "ix_deliveries_phone", "deliveries", ["address", "id"], **_where("channel = 'sms'")
    )
    _templates()
    _replies()
    op.create_table(
        "sms_stops",
        sa.Column("phone", sa.String(32), primary_key=True),
        sa.Column("at", MOMENT, nullable=False),
    )
    op.create_table(
        "route_counts",
        sa.Column("route", sa.String(16), primary_key=True),
        sa.Column("span", sa.String(8), primary_key=True),
        sa.Column("begins_at", MOMENT, primary_key=True),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("failures", sa.Integer(), nullable=False),
        sa.Column("parts", sa.Integer(), nullable=False),
    )
    op.create_table(
        "route_troubles",
        sa.Column("route", sa.String(16), primary_key=True),
        sa.Column("since", MOMENT, nullable=False),
        sa.Column("probe_at", MOMENT, nullable=False),
        sa.Column("reason", sa.String(200), nullable=False),
    )


def _templates() -> None:
    op.create_table(
        "sms_templates",
        sa.Column("id", KEY, primary_key=True),
        sa.Column("vendor", sa.String(16), nullable=False),
        sa.Column("kind", sa.String(16), nullable=False),
        sa.Column("language", sa.String(8), nullable=False),
        sa.Column("code", sa.String(32), nullable=False),
        sa.Column("sign", sa.String(16), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("state", sa.String(16), nullable=False),
        sa.Column("reason", sa.String(200), nullable=False),
        sa.Column("created_by", KEY, nullable=True),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.Column("changed_at", MOMENT, nullable=False),
        sa.UniqueConstraint("vendor", "code", name="uq_sms_templates_vendor_code"),
    )
    op.create_index("ix_sms_templates_kind", "sms_templates", ["vendor", "kind", "language"])


def _replies() -> None:
    op.create_table(
        "sms_replies",
        sa.Column("id", KEY, primary_key=True),
        sa.Column("key", sa.String(64), nullable=False),
        sa.Column("provider", sa.String(16), nullable=False),
        sa.Column("phone", sa.String(32), nullable=False),
        sa.Column("text", sa.String(500), nullable=False),
        sa.Column("became", sa.String(16), nullable=False),
        sa.Column("why", sa.String(32), nullable=False),
        sa.Column("recipient_id", KEY, nullable=True),
        sa.Column("agency_id", KEY, nullable=True),
        sa.Column("delivery_id", KEY, nullable=True),
        sa.Column("receipt_id", KEY, nullable=True),
        sa.Column("received_at", MOMENT, nullable=False),
        sa.Column("read_at", MOMENT, nullable=True),
        sa.Column("read_by", KEY, nullable=True),
        sa.ForeignKeyConstraint(["recipient_id"], ["recipients.id"]),
        sa.ForeignKeyConstraint(["agency_id"], ["agencies.id"]),
        sa.ForeignKeyConstraint(["delivery_id"], ["deliveries.id"]),
        sa.UniqueConstraint("key", name="uq_sms_replies_key"),
    )
    op.create_index("ix_sms_replies_agency_id", "sms_replies", ["agency_id", "id"])
    op.create_index("ix_sms_replies_became", "sms_replies", ["became", "id"])
    op.create_index(
        "ix_sms_replies_unread",
        "sms_replies",
        ["agency_id"],
        **_where("became = 'passed' AND read_at IS NULL"),
    )


def downgrade() -> None:
    for table in ("route_troubles", "route_counts", "sms_stops", "sms_replies", "sms_templates"):
        op.drop_table(table)
    op.drop_index("ix_deliveries_phone", "deliveries")
    op.drop_index("ix_deliveries_serial", "deliveries")
    for column in ("ask_at", "asked", "parts", "serial", "route"):
        op.drop_column("deliveries", column)
    op.drop_column("messages", "variables")
