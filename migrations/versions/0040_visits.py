"""Pages outside that papers at work link to are looked at.

Revision: 0040, after: 0039
"""

import sqlalchemy as sa
from alembic import op

revision = "0040"
down_revision = "0039"
branch_labels = None
depends_on = None

_WIDE = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
_MOMENT = sa.DateTime(timezone=True)
_DUE = sa.text("due_at IS NOT NULL")
_AT_WORK = sa.text("state IN ('draft', 'review', 'submitted', 'returned', 'signed')")


def upgrade() -> None:
    op.create_table(
        "link_visits",
        sa.Column("digest", sa.String(64), nullable=False),
        sa.Column("url", sa.Text(), nullable=False),
        sa.Column("host", sa.String(255), nullable=False),
        sa.Column("seen", sa.String(16), nullable=True),
        sa.Column("status", sa.Integer(), nullable=True),
        sa.Column("checked_at", _MOMENT, nullable=True),
        sa.Column("holds_until", _MOMENT, nullable=True),
        sa.Column("due_at", _MOMENT, nullable=True),
        sa.Column("claimed_until", _MOMENT, nullable=True),
        sa.Column("wanted_at", _MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("digest", name=op.f("pk_link_visits")),
    )
    op.create_index(
        "ix_link_visits_due_at",
        "link_visits",
        ["due_at"],
        sqlite_where=_DUE,
        postgresql_where=_DUE,
    )
    op.create_index("ix_link_visits_claimed_until", "link_visits", ["claimed_until"])
    op.create_index("ix_link_visits_wanted_at", "link_visits", ["wanted_at"])
    op.create_table(
        "link_readings",
        sa.Column("bulletin_id", _WIDE, nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("has_links", sa.Boolean(), nullable=False),
        sa.Column("read_at", _MOMENT, nullable=False),
        sa.ForeignKeyConstraint(
            ["bulletin_id"],
            ["bulletins.id"],
            name=op.f("fk_link_readings_bulletin_id_bulletins"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("bulletin_id", name=op.f("pk_link_readings")),
    )
    op.create_index(op.f("ix_link_readings_read_at"), "link_readings", ["read_at"])
    op.create_index(
        "ix_bulletins_at_work",
        "bulletins",
        ["updated_at", "id"],
        sqlite_where=_AT_WORK,
        postgresql_where=_AT_WORK,
    )


def downgrade() -> None:
    op.drop_index("ix_bulletins_at_work", "bulletins")
    op.drop_table("link_readings")
    op.drop_table("link_visits")
