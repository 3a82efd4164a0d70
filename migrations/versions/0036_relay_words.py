"""What relays add to papers can be searched; those signed already are indexed by the worker.

Revision: 0036, after: 0035
"""

import sqlalchemy as sa
from alembic import op

revision = "0036"
down_revision = "0035"
branch_labels = None
depends_on = None

KEY = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
WORDS = {
    "sqlite": (
        "CREATE VIRTUAL TABLE fts_relays USING fts5("
        "title, head, body, tokenize='ascii', prefix='1', columnsize=0)",
    ),
    "postgresql": (
        "CREATE TABLE fts_relays ("
        "entry_id bigint NOT NULL, number integer NOT NULL, tokens tsvector NOT NULL,"
        " CONSTRAINT pk_fts_relays PRIMARY KEY (entry_id, number))"
        " WITH (toast_tuple_target = 8160)",
        "ALTER TABLE fts_relays ALTER tokens SET STORAGE EXTERNAL",
        "CREATE INDEX ix_fts_relays_tokens ON fts_relays USING gin (tokens)"
        " WITH (gin_pending_list_limit = 256)",
    ),
}


def upgrade() -> None:
    op.create_table(
        "search_relays",
        sa.Column("id", KEY, sa.ForeignKey("journal.id"), primary_key=True, autoincrement=False),
        sa.Column("relay_id", KEY, sa.ForeignKey("relays.id"), nullable=False),
        sa.Column("bulletin_id", KEY, sa.ForeignKey("bulletins.id"), nullable=False),
        sa.Column("agency_id", KEY, sa.ForeignKey("agencies.id"), nullable=False),
        sa.UniqueConstraint("relay_id"),
    )
    op.create_index("ix_search_relays_bulletin_id", "search_relays", ["bulletin_id"])
    op.create_index("ix_search_relays_agency_id_id", "search_relays", ["agency_id", "id"])
    for statement in WORDS[op.get_bind().dialect.name]:
        op.execute(statement)
    op.execute(
        "INSERT INTO handlings (entry_id, handler, attempts, next_try_at)"
        " SELECT id, 'bulletins.handlers.index_relay', 0, at FROM journal"
        " WHERE kind = 'relay.signed' AND position IS NOT NULL"
    )


def downgrade() -> None:
    op.execute("DELETE FROM handlings WHERE handler = 'bulletins.handlers.index_relay'")
    op.drop_table("fts_relays")
    op.drop_table("search_relays")
