"""Searches that agencies keep and follow, what they found, and their feeds.

Revision: 0008, after: 0007
"""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

KEY = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
MOMENT = sa.DateTime(timezone=True)


def _refers(name: str, to: str, *, nullable: bool = False) -> sa.Column[int]:
    return sa.Column(name, KEY, sa.ForeignKey(f"{to}.id"), nullable=nullable)


def upgrade() -> None:
    op.create_table(
        "saved_searches",
        sa.Column("id", KEY, primary_key=True),
        _refers("agency_id", "agencies"),
        sa.Column("name", sa.String(50), nullable=False),
        sa.Column("q", sa.String(100), nullable=False),
        sa.Column("type", sa.String(16), nullable=True),
        _refers("issuer_id", "agencies", nullable=True),
        _refers("followed_entry_id", "journal", nullable=True),
        sa.Column("created_at", MOMENT, nullable=False),
        _refers("created_by", "people"),
        sa.Column("ended_at", MOMENT, nullable=True),
    )
    op.create_index("ix_saved_searches_agency_id", "saved_searches", ["agency_id", "id"])
    op.create_table(
        "search_matches",
        sa.Column("search_id", KEY, sa.ForeignKey("saved_searches.id"), primary_key=True),
        sa.Column("bulletin_id", KEY, primary_key=True),
        sa.Column("version", sa.Integer(), primary_key=True),
        _refers("entry_id", "journal"),
        sa.ForeignKeyConstraint(
            ["bulletin_id", "version"],
            ["bulletin_versions.bulletin_id", "bulletin_versions.version"],
        ),
    )
    op.create_index("ix_search_matches_entry_id", "search_matches", ["entry_id"])
    op.create_table(
        "search_feeds",
        sa.Column("id", KEY, primary_key=True),
        _refers("search_id", "saved_searches"),
        _refers("person_id", "people"),
        _refers("seat_id", "seats"),
        sa.Column("token_hash", sa.String(64), nullable=False),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.Column("revoked_at", MOMENT, nullable=True),
        sa.UniqueConstraint("token_hash"),
    )
    for column in ("search_id", "person_id", "seat_id"):
        op.create_index(f"ix_search_feeds_{column}", "search_feeds", [column])


def downgrade() -> None:
    for table in ("search_feeds", "search_matches", "saved_searches"):
        op.drop_table(table)
