"""What comes back of mails: addresses that are gone, and whom senders have lost by it.

Revision: 0026, after: 0025
"""

import sqlalchemy as sa
from alembic import op

revision = "0026"
down_revision = "0025"
branch_labels = None
depends_on = None

KEY = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
MOMENT = sa.DateTime(timezone=True)


def _refers(name: str, to: str) -> sa.Column[int]:
    return sa.Column(name, KEY, sa.ForeignKey(f"{to}.id"), nullable=False)


def upgrade() -> None:
    op.add_column("contacts", sa.Column("bounced_at", MOMENT, nullable=True))
    op.add_column("recipients", sa.Column("bounced_at", MOMENT, nullable=True))
    op.create_table(
        "returned_mails",
        sa.Column("id", KEY, primary_key=True),
        _refers("delivery_id", "deliveries"),
        sa.Column("kind", sa.String(16), nullable=False),
        sa.Column("status", sa.String(16), nullable=False),
        sa.Column("detail", sa.String(200), nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.UniqueConstraint("delivery_id", "kind"),
    )
    op.create_table(
        "lost_readers",
        sa.Column("id", KEY, primary_key=True),
        _refers("agency_id", "agencies"),
        _refers("recipient_id", "recipients"),
        _refers("bulletin_id", "bulletins"),
        _refers("entry_id", "journal"),
        sa.UniqueConstraint("entry_id"),
    )
    op.create_index("ix_lost_readers_agency_id", "lost_readers", ["agency_id", "id"])


def downgrade() -> None:
    op.drop_table("lost_readers")
    op.drop_table("returned_mails")
    op.drop_column("recipients", "bounced_at")
    op.drop_column("contacts", "bounced_at")
