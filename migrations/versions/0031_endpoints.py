"""Other systems and chat groups that are called, and every call of them.

Revision: 0031, after: 0030
"""

import sqlalchemy as sa
from alembic import op

revision = "0031"
down_revision = "0030"
branch_labels = None
depends_on = None

_WIDE = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
_MOMENT = sa.DateTime(timezone=True)
_WAITING = sa.text("state = 'waiting'")


def _refers(table: str, column: str, other: str) -> sa.ForeignKeyConstraint:
    name = op.f(f"fk_{table}_{column}_{other}")
    return sa.ForeignKeyConstraint([column], [f"{other}.id"], name=name)


def upgrade() -> None:
    op.create_table(
        "endpoints",
        sa.Column("id", _WIDE, nullable=False),
        sa.Column("agency_id", _WIDE, nullable=False),
        sa.Column("kind", sa.String(16), nullable=False),
        sa.Column("name", sa.String(50), nullable=False),
        sa.Column("shown", sa.String(300), nullable=False),
        sa.Column("target", sa.Text(), nullable=False),
        sa.Column("secret", sa.Text(), nullable=False),
        sa.Column("created_by", _WIDE, nullable=True),
        sa.Column("created_at", _MOMENT, nullable=False),
        sa.Column("disabled_at", _MOMENT, nullable=True),
        sa.Column("is_gone", sa.Boolean(), nullable=False),
        sa.Column("rests_until", _MOMENT, nullable=True),
        sa.Column("ended_at", _MOMENT, nullable=True),
        _refers("endpoints", "agency_id", "agencies"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_endpoints")),
    )
    op.create_index("ix_endpoints_agency_id", "endpoints", ["agency_id", "id"])
    op.create_table(
        "endpoint_events",
        sa.Column("endpoint_id", _WIDE, nullable=False),
        sa.Column("event", sa.String(32), nullable=False),
        _refers("endpoint_events", "endpoint_id", "endpoints"),
        sa.PrimaryKeyConstraint("endpoint_id", "event", name=op.f("pk_endpoint_events")),
    )
    _calls()


def _calls() -> None:
    op.create_table(
        "endpoint_calls",
        sa.Column("id", _WIDE, nullable=False),
        sa.Column("endpoint_id", _WIDE, nullable=False),
        sa.Column("entry_id", _WIDE, nullable=False),
        sa.Column("event", sa.String(32), nullable=False),
        sa.Column("receipt_id", _WIDE, nullable=True),
        sa.Column("assignment_id", _WIDE, nullable=True),
        sa.Column("bulletin_id", _WIDE, nullable=True),
        sa.Column("state", sa.String(16), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("created_at", _MOMENT, nullable=False),
        sa.Column("began_at", _MOMENT, nullable=False),
        sa.Column("next_try_at", _MOMENT, nullable=False),
        sa.Column("tried_at", _MOMENT, nullable=True),
        sa.Column("ended_at", _MOMENT, nullable=True),
        sa.Column("outcome", sa.String(16), nullable=False),
        sa.Column("status", sa.Integer(), nullable=True),
        sa.Column("answer", sa.String(500), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        _refers("endpoint_calls", "endpoint_id", "endpoints"),
        _refers("endpoint_calls", "entry_id", "journal"),
        _refers("endpoint_calls", "receipt_id", "receipts"),
        _refers("endpoint_calls", "assignment_id", "assignments"),
        _refers("endpoint_calls", "bulletin_id", "bulletins"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_endpoint_calls")),
        sa.UniqueConstraint(
            "endpoint_id", "entry_id", name=op.f("uq_endpoint_calls_endpoint_id_entry_id")
        ),
    )
    op.create_index("ix_endpoint_calls_endpoint_id", "endpoint_calls", ["endpoint_id", "id"])
    op.create_index("ix_endpoint_calls_ended_at", "endpoint_calls", ["ended_at"])
    op.create_index(
        "ix_endpoint_calls_due",
        "endpoint_calls",
        ["next_try_at"],
        sqlite_where=_WAITING,
        postgresql_where=_WAITING,
    )


def downgrade() -> None:
    for table in ("endpoint_calls", "endpoint_events", "endpoints"):
        op.drop_table(table)
