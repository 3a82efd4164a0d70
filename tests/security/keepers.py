"""Putting a database back to what it was, and only where something was written."""

import shutil
import sqlite3
from pathlib import Path

from flask import Flask

from config.database import db
from parts.postgresql import PostgreSQL


class SQLiteKeeper:
    """Puts a SQLite database back, and only where a call has changed it."""

    def __init__(self, database: Path) -> None:
        self._copy = database.with_suffix(".copy")
        shutil.copy(database, self._copy)
        self._live = sqlite3.connect(database, check_same_thread=False)
        self._live.execute("PRAGMA synchronous=OFF")
        self._seen = self._version()

    def _version(self) -> int:
        number: int = self._live.execute("PRAGMA data_version").fetchone()[0]
        return number

    def changed(self) -> bool:
        """Whether anything was written since it was put back."""
        return self._version() != self._seen

    def restore(self) -> None:
        """The world as it was made."""
        if self.changed():
            with sqlite3.connect(self._copy) as source:
                source.backup(self._live)
            source.close()
            self._seen = self._version()

    def close(self) -> None:
        """Let go of the files."""
        self._live.close()


class PostgreSQLKeeper:
    """Puts a PostgreSQL database back by making it anew from a template."""

    def __init__(self, server: PostgreSQL, name: str, app: Flask) -> None:
        self._server, self._name, self._app = server, name, app
        self._disconnect()
        server.create_database(f"{name}_copy", template=name)
        self._seen = self._writes()

    def _disconnect(self) -> None:
        with self._app.app_context():
            db.session.remove()
            db.engine.dispose()

    def _writes(self) -> str:
        """The next transaction's number: only writing ones take one."""
        with self._app.app_context(), db.engine.connect() as connection:
            sql = "SELECT pg_snapshot_xmax(pg_current_snapshot())::text"
            return str(connection.exec_driver_sql(sql).scalar_one())

    def changed(self) -> bool:
        """Whether anything was written on the server since it was put back."""
        return self._writes() != self._seen

    def restore(self) -> None:
        """The world as it was made."""
        if self.changed():
            self._disconnect()
            self._server.drop_database(self._name)
            self._server.create_database(self._name, template=f"{self._name}_copy")
            self._seen = self._writes()

    def close(self) -> None:
        """Remove both databases."""
        self._disconnect()
        self._server.drop_database(self._name)
        self._server.drop_database(f"{self._name}_copy")


Keeper = SQLiteKeeper | PostgreSQLKeeper
