"""One ORM over two engines: the typed base, the UTC type and the write transaction."""

import json
from collections.abc import Collection, Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import Annotated, Any, TypeVar

from flask import Flask
from flask_sqlalchemy import SQLAlchemy
from sqlalchemy import (
    ARRAY,
    JSON,
    BigInteger,
    ColumnElement,
    DateTime,
    Engine,
    Integer,
    MetaData,
    Select,
    TableValuedAlias,
    TypeDecorator,
    any_,
    cast,
    event,
    func,
    literal,
    select,
    text,
)
from sqlalchemy.engine import Connection, Dialect
from sqlalchemy.orm import DeclarativeBase, mapped_column, registry
from sqlalchemy.pool import ConnectionPoolEntry

from config.errors import NotFound
from config.settings import Settings

NAMING = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
    "pk": "pk_%(table_name)s",
}

WIDE = BigInteger().with_variant(Integer(), "sqlite")


class UTCDateTime(TypeDecorator[datetime]):
    """A moment: aware on the Python side, UTC in the database, on both engines."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a naive datetime can't be stored")
        return value.astimezone(UTC)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


T = TypeVar("T")

Key = Annotated[int, mapped_column(WIDE, primary_key=True)]
Wide = Annotated[int, mapped_column(WIDE)]


class Base(DeclarativeBase):
    """The typed base of every model."""

    metadata = MetaData(naming_convention=NAMING)
    registry = registry(metadata=metadata, type_annotation_map={datetime: UTCDateTime()})


db = SQLAlchemy(model_class=Base)


def engine_options(settings: Settings) -> dict[str, Any]:
    """What SQLAlchemy is told of the engine; prepared statements stay off for PgBouncer's sake."""
    if settings.is_sqlite:
        return {
            "hide_parameters": True,
            "connect_args": {"timeout": 30, "check_same_thread": False},
        }
    return {
        "hide_parameters": True,
        "pool_pre_ping": True,
        "pool_size": 10,
        "connect_args": {
            "prepare_threshold": None,
            "options": "-c timezone=UTC",
            # A server that has gone without a word is noticed in seconds, not in a quarter hour.
            "connect_timeout": 10,
            "tcp_user_timeout": 30_000,
        },
    }


@event.listens_for(Engine, "connect")
def _prepare_sqlite(connection: Any, _entry: ConnectionPoolEntry) -> None:
    if "sqlite3" not in type(connection).__module__:
        return
    connection.isolation_level = None  # SQLAlchemy's own BEGIN below is the only one
    for pragma in (
        "journal_mode=WAL",
        "synchronous=FULL",
        "foreign_keys=ON",
        "cache_size=-8000",
        "mmap_size=134217728",
    ):
        connection.execute(f"PRAGMA {pragma}")


@event.listens_for(Engine, "begin")
def _begin_sqlite(connection: Connection) -> None:
    if connection.dialect.name == "sqlite":
        mode = connection.get_execution_options().get("sqlite_begin", "DEFERRED")
        connection.exec_driver_sql(f"BEGIN {mode}")


@contextmanager
def writing() -> Iterator[None]:
    """One write transaction: committed at its end, rolled back on any error.

    SQLite refuses to turn a read transaction into a writing one once somebody else has written
    (SQLITE_BUSY_SNAPSHOT, which no timeout helps), so the read transaction is ended first, a new
    one begins IMMEDIATE, and what was loaded before is read anew. Inside another ``writing`` it
    joins that one.
    """
    session = db.session
    info = session.info
    if info.get("writing"):
        yield
        return
    if session.new or session.dirty or session.deleted:
        raise RuntimeError("changes were made outside of writing()")
    session.rollback()
    session.expire_all()
    info["writing"] = True
    try:
        session.connection(execution_options={"sqlite_begin": "IMMEDIATE"})
        yield
        session.commit()
    except BaseException:
        session.rollback()
        raise
    finally:
        info["writing"] = False


def end_reading() -> None:
    """Give the connection back before slow work (composing, sending) that needs no database."""
    db.session.rollback()


def found(query: Select[T], *, lock: bool = False) -> T:
    """The one row of ``query``; with ``lock`` it is held until the transaction ends.

    Raises NotFound where there is none.
    """
    if lock:
        # Not the stronger FOR UPDATE: rows that refer to this one hold a share of its key, and two
        # transactions that both hold one and then want all of the row would wait for each other.
        query = query.with_for_update(key_share=True)
    row: T | None = db.session.scalars(
        query.execution_options(populate_existing=lock)
    ).one_or_none()
    if row is None:
        raise NotFound
    return row


def is_sqlite() -> bool:
    """Whether the session in hand talks to the embedded engine."""
    return db.session.get_bind().dialect.name == "sqlite"


def among(column: Any, values: Collection[int | str]) -> ColumnElement[bool]:
    """Whether a column holds one of many values, which are sent as one.

    An IN of some hundred parameters is written, parsed and filled in anew each time it is asked.
    """
    if is_sqlite():
        return column.in_(select(elements(literal(json.dumps([*values]))).c.value))  # type: ignore[no-any-return]
    return column == any_(literal([*values], ARRAY(column.type)))  # type: ignore[no-any-return]


def elements(array: Any) -> TableValuedAlias:
    """The elements of an array written as JSON, a row each, in a column ``value``."""
    if is_sqlite():
        return func.json_each(array).table_valued("value")
    return func.json_array_elements_text(cast(array, JSON)).table_valued("value")


def advisory_lock(number: int) -> None:
    """Let one transaction at a time pass here; on SQLite every write transaction already does."""
    if not is_sqlite():
        db.session.execute(text("SELECT pg_advisory_xact_lock(:number)"), {"number": number})


def reserved_ids(model: type[Base], count: int) -> Sequence[int]:
    """``count`` ids for new rows, so that rows which refer to each other go in at one stroke.

    Call inside ``writing()``.
    """
    table = model.__tablename__
    if is_sqlite():
        last: int = db.session.scalar(text(f"SELECT max(id) FROM {table}")) or 0
        return range(last + 1, last + 1 + count)
    query = text("SELECT nextval(pg_get_serial_sequence(:table, 'id')) FROM generate_series(1, :n)")
    return db.session.scalars(query, {"table": table, "n": count}).all()


def init_app(app: Flask, settings: Settings) -> None:
    """Join the database to the app."""
    app.config["SQLALCHEMY_DATABASE_URI"] = settings.database_url
    app.config["SQLALCHEMY_ENGINE_OPTIONS"] = engine_options(settings)
    db.init_app(app)
