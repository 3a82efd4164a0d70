"""Making the tables that wait: what the worker does, one after the other."""

import os
import secrets
import tempfile
from collections.abc import Iterator, Sequence

import structlog
from flask import g
from flask_babel import force_locale
from sqlalchemy import delete, select, update

from agencies.actors import Actor, actor_for
from agencies.exports.models import Export
from agencies.exports.ports import EXPORTERS, Source
from agencies.exports.services import conditions_of
from agencies.exports.states import (
    FILE_KEPT,
    GOING_ON,
    LEASE,
    PAUSES,
    ROW_KEPT,
    Failure,
    State,
)
from agencies.models import Agency, Person
from config import clock, journal
from config.database import db, writing
from config.errors import Forbidden, NotFound, StorageFull
from config.files import FULL, store
from config.sheets import Cell, Format, write

FOLDER = "exports"
MOST_A_TURN = 20
_PIECE = 1000  # rows between two notes of how far it is

log = structlog.get_logger(__name__)


class _Lost(Exception):
    """Another worker has it now, or nobody wants it any more."""


def make_waiting() -> int:
    """Make the tables that wait, the oldest first; returns how many were tried."""
    for count in range(MOST_A_TURN):
        taken = _taken()
        if taken is None:
            return count
        _make(*taken)
    return MOST_A_TURN


def _taken() -> tuple[int, int] | None:
    """Take the one that has waited longest: its id, and which attempt this is."""
    now = clock.now()
    waiting = (
        select(Export)
        .where(Export.state.in_(GOING_ON), Export.due_at <= now)
        .order_by(Export.due_at, Export.id)
        .limit(1)
    )
    if db.session.scalar(waiting) is None:
        db.session.rollback()
        return None
    with writing():
        export = db.session.scalar(waiting.with_for_update(skip_locked=True))
        if export is None:
            return None
        export.state, export.due_at, export.done = State.MAKING, now + LEASE, 0
        export.attempts += 1
        return export.id, export.attempts


def _make(export_id: int, attempt: int) -> None:
    try:
        if attempt > len(PAUSES) + 1:  # it took every worker with it that had it
            _fail(export_id, attempt, Failure.BROKEN)
            return
        _write(export_id, attempt)
    except _Lost:
        db.session.rollback()
    except StorageFull:
        _fail(export_id, attempt, Failure.STORAGE_FULL)
    except (NotFound, Forbidden):
        _fail(export_id, attempt, Failure.REFUSED)
    except Exception:  # one that fails must not hold up the others
        log.exception("export_failed", export=export_id, attempt=attempt)
        if attempt > len(PAUSES):
            _fail(export_id, attempt, Failure.BROKEN)
        else:
            _move(export_id, attempt, state=State.WAITING, due_at=clock.now() + PAUSES[attempt - 1])


def _write(export_id: int, attempt: int) -> None:
    export = db.session.get_one(Export, export_id)
    language, form = export.language, Format(export.form)
    zone = select(Agency.timezone).where(Agency.id == export.agency_id)
    g.zone_name = db.session.scalar(zone)  # times are written as where it was asked for
    key = f"{FOLDER}/{export_id}-{secrets.token_hex(8)}.{form}"
    try:
        with force_locale(language):
            table = _source(export)
            _move(export_id, attempt, total=table.count)
            size = _kept(key, form, _noting(table, export_id, attempt))
    finally:
        g.pop("zone_name", None)
    _finish(export_id, attempt, key, size)


def _source(export: Export) -> Source:
    return EXPORTERS[export.kind].open(_asker(export), conditions_of(export))


def _asker(export: Export) -> Actor:
    """Who asked, in the seat in which they did; raises NotFound where they have left it."""
    person = db.session.get_one(Person, export.person_id)
    actor = actor_for(person, export.seat_id)
    if not person.active or actor.seat_id != export.seat_id:
        raise NotFound
    return actor


def _noting(table: Source, export_id: int, attempt: int) -> Iterator[Sequence[Cell]]:
    """The rows, with a note now and then of how far it is."""
    for number, row in enumerate(table.rows()):
        if number and not number % _PIECE:
            _move(export_id, attempt, done=number, due_at=clock.now() + LEASE)
        yield row


def _kept(key: str, form: Format, rows: Iterator[Sequence[Cell]]) -> int:
    """Write the table and put it where files are kept; its size. Raises StorageFull."""
    try:
        with tempfile.TemporaryFile() as file:
            write(form, rows, file, is_large=True)
            size = file.seek(0, os.SEEK_END)
            file.seek(0)
            store().put(key, file)
            return size
    except OSError as error:
        if error.errno in FULL:
            log.error("storage_full", exc_info=error)
            raise StorageFull from error
        raise


def _move(export_id: int, attempt: int, **to: object) -> None:
    """Change a row that this worker still has; raises _Lost."""
    with writing():
        moved = db.session.execute(
            update(Export)
            .where(Export.id == export_id, Export.state == State.MAKING, Export.attempts == attempt)
            .values(**to)
            .returning(Export.id)
            .execution_options(synchronize_session=False)
        )
        if moved.first() is None:
            raise _Lost


def _finish(export_id: int, attempt: int, key: str, size: int) -> None:
    now = clock.now()
    done = {"state": State.READY, "key": key, "size": size, "ready_at": now}
    try:
        with writing():
            _move(export_id, attempt, **done, done=Export.total)
            _record("export.made", export_id)
    except BaseException:
        store().delete(key)
        raise


def _fail(export_id: int, attempt: int, why: Failure) -> None:
    try:
        with writing():
            _move(export_id, attempt, state=State.FAILED, failure=why)
            _record("export.failed", export_id, why=str(why))
    except _Lost:
        db.session.rollback()


def _record(kind: str, export_id: int, why: str | None = None) -> None:
    export = db.session.get_one(Export, export_id)
    subject, agency_id = ("export", export_id), export.agency_id
    journal.record(kind, subject=subject, agency_id=agency_id, table=export.kind, why=why)


def forget_old() -> None:
    """Remove files after a week and rows after three months; strays of workers that died too."""
    now = clock.now()
    with writing():
        db.session.execute(
            update(Export)
            .where(Export.state == State.READY, Export.ready_at < now - FILE_KEPT)
            .values(state=State.REMOVED, key="")
        )
        db.session.execute(
            delete(Export).where(
                Export.asked_at < now - ROW_KEPT,
                Export.state.in_((State.REMOVED, State.FAILED)),
            )
        )
    kept = store()
    for key in list(kept.keys(FOLDER, now - FILE_KEPT)):
        kept.delete(key)
