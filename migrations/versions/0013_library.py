"""The library of good cases and experience: marks, offers, selections.

Revision: 0013, after: 0012
"""

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None

KEY = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
MOMENT = sa.DateTime(timezone=True)


def _refers(name: str, to: str, *, nullable: bool = False) -> sa.Column[int]:
    return sa.Column(name, KEY, sa.ForeignKey(f"{to}.id"), nullable=nullable)


def _index_where(name: str, table: str, columns: list[str], where: str, **more: bool) -> None:
    condition = sa.text(where)
    op.create_index(
        name, table, columns, sqlite_where=condition, postgresql_where=condition, **more
    )


def upgrade() -> None:
    op.create_table(
        "useful_marks",
        sa.Column("bulletin_id", KEY, sa.ForeignKey("bulletins.id"), primary_key=True),
        sa.Column("person_id", KEY, sa.ForeignKey("people.id"), primary_key=True),
        sa.Column("marked_at", MOMENT, nullable=False),
    )
    op.create_table(
        "selections",
        sa.Column("bulletin_id", KEY, sa.ForeignKey("bulletins.id"), primary_key=True),
        _refers("agency_id", "agencies"),
        sa.Column("note", sa.String(500), nullable=False),
        sa.Column("selected_at", MOMENT, nullable=False),
        _refers("selected_by", "people"),
        sa.Column("ended_at", MOMENT, nullable=True),
    )
    op.create_index("ix_selections_agency_id", "selections", ["agency_id"])
    _index_where(
        "ix_selections_library", "selections", ["selected_at", "bulletin_id"], "ended_at IS NULL"
    )
    op.create_table(
        "offers",
        sa.Column("id", KEY, primary_key=True),
        _refers("bulletin_id", "bulletins"),
        _refers("agency_id", "agencies"),
        _refers("to_agency_id", "agencies"),
        sa.Column("reason", sa.String(500), nullable=False),
        sa.Column("state", sa.String(16), nullable=False),
        sa.Column("offered_at", MOMENT, nullable=False),
        _refers("offered_by", "people"),
        sa.Column("ended_at", MOMENT, nullable=True),
        _refers("ended_by", "people", nullable=True),
        sa.Column("remark", sa.String(500), nullable=False),
        _refers("decided_entry_id", "journal", nullable=True),
    )
    op.create_index("ix_offers_bulletin_id", "offers", ["bulletin_id"])
    op.create_index("ix_offers_agency", "offers", ["agency_id", "offered_at", "id"])
    op.create_index("ix_offers_decided_entry_id", "offers", ["decided_entry_id"])
    is_open = "state = 'offered'"
    _index_where("ix_offers_open", "offers", ["bulletin_id", "to_agency_id"], is_open, unique=True)
    _index_where("ix_offers_to_decide", "offers", ["to_agency_id", "offered_at", "id"], is_open)


def downgrade() -> None:
    for table in ("offers", "selections", "useful_marks"):
        op.drop_table(table)
