"""What a paper states besides its text is kept with its draft, and frozen with each version."""

from typing import Any

from flask_babel import gettext as _

from bulletins import paper_types
from bulletins.inputs import DraftInput, ParticularsInput
from bulletins.models import PARTICULAR_LENGTH, Bulletin, Particulars
from bulletins.paper_types import Particular
from bulletins.queries import particulars as queries
from bulletins.queries.stated import stated
from bulletins.states import BulletinType
from config.database import db
from config.errors import Invalid

COLUMNS = tuple(ParticularsInput.model_fields)


def keep(bulletin: Bulletin, data: DraftInput) -> None:
    """Store what the draft's type may state; what belongs to other types is dropped.

    A paper referred to is also named in words: those are what readers see. Call inside
    ``writing()``. Raises Invalid for a paper that the issuer can't read, or was not asked in.
    """
    values = _of_type(data)
    if values["refers_to_id"] is not None:
        version = queries.readable(bulletin.issuer_id, values["refers_to_id"])
        if version is None:
            raise Invalid(errors={"refers_to_id": _("没有找到这份文件，请另选一份。")})
        if values["refers_to_id"] != stated(bulletin.id, 0).refers_to_id:
            check_answer(bulletin.issuer_id, data.type, values["refers_to_id"])
        name = queries.named(version.title, version.number)
        values["refers_to"] = values["refers_to"] or name[:PARTICULAR_LENGTH]
    _store(bulletin.id, 0, values)


def check_answer(issuer_id: int, kind: BulletinType, refers_to_id: int) -> None:
    """Raise Invalid where a paper of the type may not answer that one: 条例 第八条 (十二)."""
    if not paper_types.of(kind).answers or queries.can_answer(issuer_id, kind, refers_to_id):
        return
    words = _("函只答复主送本机构、仍然有效的请示和函，请另选一份。")
    if kind == BulletinType.REPLY:
        words = _("批复只答复主送本机构、仍然有效的请示，请另选一份。")
    raise Invalid(errors={"refers_to_id": words})


def holds(bulletin_id: int, data: DraftInput) -> bool:
    """Whether the draft states that already."""
    stored, values = stated(bulletin_id, 0), _of_type(data)
    if values["refers_to_id"] is not None and not values["refers_to"]:
        values["refers_to"] = stored.refers_to
    return all(getattr(stored, name) == value for name, value in values.items())


def freeze(bulletin: Bulletin) -> None:
    """Let the version just signed state what the draft does. Call inside ``writing()``."""
    _store(bulletin.id, bulletin.version, _values(bulletin.id, 0))


def restore(bulletin: Bulletin) -> None:
    """Let the draft state again what the last version does. Call inside ``writing()``."""
    _store(bulletin.id, 0, _values(bulletin.id, bulletin.version))


def differ(bulletin: Bulletin) -> bool:
    """Whether the draft states something else than the last version."""
    return _values(bulletin.id, 0) != _values(bulletin.id, bulletin.version)


def _values(bulletin_id: int, version: int) -> dict[str, Any]:
    kept = stated(bulletin_id, version)
    return {name: getattr(kept, name) for name in COLUMNS}


def _of_type(data: DraftInput) -> dict[str, Any]:
    """The values of the columns, blank for what a paper of the type does not state."""
    names: set[str] = set(paper_types.of(data.type).particulars)
    if Particular.REFERS_TO in names:
        names.add("refers_to_id")
    blank = ParticularsInput()
    return {name: getattr(data if name in names else blank, name) for name in COLUMNS}


def _store(bulletin_id: int, version: int, values: dict[str, Any]) -> None:
    kept = db.session.get(Particulars, (bulletin_id, version))
    if kept is None:
        kept = Particulars(bulletin_id=bulletin_id, version=version)
        db.session.add(kept)
    for name, value in values.items():
        setattr(kept, name, value)
