"""Ending a paper: void (撤销) from the start, repealed (废止) from a day, replaced by another.

As 党政机关公文处理工作条例 has it: a void paper has no force from the start, a repealed one none
from the day it was repealed.
"""

from flask_babel import gettext as _
from sqlalchemy import select

from agencies.actors import Actor
from bulletins import paper_types
from bulletins.decisions import RepealInput, VoidInput
from bulletins.models import Bulletin, Remark
from bulletins.services.checks import today
from bulletins.services.closing import close
from bulletins.services.corrections import restore
from bulletins.services.reviews import close_round
from bulletins.services.steps import take
from bulletins.states import Action, State
from config import clock, journal
from config.database import db, found, writing
from config.errors import Invalid

BATCH = 100


def void(actor: Actor, bulletin_id: int, data: VoidInput) -> Bulletin:
    """Say that a paper never had force; from now on this stands wherever the paper does.

    A correction that was being written is dropped.

    Raises Invalid for a replacement that is none, NotFound, Forbidden, Conflict.
    """
    with writing():
        bulletin = take(actor, bulletin_id, Action.VOID)
        restore(bulletin)
        close_round(bulletin_id)
        bulletin.ended_on = None
        _end(actor, bulletin, "bulletin.voided", data)
        close(bulletin)
    return bulletin


def repeal(actor: Actor, bulletin_id: int, data: RepealInput) -> Bulletin:
    """Say from which day on a paper has no force any more: today at the earliest.

    Until that day it waits to be acknowledged as before. Raises Invalid for a day that is over or
    a replacement that is none, NotFound, Forbidden, Conflict.
    """
    with writing():
        bulletin = take(actor, bulletin_id, Action.REPEAL)
        if data.ended_on < today():
            raise Invalid(errors={"ended_on": _("废止日期不能早于今天。")})
        bulletin.ended_on = data.ended_on
        _end(actor, bulletin, "bulletin.repealed", data)
        if data.ended_on == today():
            close(bulletin)
    return bulletin


def _end(actor: Actor, bulletin: Bulletin, kind: str, data: VoidInput) -> None:
    if data.replaced_by_id is not None:
        _check_replacement(bulletin, data.replaced_by_id)
    bulletin.ended_at = clock.now()
    bulletin.ended_by = actor.person_id
    bulletin.replaced_by_id = data.replaced_by_id
    entry = journal.record(
        kind,
        subject=("bulletin", bulletin.id),
        agency_id=bulletin.issuer_id,
        by=actor,
        version=bulletin.version,
        replaced_by=data.replaced_by_id,
    )
    bulletin.ended_entry_id = entry.id
    if bulletin.published:  # its PDF says so too
        bulletin.published.is_to_print = paper_types.of(bulletin.type).is_official
    db.session.add(Remark(entry_id=entry.id, bulletin_id=bulletin.id, text=data.reason))


def _check_replacement(bulletin: Bulletin, other_id: int) -> None:
    other = db.session.get(Bulletin, other_id)
    is_good = (
        other is not None
        and other.issuer_id == bulletin.issuer_id
        and other.id != bulletin.id
        and other.version > 0
        and other.ended_kind is None
    )
    if not is_good:
        raise Invalid(errors={"replaced_by_id": _("请选择本机构已发布、现行有效的另一份文件。")})


def close_repealed() -> int:
    """Close the papers whose day of repeal has come; returns how many. As often as one likes."""
    mine = (Bulletin.state == State.REPEALED, Bulletin.closed_at.is_(None))
    due = select(Bulletin.id).where(*mine, Bulletin.ended_on <= today()).limit(BATCH)
    ids = db.session.scalars(due).all()
    for bulletin_id in ids:
        with writing():
            bulletin = found(select(Bulletin).where(Bulletin.id == bulletin_id), lock=True)
            if bulletin.state == State.REPEALED and bulletin.closed_at is None:
                close(bulletin)
    return len(ids)
