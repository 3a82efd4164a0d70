"""The bell of an agency, how far each person has seen it, and the ladder of 特急 papers.

Revision: 0020, after: 0019
"""

import sqlalchemy as sa
from alembic import op

revision = "0020"
down_revision = "0019"
branch_labels = None
depends_on = None

_WIDE = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
_WAITS = sa.text("next_at IS NOT NULL")
_TO_CALL = sa.text("rung = 'call' AND next_at IS NULL AND called_at IS NULL")


def upgrade() -> None:
    op.create_table(
        "alerts",
        sa.Column("id", _WIDE, primary_key=True),
        sa.Column("agency_id", _WIDE, sa.ForeignKey("agencies.id"), nullable=False),
        sa.Column("entry_id", _WIDE, sa.ForeignKey("journal.id"), nullable=False),
        sa.Column("kind", sa.String(16), nullable=False),
        sa.Column("receipt_id", _WIDE, sa.ForeignKey("receipts.id"), nullable=True),
        sa.Column("assignment_id", _WIDE, sa.ForeignKey("assignments.id"), nullable=True),
        sa.Column("bulletin_id", _WIDE, sa.ForeignKey("bulletins.id"), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.UniqueConstraint("entry_id", "agency_id"),
    )
    op.create_index("ix_alerts_agency_id_id", "alerts", ["agency_id", "id"])
    op.create_table(
        "alert_cursors",
        sa.Column("person_id", _WIDE, sa.ForeignKey("people.id"), primary_key=True),
        sa.Column("agency_id", _WIDE, sa.ForeignKey("agencies.id"), primary_key=True),
        sa.Column("seen", _WIDE, nullable=False),
    )
    op.create_table(
        "escalations",
        sa.Column(
            "receipt_id",
            _WIDE,
            sa.ForeignKey("receipts.id"),
            primary_key=True,
            autoincrement=False,
        ),
        sa.Column("issuer_id", _WIDE, sa.ForeignKey("agencies.id"), nullable=False),
        sa.Column("rung", sa.String(16), nullable=False),
        sa.Column("next_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("called_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("called_by", _WIDE, sa.ForeignKey("people.id"), nullable=True),
        sa.Column("note", sa.String(100), nullable=False),
    )
    op.create_index(
        "ix_escalations_next_at",
        "escalations",
        ["next_at", "receipt_id"],
        sqlite_where=_WAITS,
        postgresql_where=_WAITS,
    )
    op.create_index(
        "ix_escalations_to_call",
        "escalations",
        ["issuer_id", "receipt_id"],
        sqlite_where=_TO_CALL,
        postgresql_where=_TO_CALL,
    )


def downgrade() -> None:
    op.drop_table("escalations")
    op.drop_table("alert_cursors")
    op.drop_table("alerts")
