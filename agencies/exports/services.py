"""Asking for a table, asking once more, fetching it."""

from dataclasses import dataclass
from typing import IO, Any

from flask_babel import gettext as _
from pydantic import BaseModel, ValidationError
from sqlalchemy import func, select

from agencies.actors import Actor
from agencies.exports.models import TITLE_LENGTH, Export
from agencies.exports.ports import EXPORTERS, Source
from agencies.exports.states import ASKED_ANEW, GOING_ON, State
from agencies.models import Person
from agencies.permissions import require
from config import clock, journal
from config.database import db, found, writing
from config.errors import Conflict, NotFound, TooMany
from config.files import store
from config.pages import Page, keyset
from config.sheets import MEDIA_TYPES, Format

MOST_AT_ONCE = 2000
"""Lines of a table that is written while its reader waits; one with more is the worker's."""
MOST_GOING_ON = 5


def source(actor: Actor, kind: str, given: BaseModel) -> Source:
    """A table as the actor may see it; raises NotFound, Forbidden."""
    require(actor, "export.ask")
    return EXPORTERS[kind].open(actor, given)


def conditions(kind: str, given: Any) -> BaseModel:
    """The conditions of a table out of what a program or form sent; raises NotFound."""
    if kind not in EXPORTERS:
        raise NotFound
    try:
        return EXPORTERS[kind].given.model_validate(given)
    except ValidationError as error:
        raise NotFound from error


def ask(actor: Actor, kind: str, form: Format, given: BaseModel, language: str) -> Export:
    """Have a table made. Asked for again while it is being made, it is the same one.

    Raises NotFound, Forbidden, and TooMany where several are being made for this person.
    """
    table = source(actor, kind, given)
    wanted = {
        "person_id": actor.person_id,
        "agency_id": actor.agency_id,
        "kind": kind,
        "form": form,
        "given": given.model_dump_json(),
        "language": language,
    }
    with writing():
        # Locked: of two presses at once the second sees the first one's.
        found(select(Person.id).where(Person.id == actor.person_id), lock=True)
        going_on = select(Export).where(Export.state.in_(GOING_ON))
        same = db.session.scalars(going_on.filter_by(**wanted).order_by(Export.id)).first()
        if same is not None:
            return same
        _check_room(actor)
        now = clock.now()
        export = Export(
            **wanted,
            seat_id=actor.seat_id,
            title=table.title[:TITLE_LENGTH],
            total=table.count,
            due_at=now,
            asked_at=now,
        )
        db.session.add(export)
        db.session.flush()
        _record("export.asked", actor, export)
        return export


def _check_room(actor: Actor) -> None:
    mine = (Export.person_id == actor.person_id, Export.state.in_(GOING_ON))
    if (db.session.scalar(select(func.count()).where(*mine)) or 0) >= MOST_GOING_ON:
        raise TooMany(
            _("您已有 %(count)s 份表格正在准备。", count=MOST_GOING_ON),
            hint=_("请等其中一份完成后再导出。"),
        )


def _record(kind: str, actor: Actor, export: Export) -> None:
    journal.record(
        kind,
        subject=("export", export.id),
        agency_id=export.agency_id,
        by=actor,
        table=export.kind,
        format=str(export.form),
        rows=export.total,
    )


def listed(actor: Actor, size: int = 25) -> Page[Export]:
    """What the actor asked for in the agency in hand, newest first."""
    require(actor, "export.ask")
    mine = select(Export).where(
        Export.person_id == actor.person_id, Export.agency_id.is_not_distinct_from(actor.agency_id)
    )
    return keyset(mine, (Export.id,), lambda row: (row.id,), size=size)


def own(actor: Actor, export_id: int, *, lock: bool = False) -> Export:
    """One of them; raises NotFound."""
    export = found(select(Export).where(Export.id == export_id), lock=lock)
    require(actor, "export.own", export)
    return export


def ask_again(actor: Actor, export_id: int) -> Export:
    """Have a table made once more that failed or was removed; raises NotFound, Forbidden, Conflict.

    One that is being made already goes on.
    """
    export = own(actor, export_id)
    table = source(actor, export.kind, conditions_of(export))
    with writing():
        export = own(actor, export_id, lock=True)
        if export.state in GOING_ON:
            return export
        if export.state not in ASKED_ANEW:
            raise Conflict(_("这份表格已经准备好了，可以直接下载。"), hint=_("请刷新页面。"))
        _check_room(actor)
        export.state, export.failure, export.attempts = State.WAITING, None, 0
        export.done, export.total, export.seat_id = 0, table.count, actor.seat_id
        export.due_at = export.asked_at = clock.now()
        _record("export.asked", actor, export)
        return export


def conditions_of(export: Export) -> BaseModel:
    """The conditions under which a table was asked for; raises NotFound."""
    if export.kind not in EXPORTERS:
        raise NotFound
    return EXPORTERS[export.kind].given.model_validate_json(export.given)


@dataclass(frozen=True)
class File:
    """What is downloaded: its name, its content, how many bytes it is and of what type."""

    name: str
    content: IO[bytes]
    size: int
    media_type: str


def fetch(actor: Actor, export_id: int) -> File:
    """A table that is ready; each download is recorded.

    Raises NotFound and Forbidden where what is in it isn't the actor's to see any more, Conflict
    where there is no file.
    """
    export = own(actor, export_id)
    table = source(actor, export.kind, conditions_of(export))
    if export.state != State.READY:
        raise _without_file()
    name, key, size = f"{table.name}.{export.form}", export.key, export.size
    media_type = MEDIA_TYPES[Format(export.form)]
    try:
        content = store().open(key)
    except NotFound as error:  # a backup brought back the row alone
        with writing():
            own(actor, export_id, lock=True).state = State.REMOVED
        raise _without_file() from error
    with writing():
        _record("export.fetched", actor, own(actor, export_id))
    return File(name, content, size, media_type)


def _without_file() -> Conflict:
    return Conflict(_("这份表格现在没有文件可以下载。"), hint=_("请回到它的页面，按提示重新生成。"))
