"""Recipients from outside confirm their addresses; those there are have been asked otherwise.

Revision: 0029, after: 0028
"""

import sqlalchemy as sa
from alembic import op

revision = "0029"
down_revision = "0028"
branch_labels = None
depends_on = None


def upgrade() -> None:
    for name in ("mail_confirmed_at", "phone_confirmed_at"):
        op.add_column("recipients", sa.Column(name, sa.DateTime(timezone=True), nullable=True))
    op.execute(
        "UPDATE recipients SET mail_confirmed_at = created_at"
        " WHERE person_id IS NULL AND mail IS NOT NULL"
    )
    op.execute(
        "UPDATE recipients SET phone_confirmed_at = created_at"
        " WHERE person_id IS NULL AND phone IS NOT NULL"
    )


def downgrade() -> None:
    op.drop_column("recipients", "phone_confirmed_at")
    op.drop_column("recipients", "mail_confirmed_at")
