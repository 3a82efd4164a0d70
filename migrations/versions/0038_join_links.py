"""Links by which people from outside ask for digests are kept, so that they can be withdrawn.

Revision: 0038, after: 0037
"""

import sqlalchemy as sa
from alembic import op

revision = "0038"
down_revision = "0037"
branch_labels = None
depends_on = None

_WIDE = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.create_table(
        "join_links",
        sa.Column("id", _WIDE, nullable=False),
        sa.Column("agency_id", _WIDE, nullable=False),
        sa.Column("created_by", _WIDE, nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("until", sa.DateTime(timezone=True), nullable=False),
        sa.Column("withdrawn_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["agency_id"], ["agencies.id"], name=op.f("fk_join_links_agency_id_agencies")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_join_links")),
    )
    op.add_column("recipients", sa.Column("join_link_id", _WIDE, nullable=True))
    op.create_index(
        "ix_recipients_join_link_id",
        "recipients",
        ["join_link_id"],
        sqlite_where=sa.text("join_link_id IS NOT NULL"),
        postgresql_where=sa.text("join_link_id IS NOT NULL"),
    )


def downgrade() -> None:
    op.drop_index("ix_recipients_join_link_id", "recipients")
    op.drop_column("recipients", "join_link_id")
    op.drop_table("join_links")
