"""The right to run the schedule: one process has it, others stand by."""

import fcntl
import select
from pathlib import Path
from typing import IO, Any, Protocol

from sqlalchemy import Connection, create_engine, text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.pool import NullPool

from config.database import engine_options
from config.settings import Settings

LEADER_LOCK = 7_246_002


class Leadership(Protocol):
    """The right to run the schedule, held by one process at a time."""

    def take(self) -> bool: ...
    def holds(self) -> bool: ...
    def is_doubtful(self) -> bool: ...
    def release(self) -> None: ...


class FileLeadership:
    """Leadership on one host: a lock on a file, which dies with its process."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._file: IO[str] | None = None

    def take(self) -> bool:
        file = self._path.open("w", encoding="ascii")
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            file.close()
            return False
        self._file = file
        return True

    def holds(self) -> bool:
        return self._file is not None

    def is_doubtful(self) -> bool:
        return False

    def release(self) -> None:
        if self._file is not None:
            self._file.close()
            self._file = None


# A host that is cut off stops leading, and the server lets another lead, within seconds.
_WATCHFUL = {
    "tcp_user_timeout": 5_000,
    "options": "-c timezone=UTC -c tcp_keepalives_idle=5 -c tcp_keepalives_interval=2"
    " -c tcp_keepalives_count=3",
}


class SessionLeadership:
    """Leadership over hosts: an advisory lock of one database session, which dies with it."""

    def __init__(self, settings: Settings) -> None:
        options = engine_options(settings)["connect_args"] | _WATCHFUL
        self._engine = create_engine(
            settings.database_direct_url,
            poolclass=NullPool,
            isolation_level="AUTOCOMMIT",
            connect_args=options,
        )
        self._connection: Connection | None = None

    def take(self) -> bool:
        query = text("SELECT pg_try_advisory_lock(:number)")
        try:
            connection = self._engine.connect()
            if not connection.scalar(query, {"number": LEADER_LOCK}):
                connection.close()
                return False
        except DBAPIError:
            return False
        self._connection = connection
        return True

    def is_doubtful(self) -> bool:
        """Whether the server has said something unasked, as it does when it ends a session."""
        if self._connection is None:
            return True
        driver: Any = self._connection.connection.driver_connection
        return bool(select.select([driver.fileno()], [], [], 0)[0])

    def holds(self) -> bool:
        if self._connection is None:
            return False
        try:
            self._connection.execute(text("SELECT 1"))
        except DBAPIError:
            self._connection = None
            return False
        return True

    def release(self) -> None:
        if self._connection is not None:
            self._connection.close()
            self._connection = None


def leadership(settings: Settings) -> Leadership:
    """The kind of leadership that fits the engine."""
    if settings.is_sqlite:
        return FileLeadership(settings.data_dir / "leader.lock")
    return SessionLeadership(settings)
