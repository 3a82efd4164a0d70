"""Kinds of columns that the models of this folder share."""

from typing import Any

from sqlalchemy import String, text

Word = String(16)


def where(condition: str) -> dict[str, Any]:
    """A partial index, on both engines."""
    return {"sqlite_where": text(condition), "postgresql_where": text(condition)}
