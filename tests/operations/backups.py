"""Backups taken and restored as an operator does it, and people who write meanwhile."""

import io
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Self

from apiflask import APIFlask

from agencies import tree
from agencies.models import Agency
from agencies.states import AgencyKind, Level
from app import create_app
from bulletins import services
from bulletins.services import sweeping
from config import backup, clock, journal, restoring
from config.backup import Manifest
from config.database import db, writing
from config.settings import Settings
from tests.worlds import World

KEPT = ("journal-checkpoints", "outbox")


@contextmanager
def service(settings: Settings) -> Iterator[APIFlask]:
    """The service of an installation, with hooks that tell what they did."""
    app = create_app(settings)
    app.extensions["kept_files"] = KEPT
    app.extensions["restored"] = [lambda: "deliveries wait"]
    with app.app_context():
        yield app
        db.session.remove()
        db.engine.dispose()


def taken(app: APIFlask, path: Path, *, with_secret_key: bool = False) -> Manifest:
    """A backup of the service in hand."""
    settings: Settings = app.extensions["settings"]
    return backup.write(path, settings, KEPT, with_secret_key=with_secret_key)


def restored(app: APIFlask, path: Path, *, force: bool = False) -> list[str]:
    """Restore into the service in hand; what the folders said."""
    settings: Settings = app.extensions["settings"]
    return restoring.restore(path, settings, force=force)[1]


def sums(manifest: Manifest) -> dict[str, tuple[int, str]]:
    """Rows and sum of each table but the two that a restore itself adds to."""
    return {
        name: (part.rows, part.sha256)
        for name, part in manifest.tables.items()
        if name not in ("journal", "restores")
    }


class Writer:
    """Adds an agency and its journal entry in each transaction, until it is stopped."""

    def __init__(self, app: APIFlask) -> None:
        self._app = app
        self._stop = threading.Event()
        self.wrote = threading.Event()
        self._thread = threading.Thread(target=self._write)

    def _write(self) -> None:
        number = 0
        with self._app.app_context():
            while not self._stop.is_set():
                number += 1
                with writing():
                    agency = Agency(
                        code=f"W{number}",
                        name=f"写手{number}",
                        level=Level.COUNTY,
                        kind=AgencyKind.ENTERPRISE,
                        created_at=clock.now(),
                    )
                    tree.plant(agency)
                    journal.record("agency.added", subject=("agency", agency.id))
                self.wrote.set()

    def __enter__(self) -> Self:
        self._thread.start()
        assert self.wrote.wait(10)
        return self

    def __exit__(self, *_: object) -> None:
        self._stop.set()
        self._thread.join(30)


class Attacher(Writer):
    """Attaches files, takes them off and sweeps, until it is stopped."""

    def __init__(self, app: APIFlask, world: World, bulletin_id: int) -> None:
        super().__init__(app)
        self._world, self._bulletin_id = world, bulletin_id

    def _write(self) -> None:
        number = 0
        with self._app.app_context():
            clerk = self._world.actor("province-clerk")
            while not self._stop.is_set():
                number += 1
                content = io.BytesIO(f"附件 {number}".encode())
                one = services.attach(clerk, self._bulletin_id, "附件.txt", content)
                if number % 3:
                    services.remove(clerk, one.id)
                sweeping.sweep()
                self.wrote.set()
            db.session.remove()
