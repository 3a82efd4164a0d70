"""A PostgreSQL server on loopback with a data folder of its own."""

import os
import shutil
import signal
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from types import TracebackType
from typing import Self

import psycopg
from psycopg import sql

from parts.leftovers import remove, scratch_folder
from parts.ports import free_port
from parts.processes import PartError, Process, members, program, run, start

# Rows are deleted table by table without their foreign keys in the way: for the few rows of a
# test that is far quicker than TRUNCATE, which makes new files for every table and index.
_EMPTY = """
DO $$
DECLARE name text;
BEGIN
    SET LOCAL session_replication_role = replica;
    FOR name IN SELECT relname FROM pg_class
        WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace
        AND relname <> ALL (%(keep)s::text[])
    LOOP
        EXECUTE format('DELETE FROM %%I', name);
    END LOOP;
END $$
"""
_RECOUNT = """
SELECT setval(oid::regclass, 1, false) FROM pg_class
WHERE relkind = 'S' AND relnamespace = 'public'::regnamespace
"""
# Who waits between two requests may stay; whoever holds a transaction or a lock may not.
_DISTURBERS = """
SELECT pg_terminate_backend(pid) FROM pg_stat_activity
WHERE datname = current_database() AND pid <> pg_backend_pid() AND (
    state IS DISTINCT FROM 'idle'
    OR pid IN (SELECT locks.pid FROM pg_locks AS locks WHERE locktype = 'advisory')
)
"""
_SHAPE = """
SELECT md5(string_agg(concat_ws(' ', relname, attname, atttypid), ',' ORDER BY relname, attname))
FROM pg_class JOIN pg_attribute ON attrelid = pg_class.oid
WHERE relkind IN ('r', 'i') AND relnamespace = 'public'::regnamespace
AND attnum > 0 AND NOT attisdropped
"""
_PACKAGE = "postgresql-15"
_FAST = {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off"}


class PostgreSQL:
    """Makes a cluster at once and serves it from ``start()``, or ``with``, to ``stop()``.

    What a commit promises is kept only when ``durable``; without it everything is quicker, and a
    killed server may have lost its data. With ``source``, the port of another, it follows that one.
    """

    def __init__(
        self,
        *,
        durable: bool = False,
        settings: dict[str, str] | None = None,
        source: int | None = None,
    ) -> None:
        self.port = free_port()
        self._settings = ({} if durable else _FAST) | (settings or {})
        self._user = "postgres" if os.geteuid() == 0 else None
        self._folder = scratch_folder("postgresql")
        self._data = self._folder / "data"
        self._process: Process | None = None
        self._emptying: dict[str, psycopg.Connection] = {}
        if source:
            self._copy_cluster(source)
        else:
            self._make_cluster()

    def url(self, database: str) -> str:
        """The address of a database, as SQLAlchemy reads it."""
        return f"postgresql+psycopg://postgres@127.0.0.1:{self.port}/{database}"

    def start(self) -> None:
        """Serve on ``port`` until stopped; a server that was stopped has its data still."""
        if self._process and self._process.running:
            return
        options = {
            "port": str(self.port),
            "listen_addresses": "127.0.0.1",
            "unix_socket_directories": "",
            "max_connections": "200",
        } | self._settings
        arguments = [word for name, value in options.items() for word in ("-c", f"{name}={value}")]
        self._process = start(
            [_binary("postgres"), "-D", str(self._data), *arguments],
            name="PostgreSQL",
            ready=lambda process: process.says("ready to accept"),
            timeout=60,
            cwd=self._data,
            user=self._user,
            polite=signal.SIGINT,
        )

    def stop(self) -> None:
        """End every connection and stop; the data stays until the ``with`` block or we end."""
        while self._emptying:
            self._emptying.popitem()[1].close()
        if self._process:
            self._process.stop()
            self._process = None

    def kill(self) -> None:
        """Kill it as a loss of power would."""
        if self._process:
            self._process.kill()
            self._process = None

    def create_database(self, name: str, template: str | None = None) -> str:
        """Make a database, as a copy of ``template`` if named, and return its address.

        Nobody may be connected to the template.
        """
        copied = (
            sql.SQL("TEMPLATE {}").format(sql.Identifier(template)) if template else sql.SQL("")
        )
        self._execute(sql.SQL("CREATE DATABASE {} {}").format(sql.Identifier(name), copied))
        return self.url(name)

    def drop_database(self, name: str) -> None:
        """Remove a database, if there is one, with whoever is connected to it."""
        if emptying := self._emptying.pop(name, None):
            emptying.close()
        self._execute(
            sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name))
        )

    def disconnect(self, database: str) -> None:
        """End every connection to a database, as a network that breaks would."""
        self._execute(
            sql.SQL(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = {}"
            ).format(sql.Literal(database))
        )

    def end_lock_sessions(self) -> None:
        """End every connection that holds an advisory lock, as an administrator would."""
        self._execute(
            sql.SQL(
                "SELECT pg_terminate_backend(pid)"
                " FROM (SELECT DISTINCT pid FROM pg_locks WHERE locktype = 'advisory') AS holding"
            )
        )

    def fill_disk(self) -> None:
        """Let no process of it write another byte to a file, as if its disk were full."""
        if self._process:
            for pid in members(self._process.pid):
                self._limit_files(pid, "0")

    def free_disk(self) -> None:
        """Make room again, and start what has stopped for want of it."""
        if self._process:
            for pid in members(self._process.pid):
                self._limit_files(pid, "unlimited")
            if not self._process.running:
                self._process.kill()
        self.start()

    def replica(self) -> "PostgreSQL":
        """A server that follows this one, which runs; start it like any other."""
        return PostgreSQL(durable=True, source=self.port)

    def empty(self, database: str, *, keep: Sequence[str] = ()) -> str:
        """Take every row but those of the tables to keep, and begin counting at 1 again.

        Whoever is in the middle of something loses the connection. Much quicker than a new
        database. Returns the shape of its tables, to be compared with an earlier one.
        """
        connection = self._emptier(database)
        connection.execute(_DISTURBERS)
        connection.execute(_EMPTY, {"keep": list(keep)})
        connection.execute(_RECOUNT)
        row = connection.execute(_SHAPE).fetchone()
        return str(row[0]) if row else ""

    def _emptier(self, database: str) -> psycopg.Connection:
        """One connection for all times: a new one would read the whole catalogue anew."""
        if kept := self._emptying.get(database):
            with suppress(psycopg.OperationalError):
                kept.execute("SELECT 1")
                return kept
        made = self._emptying[database] = self._connected(database)
        return made

    def _limit_files(self, pid: int, size: str) -> None:
        """How large a file a process may write; one that ended meanwhile needs no limit."""
        with suppress(PartError):
            run(["prlimit", f"--pid={pid}", f"--fsize={size}:"], user=self._user, cwd=self._folder)

    def _execute(self, statement: sql.SQL | sql.Composed) -> None:
        """Run one statement by itself as the owner of the server."""
        with self._connected("postgres") as connection:
            connection.execute(statement)

    def _connected(self, database: str) -> psycopg.Connection:
        return psycopg.connect(
            host="127.0.0.1",
            port=self.port,
            user="postgres",
            dbname=database,
            connect_timeout=10,
            autocommit=True,
            cursor_factory=psycopg.ClientCursor,
        )

    def _make_cluster(self) -> None:
        """Make the data folder; PostgreSQL refuses to run as root, so root gives it away."""
        if self._user:
            shutil.chown(self._folder, self._user)
        command = [_binary("initdb"), "-D", str(self._data), "--username=postgres", "--auth=trust"]
        command += ["--encoding=UTF8", "--locale=C.UTF-8", "--no-sync", "--no-instructions"]
        run(command, user=self._user, cwd=self._folder)

    def _copy_cluster(self, source: int) -> None:
        """Make the data folder a copy of another server's, which it follows from then on."""
        if self._user:
            shutil.chown(self._folder, self._user)
        command = [_binary("pg_basebackup"), "-D", str(self._data), "-R", "-c", "fast", "-X"]
        command += ["stream", "-h", "127.0.0.1", "-p", str(source), "-U", "postgres"]
        run(command, user=self._user, cwd=self._folder)

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.stop()
        remove(self._folder)


def _binary(name: str) -> str:
    """A program of the newest PostgreSQL installed, which Debian keeps off the path."""
    folders = sorted(
        Path("/usr/lib/postgresql").glob("*/bin"), key=lambda folder: int(folder.parent.name)
    )
    return program(name, _PACKAGE, *reversed(folders))
