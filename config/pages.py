"""Keyset pages: a list is read by key, never by offset, however long it is."""

import base64
import binascii
import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Generic, TypeVar
from urllib.parse import quote, urlencode

from flask import request
from sqlalchemy import ColumnElement, Integer, Select, tuple_

from config.database import UTCDateTime, db
from config.errors import DomainError

T = TypeVar("T")
Mark = tuple[Any, ...]


@dataclass(frozen=True)
class Page(Generic[T]):
    """One page of a list with the addresses of its neighbours (None where there are none)."""

    items: Sequence[T]
    newer_url: str | None = None
    older_url: str | None = None
    next_mark: str | None = None


def encode(mark: Mark) -> str:
    """A row's place in its list as an opaque word for an address."""
    parts = [value.isoformat() if isinstance(value, datetime) else value for value in mark]
    return base64.urlsafe_b64encode(json.dumps(parts).encode()).decode().rstrip("=")


def decode(word: str, key: Sequence[ColumnElement[Any] | Any]) -> Mark:
    """The place that ``encode`` gave; raises DomainError (400) for anything else."""
    try:
        parts = json.loads(base64.urlsafe_b64decode(word + "=" * (-len(word) % 4)))
        if not isinstance(parts, list) or len(parts) != len(key):
            raise ValueError
        return tuple(_value(part, column) for part, column in zip(parts, key, strict=True))
    except (ValueError, OverflowError, binascii.Error, RecursionError) as error:
        raise DomainError from error


def _value(part: Any, column: Any) -> Any:
    """``part`` if it is what ``column`` holds; a forged mark must not reach the database."""
    if isinstance(column.type, Integer):
        if type(part) is int and abs(part) < 2**63:
            return part
    elif isinstance(part, str):
        if not isinstance(column.type, UTCDateTime):
            return part.replace("\0", "")
        moment = datetime.fromisoformat(part)
        if moment.tzinfo is not None:
            return moment.astimezone(UTC)
    raise ValueError


def keyset(
    query: Select[*tuple[Any, ...]],
    key: Sequence[ColumnElement[Any] | Any],
    mark_of: Callable[[Any], Mark],
    *,
    size: int = 25,
    descending: bool = True,
) -> Page[Any]:
    """The page of ``query`` that the request's ``after`` or ``before`` names.

    ``key`` orders the list and is unique (a time and an id); ``mark_of`` reads it off a row.
    Rows are what the query selects: entities for one entity, else Row objects.
    """
    after, before = request.args.get("after"), request.args.get("before")
    backwards = before is not None
    word = before if backwards else after
    columns = tuple_(*key)
    downward = descending != backwards
    if word is not None:
        mark = decode(word, key)
        query = query.where(columns < mark if downward else columns > mark)
    query = query.order_by(*(part.desc() if downward else part.asc() for part in key))
    result = db.session.execute(query.limit(size + 1))
    single = len(query.column_descriptions) == 1
    rows = list(result.scalars().all() if single else result.all())
    more = len(rows) > size
    rows = rows[:size]
    if backwards:
        rows.reverse()
    has_older = bool(rows) and (more or backwards)
    has_newer = bool(rows) and (more if backwards else after is not None)
    last = encode(mark_of(rows[-1])) if has_older else None
    return Page(
        rows,
        newer_url=_address(before=encode(mark_of(rows[0]))) if has_newer else None,
        older_url=_address(after=last) if last else None,
        next_mark=last,
    )


def listed(
    rows: Sequence[T],
    key: Sequence[ColumnElement[Any]],
    mark_of: Callable[[T], Mark],
    *,
    size: int = 25,
) -> Page[T]:
    """As ``keyset``, of rows that are in hand already, in descending order of their marks."""
    after, before = request.args.get("after"), request.args.get("before")
    first = 0
    if before is not None:
        mark = decode(before, key)
        first = max(0, sum(mark_of(row) > mark for row in rows) - size)
    elif after is not None:
        mark = decode(after, key)
        first = sum(mark_of(row) >= mark for row in rows)
    some = rows[first : first + size]
    last = encode(mark_of(some[-1])) if some and first + size < len(rows) else None
    return Page(
        some,
        newer_url=_address(before=encode(mark_of(some[0]))) if some and first else None,
        older_url=_address(after=last) if last else None,
        next_mark=last,
    )


def _address(**mark: str) -> str:
    kept = {k: v for k, v in request.args.items(multi=False) if k not in ("after", "before")}
    return f"{quote(request.root_path + request.path)}?{urlencode(kept | mark)}"
