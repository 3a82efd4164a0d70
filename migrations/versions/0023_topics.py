"""Searches narrow by topic and sector; papers there are already are indexed anew by the worker.

Revision: 0023, after: 0022
"""

import sqlalchemy as sa
from alembic import op

revision = "0023"
down_revision = "0022"
branch_labels = None
depends_on = None

_AGAIN = (
    "DELETE FROM handlings WHERE handler = 'bulletins.handlers.index'"
    " AND entry_id IN (SELECT id FROM search_papers)",
    "INSERT INTO handlings (entry_id, handler, attempts, next_try_at)"
    " SELECT journal.id, 'bulletins.handlers.index', 0, journal.at"
    " FROM search_papers JOIN journal ON journal.id = search_papers.id",
)


def upgrade() -> None:
    for name in ("issuers", "tags"):
        column = sa.Column(name, sa.Text(), nullable=False, server_default="")
        op.add_column("search_papers", column)
    op.execute("UPDATE search_papers SET issuers = CAST(issuer_id AS VARCHAR(20))")
    with op.batch_alter_table("saved_searches") as batch:
        for name in ("topic", "sector"):
            batch.add_column(sa.Column(name, sa.String(20), nullable=True))
            key = f"fk_saved_searches_{name}_tags"
            batch.create_foreign_key(key, "tags", [name], ["code"])
    if op.get_bind().dialect.name == "postgresql":
        # What was indexed just now is read by every search until it is sorted in: keep that short.
        op.execute("ALTER INDEX ix_fts_papers_tokens SET (gin_pending_list_limit = 256)")
        op.execute("SELECT gin_clean_pending_list('ix_fts_papers_tokens')")
    for statement in _AGAIN:
        op.execute(statement)


def downgrade() -> None:
    if op.get_bind().dialect.name == "postgresql":
        op.execute("ALTER INDEX ix_fts_papers_tokens RESET (gin_pending_list_limit)")
    with op.batch_alter_table("saved_searches") as batch:
        for name in ("topic", "sector"):
            batch.drop_constraint(f"fk_saved_searches_{name}_tags", type_="foreignkey")
            batch.drop_column(name)
    for name in ("issuers", "tags"):
        op.drop_column("search_papers", name)
