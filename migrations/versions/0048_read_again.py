"""Files in which no words were found are read again: on S3 none could be read before.

Revision: 0048, after: 0047
"""

from alembic import op

revision = "0048"
down_revision = "0047"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute("DELETE FROM file_words WHERE text = ''")


def downgrade() -> None:
    """The worker has read them since; nothing is to be taken back."""
