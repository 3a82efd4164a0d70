"""Reminding just those who have not opened, or not acknowledged; nobody twice within a day."""

from dataclasses import dataclass
from datetime import timedelta

from flask_babel import gettext as _
from sqlalchemy import func, or_, select, update

from agencies.actors import Actor
from agencies.permissions import require
from bulletins.models import Bulletin, Receipt
from bulletins.queries.inbox import waiting
from bulletins.services.receipts import BATCH
from bulletins.states import Waiting
from config import clock, journal
from config.database import db, found, writing
from config.errors import Conflict

PAUSE = timedelta(hours=24)


@dataclass(frozen=True)
class Reminded:
    """How many were reminded, and how many were left out as reminded less than a day ago."""

    count: int
    left_out: int


def remind(actor: Actor, bulletin_id: int, which: Waiting) -> Reminded:
    """Remind the agencies that have not opened, or not acknowledged, the paper's last version.

    Raises Conflict where nobody is left to remind; NotFound, Forbidden.
    """
    with writing():
        bulletin = found(select(Bulletin).where(Bulletin.id == bulletin_id), lock=True)
        require(actor, "bulletin.remind", bulletin)
        if not bulletin.version:
            raise Conflict(_("此稿尚未发布，没有收文可催。"))
        if bulletin.closed_at is not None:
            raise Conflict(_("此件已撤销或废止，没有收文可催。"))
        now = clock.now()
        open_ones = (
            Receipt.bulletin_id == bulletin_id,
            Receipt.version == bulletin.version,
            waiting(which),
        )
        recent = Receipt.reminded_at > now - PAUSE
        left_out = db.session.scalar(
            select(func.count()).select_from(Receipt).where(*open_ones, recent)
        )
        # Locked in one order, as whoever else takes several does: nobody waits in a circle.
        ids = db.session.scalars(
            select(Receipt.id)
            .where(*open_ones, or_(Receipt.reminded_at.is_(None), ~recent))
            .order_by(Receipt.id)
            .with_for_update()
        ).all()
        if not ids:
            raise _nobody_left(left_out or 0)
        for start in range(0, len(ids), BATCH):
            some = ids[start : start + BATCH]
            db.session.execute(
                update(Receipt)
                .where(Receipt.id.in_(some))
                .values(reminded_at=now)
                .execution_options(synchronize_session=False)
            )
            journal.record(
                "bulletin.reminded",
                subject=("bulletin", bulletin_id),
                agency_id=bulletin.issuer_id,
                by=actor,
                which=which,
                receipts=some,
            )
    return Reminded(len(ids), left_out or 0)


def _nobody_left(left_out: int) -> Conflict:
    if left_out:
        return Conflict(
            _("这 %(count)s 个机构 24 小时内都已催过，没有再次提醒。", count=left_out),
            hint=_("同一机构 24 小时内只提醒一次，请明天再看。"),
        )
    return Conflict(_("没有需要提醒的机构。"), hint=_("应办的都已办了。"))
