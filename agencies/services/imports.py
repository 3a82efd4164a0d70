"""Loading the tree of agencies from a file: all of it or nothing, again without doubles."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import bindparam, insert, select, update

from agencies import csv_import, tree
from agencies.actors import Actor
from agencies.csv_import import CONTACTS, Row, Table
from agencies.csv_table import Fault, WrongLines
from agencies.models import Agency
from agencies.permissions import require
from agencies.states import AgencyKind
from config import clock, journal
from config.database import advisory_lock, db, reserved_ids, writing

LOCK = 7_246_010
MOST_NAMED = 500
NO_CONTACT = dict.fromkeys(CONTACTS, "")
FIELDS = ("name", "level", "kind", "parent_id", *CONTACTS)


@dataclass(frozen=True)
class Outcome:
    """How many agencies an import made, changed (of them moved elsewhere) and left as they were."""

    created: int
    changed: int
    moved: int
    unchanged: int


@dataclass(frozen=True)
class Known:
    """An agency as the database holds it."""

    id: int
    fields: dict[str, Any]
    is_ended: bool


def import_agencies(actor: Actor, data: bytes) -> Outcome:
    """Load a CSV file. Raises WrongLines with each wrong line; then nothing was changed."""
    require(actor, "agency.import")
    table = csv_import.parsed(data)
    with writing():
        advisory_lock(LOCK)
        known = _known()
        depth = _laid_over(table, known)
        now = clock.now()
        new = [row for row in table.rows if row.code not in known]
        ids = {code: one.id for code, one in known.items()}
        _insert(sorted(new, key=lambda row: depth[row.code]), depth, ids, now)
        changes = _changes(table.rows, known, ids)
        return _applied(actor, table.rows, new, changes)


def faults_of(actor: Actor, data: bytes) -> Sequence[Fault]:
    """What is wrong with which line of a CSV file, all of it; nothing is changed or kept."""
    require(actor, "agency.import")
    try:
        _laid_over(csv_import.parsed(data), _known())
    except WrongLines as error:
        return error.faults
    return []


def _laid_over(table: Table, known: dict[str, Known]) -> dict[str, int]:
    table.faults.extend(_of_ended(table.rows, known))
    return csv_import.laid_over(table, _parents(known))


def _known() -> dict[str, Known]:
    columns = [getattr(Agency, name) for name in FIELDS]
    query = select(Agency.id, Agency.code, Agency.ended_on, *columns)
    return {
        row.code: Known(
            row.id, {name: getattr(row, name) for name in FIELDS}, row.ended_on is not None
        )
        for row in db.session.execute(query)
    }


def _parents(known: dict[str, Known]) -> dict[str, str]:
    codes = {one.id: code for code, one in known.items()}
    return {
        code: codes.get(one.fields["parent_id"], "")
        for code, one in known.items()
        if not one.is_ended
    }


def _of_ended(rows: Iterable[Row], known: dict[str, Known]) -> list[Fault]:
    return [
        Fault(row.line, _("编码 %(code)s 的机构已撤销。", code=row.code))
        for row in rows
        if row.code in known and known[row.code].is_ended
    ]


def _insert(rows: Sequence[Row], depth: dict[str, int], ids: dict[str, int], now: datetime) -> None:
    """Insert new agencies, the upper before the lower, and their lines of ancestors."""
    ids.update(zip([row.code for row in rows], reserved_ids(Agency, len(rows)), strict=True))
    for _depth, level in groupby(rows, key=lambda row: depth[row.code]):
        values = [
            {
                **NO_CONTACT,
                **_fields(row, ids),
                "kind": row.kind or AgencyKind.BUREAU,
                "id": ids[row.code],
                "code": row.code,
                "created_at": now,
            }
            for row in level
        ]
        db.session.connection().execute(insert(Agency), values)
        tree.grow()


def _fields(row: Row, ids: dict[str, int]) -> dict[str, Any]:
    """What the file says of an agency, by column; what it does not mention is left out."""
    said: dict[str, Any] = {
        "name": row.name,
        "level": row.level,
        "parent_id": ids[row.parent_code] if row.parent_code else None,
        **row.contacts,
    }
    return said | ({"kind": row.kind} if row.kind else {})


def _changes(
    rows: Iterable[Row], known: dict[str, Known], ids: dict[str, int]
) -> list[dict[str, Any]]:
    changes = []
    for row in rows:
        before = known.get(row.code)
        if before is None:
            continue
        after = before.fields | _fields(row, ids)
        if after != before.fields:
            moved = after["parent_id"] != before.fields["parent_id"]
            changes.append({"key": before.id, "moved": moved, **after})
    return changes


def _applied(
    actor: Actor, rows: Sequence[Row], new: Sequence[Row], changes: list[dict[str, Any]]
) -> Outcome:
    moved = [change["key"] for change in changes if change.pop("moved")]
    if changes:
        db.session.connection().execute(
            update(Agency)
            .where(Agency.id == bindparam("key"))
            .values({name: bindparam(name) for name in FIELDS}),
            changes,
        )
    if moved:
        tree.rebuild()
    if new or changes:
        journal.record(
            "agency.imported",
            subject=("agency", 0),
            by=actor,
            created=len(new),
            changed=len(changes),
            moved=moved[:MOST_NAMED],
        )
    return Outcome(len(new), len(changes), len(moved), len(rows) - len(new) - len(changes))
