"""The database's schema: where it stands, where it should, and which of its tables are whose."""

from functools import cache
from pathlib import Path

from sqlalchemy import Connection, inspect, text

FOLDER = Path(__file__).parents[1] / "migrations"

SEEDED = frozenset({"tags"})
"""Tables that migrations fill: a database with rows in them alone is an empty one."""


def is_kept(table: str) -> bool:
    """Whether a table holds something of its own, and not the index of a full-text search.

    An index is each engine's own affair: no model maps it, no backup keeps it.
    """
    return not table.startswith("fts_")


def included(name: str | None, kind: str, _parents: object) -> bool:
    """What Alembic compares with the models."""
    return kind != "table" or is_kept(name or "")


@cache
def head() -> str:
    """The revision that this code wants. Each step's file begins with its own, in four digits."""
    return max(step.name[:4] for step in (FOLDER / "versions").glob("[0-9]*_*.py"))


def current(connection: Connection) -> str | None:
    """The revision at which the database stands; None for one without tables."""
    if not inspect(connection).has_table("alembic_version"):
        return None
    revision: str | None = connection.scalar(text("SELECT version_num FROM alembic_version"))
    return revision
