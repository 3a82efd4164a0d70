"""The ladder of a 特急 paper: who opens nothing within half an hour is pressed step by step."""

from collections import defaultdict
from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from flask import current_app
from flask_babel import gettext as _
from sqlalchemy import ColumnElement, Row, exists, insert, literal, select, update

from agencies.actors import Actor
from agencies.models import Seat, Tenure
from agencies.permissions import require
from agencies.states import SeatKind
from bulletins.models import Bulletin, Receipt
from bulletins.queries.inbox import waiting
from bulletins.states import Waiting
from config import clock, journal
from config.database import db, end_reading, found, writing
from config.errors import Conflict
from notifications.models import Escalation
from notifications.services.notices import WHO_ACTS
from notifications.states import LADDER, Rung

_BATCH = 500


def pause() -> timedelta:
    """How long each step waits for somebody to open the paper."""
    return timedelta(minutes=current_app.extensions["settings"].flash_minutes)


def begin(which: ColumnElement[bool]) -> None:
    """Put receipts of a 特急 paper on the ladder; what stands on it stays where it is."""
    begun = exists().where(Escalation.receipt_id == Receipt.id)
    rows = (
        select(
            *(Receipt.id, Bulletin.issuer_id, literal(Rung.DEPUTY.value)),
            literal(clock.now() + pause(), Escalation.next_at.type),
            literal(""),
        )
        .join(Bulletin, Bulletin.id == Receipt.bulletin_id)
        .where(which, ~begun)
        .order_by(Receipt.id)
    )
    columns = ["receipt_id", "issuer_id", "rung", "next_at", "note"]
    db.session.execute(insert(Escalation).from_select(columns, rows))


def climb(batch: int = _BATCH) -> int:
    """Take the steps that are due; returns how many receipts were pressed."""
    count = 0
    while db.session.scalar(_due().limit(1)) is not None:
        with writing():
            rows = db.session.execute(_due(batch)).all()
            _leave([row.receipt_id for row in rows if not row.is_unopened])
            unopened = [row for row in rows if row.is_unopened]
            _press(unopened)
        count += len(unopened)
    end_reading()
    return count


def _due(batch: int = 1) -> Any:
    return (
        select(
            Escalation.receipt_id,
            Escalation.rung,
            Escalation.issuer_id,
            Receipt.bulletin_id,
            waiting(Waiting.UNOPENED).label("is_unopened"),
            _somebody(Tenure.is_deputy.is_(True), Seat.kind.in_(WHO_ACTS)).label("has_deputy"),
            _somebody(Seat.kind == SeatKind.DUTY).label("has_duty"),
        )
        .join(Receipt, Receipt.id == Escalation.receipt_id)
        .where(Escalation.next_at <= clock.now())
        .order_by(Escalation.receipt_id)
        .limit(batch)
        .with_for_update(of=Escalation, skip_locked=True)
    )


def _somebody(*which: ColumnElement[bool]) -> ColumnElement[bool]:
    """Whether the receipt's agency has somebody of this kind."""
    return (
        exists()
        .where(
            Seat.agency_id == Receipt.agency_id,
            Seat.ended_at.is_(None),
            Tenure.seat_id == Seat.id,
            Tenure.ended_at.is_(None),
            *which,
        )
        .correlate(Receipt)
    )


def _rung(row: Row[Any]) -> Rung:
    """The step to take now; where nobody stands on a rung, the next one is taken at once."""
    has = {Rung.DEPUTY: row.has_deputy, Rung.DUTY: row.has_duty, Rung.CALL: True}
    rung: Rung | None = Rung(row.rung)
    while rung is not None and not has[rung]:
        rung = LADDER[rung]
    return rung or Rung.CALL


def _press(rows: Sequence[Row[Any]]) -> None:
    alike: dict[tuple[int, int, Rung], list[int]] = defaultdict(list)
    for row in rows:
        alike[row.bulletin_id, row.issuer_id, _rung(row)].append(row.receipt_id)
    for (bulletin_id, issuer_id, rung), ids in alike.items():
        journal.record(
            "receipt.escalated",
            subject=("bulletin", bulletin_id),
            agency_id=issuer_id,
            by=None,
            rung=rung.value,
            receipts=ids,
        )
        after = LADDER[rung]
        _set(ids, rung=after or rung, next_at=clock.now() + pause() if after else None)


def _leave(ids: Sequence[int]) -> None:
    """Somebody has opened the paper, or it waits for nobody any more."""
    if ids:
        _set(ids, next_at=None)


def _set(ids: Sequence[int], **change: Any) -> None:
    db.session.execute(
        update(Escalation)
        .where(Escalation.receipt_id.in_(ids))
        .values(**change)
        .execution_options(synchronize_session=False)
    )


def note_call(actor: Actor, receipt_id: int, note: str) -> Escalation:
    """Note that an agency was rung up, and what was said (at most 100 characters).

    Raises NotFound, Forbidden, and Conflict where it has been rung up already.
    """
    with writing():
        row = found(select(Escalation).where(Escalation.receipt_id == receipt_id), lock=True)
        require(actor, "call.note", row)
        if row.rung != Rung.CALL or row.next_at is not None or row.called_at is not None:
            raise Conflict(_("这个机构不用再打电话了：已有人联系过，或者还没有到这一步。"))
        row.called_at, row.called_by, row.note = clock.now(), actor.person_id, note
        journal.record(
            "receipt.called", subject=("receipt", receipt_id), agency_id=row.issuer_id, by=actor
        )
    return row
