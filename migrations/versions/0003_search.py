"""The index of papers; those that are there already are indexed by the worker.

Revision: 0003, after: 0002
"""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

KEY = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
WORDS = {
    "sqlite": (
        "CREATE VIRTUAL TABLE fts_papers USING fts5("
        "title, head, body, tokenize='ascii', prefix='1', columnsize=0)",
    ),
    "postgresql": (
        "CREATE TABLE fts_papers ("
        "paper_id bigint NOT NULL, number integer NOT NULL, tokens tsvector NOT NULL,"
        " CONSTRAINT pk_fts_papers PRIMARY KEY (paper_id, number))",
        "CREATE INDEX ix_fts_papers_tokens ON fts_papers USING gin (tokens)",
    ),
}


def upgrade() -> None:
    op.create_table(
        "search_papers",
        sa.Column("id", KEY, sa.ForeignKey("journal.id"), primary_key=True, autoincrement=False),
        sa.Column("bulletin_id", KEY, sa.ForeignKey("bulletins.id"), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("issuer_id", KEY, sa.ForeignKey("agencies.id"), nullable=False),
        sa.Column("type", sa.String(16), nullable=False),
        sa.Column("published_on", sa.Date(), nullable=False),
        sa.UniqueConstraint("bulletin_id"),
    )
    for statement in WORDS[op.get_bind().dialect.name]:
        op.execute(statement)
    op.execute(
        "INSERT INTO handlings (entry_id, handler, attempts, next_try_at)"
        " SELECT id, 'bulletins.handlers.index', 0, at FROM journal"
        " WHERE kind = 'bulletin.published' AND position IS NOT NULL"
    )


def downgrade() -> None:
    op.execute("DELETE FROM handlings WHERE handler = 'bulletins.handlers.index'")
    op.drop_table("fts_papers")
    op.drop_table("search_papers")
