"""PgBouncer on loopback, in transaction mode, before a PostgreSQL server."""

import os
import shutil
from pathlib import Path
from types import TracebackType
from typing import Self

from parts.leftovers import remove, scratch_folder
from parts.ports import free_port
from parts.processes import Process, listening, program, start

_CONFIGURATION = """\
[databases]
* = host=127.0.0.1 port={server_port} user=postgres

[pgbouncer]
listen_addr = 127.0.0.1
listen_port = {port}
unix_socket_dir =
auth_type = any
pool_mode = transaction
default_pool_size = 20
max_client_conn = 500
ignore_startup_parameters = options,extra_float_digits
"""


class PgBouncer:
    """The pooler, inside ``with``, before the server at ``server_port``."""

    def __init__(self, server_port: int) -> None:
        self.port = free_port()
        self._user = "postgres" if os.geteuid() == 0 else None
        self._folder = scratch_folder("pgbouncer")
        self._path: Path = self._folder / "pgbouncer.ini"
        self._path.write_text(_CONFIGURATION.format(port=self.port, server_port=server_port))
        self._process: Process | None = None
        if self._user:
            shutil.chown(self._folder, self._user)

    def url(self, database: str) -> str:
        """The address of a database through it, as SQLAlchemy reads it."""
        return f"postgresql+psycopg://postgres@127.0.0.1:{self.port}/{database}"

    def __enter__(self) -> Self:
        self._process = start(
            [program("pgbouncer", "pgbouncer"), str(self._path)],
            name="PgBouncer",
            ready=lambda _: listening(self.port),
            cwd=self._folder,
            user=self._user,
        )
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if self._process:
            self._process.stop()
        remove(self._folder)
