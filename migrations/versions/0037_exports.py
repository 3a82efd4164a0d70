"""Tables that the worker makes for whoever asked for them, and whose bell tells of it.

Revision: 0037, after: 0036
"""

import sqlalchemy as sa
from alembic import op

revision = "0037"
down_revision = "0036"
branch_labels = None
depends_on = None

_WIDE = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
_GOING_ON = sa.text("state IN ('waiting', 'making')")


def upgrade() -> None:
    op.create_table(
        "exports",
        sa.Column("id", _WIDE, nullable=False),
        sa.Column("person_id", _WIDE, nullable=False),
        sa.Column("seat_id", _WIDE, nullable=True),
        sa.Column("agency_id", _WIDE, nullable=True),
        sa.Column("kind", sa.String(32), nullable=False),
        sa.Column("form", sa.String(8), nullable=False),
        sa.Column("given", sa.Text(), nullable=False),
        sa.Column("title", sa.String(200), nullable=False),
        sa.Column("language", sa.String(8), nullable=False),
        sa.Column("state", sa.String(16), nullable=False),
        sa.Column("failure", sa.String(16), nullable=True),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("done", sa.Integer(), nullable=False),
        sa.Column("total", sa.Integer(), nullable=False),
        sa.Column("size", _WIDE, nullable=False),
        sa.Column("key", sa.String(100), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ready_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["agency_id"], ["agencies.id"], name=op.f("fk_exports_agency_id_agencies")
        ),
        sa.ForeignKeyConstraint(
            ["person_id"], ["people.id"], name=op.f("fk_exports_person_id_people")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_exports")),
    )
    op.create_index("ix_exports_person_id_id", "exports", ["person_id", "id"])
    op.create_index("ix_exports_asked_at", "exports", ["asked_at"])
    op.create_index(
        "ix_exports_due",
        "exports",
        ["due_at", "id"],
        sqlite_where=_GOING_ON,
        postgresql_where=_GOING_ON,
    )
    op.add_column("alerts", sa.Column("export_id", _WIDE, nullable=True))
    op.add_column("alerts", sa.Column("person_id", _WIDE, nullable=True))


def downgrade() -> None:
    op.drop_column("alerts", "person_id")
    op.drop_column("alerts", "export_id")
    op.drop_table("exports")
