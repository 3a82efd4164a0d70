"""How Alembic reaches the database: one transaction on either engine, references checked."""

from typing import Any, Literal

from alembic import context
from alembic.autogenerate.api import AutogenContext
from sqlalchemy import Connection

from config.database import UTCDateTime, db
from config.migrating import unchecked
from config.schema import included


def render(kind: str, thing: Any, _context: AutogenContext) -> str | Literal[False]:
    """Keep our own types out of migrations, which must not change when the code does."""
    if kind == "type" and isinstance(thing, UTCDateTime):
        return "sa.DateTime(timezone=True)"
    return False


def migrate(connection: Connection) -> None:
    """Run the steps asked for in the transaction in hand."""
    context.configure(
        connection=connection,
        target_metadata=db.metadata,
        render_as_batch=True,
        render_item=render,
        transactional_ddl=True,
        compare_type=True,
        include_name=included,
    )
    with context.begin_transaction():
        context.run_migrations()


given = context.config.attributes.get("connection")
if given is not None:
    migrate(given)
else:
    with db.engine.connect() as opened, unchecked(opened):
        migrate(opened)
