"""The facts of a receipt: delivered, opened, acknowledged; none is inferred from another."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import Update, select, update

from agencies.actors import Actor
from agencies.permissions import require
from bulletins.models import BulletinVersion, Receipt
from bulletins.services import counts
from config import clock, journal
from config.database import db, found, writing
from config.errors import Conflict
from config.journal import Acting

BATCH = 500
"""Receipts named by one journal entry, at most."""


@dataclass(frozen=True)
class _Person:
    person_id: int | None
    seat_id: int | None = None


def mark_delivered(receipt_ids: Iterable[int], how: str, by_person_id: int | None = None) -> int:
    """Note that receipts have arrived: ``how`` is ``list`` or the channel that reported it.

    Those already delivered keep their fact. Returns how many are new.
    """
    return _deliver(receipt_ids, how, _Person(by_person_id) if by_person_id else None)


def mark_shown(actor: Actor, receipt_ids: Iterable[int]) -> int:
    """Note that receipts were shown in a list to ``actor``. Returns how many are new."""
    return _deliver(receipt_ids, "list", _Person(actor.person_id, actor.seat_id))


def _deliver(receipt_ids: Iterable[int], how: str, by: Acting | None) -> int:
    ids = sorted(set(receipt_ids))
    changed: list[counts.Key] = []
    with writing():
        person_id = by.person_id if by else None
        for start in range(0, len(ids), BATCH):
            rows = _undelivered(ids[start : start + BATCH])
            if not rows:
                continue
            db.session.execute(
                update(Receipt)
                .where(Receipt.id.in_([row.id for row in rows]))
                .values(delivered_at=clock.now(), delivered_by=person_id, delivered_how=how)
                .execution_options(synchronize_session=False)
            )
            _record_delivered(rows, how, by)
            changed += [(row.bulletin_id, row.version) for row in rows]
        counts.add(BulletinVersion.delivered_count, changed)
    return len(changed)


def _undelivered(ids: Sequence[int]) -> Sequence[Any]:
    """Those that have not arrived, held in the order of their ids so that no two ever cross."""
    query = (
        select(Receipt.id, Receipt.agency_id, Receipt.bulletin_id, Receipt.version)
        .where(Receipt.id.in_(ids), Receipt.delivered_at.is_(None))
        .order_by(Receipt.id)
        .with_for_update()
    )
    return db.session.execute(query).all()


def _record_delivered(rows: Sequence[Any], how: str, by: Acting | None) -> None:
    for agency_id in sorted({row.agency_id for row in rows}):
        journal.record(
            "receipt.delivered",
            subject=("agency", agency_id),
            agency_id=agency_id,
            by=by,
            how=how,
            receipts=[row.id for row in rows if row.agency_id == agency_id],
        )


def open_receipt(actor: Actor, receipt_id: int) -> Receipt:
    """The receipt, noted as opened by the first who does. Raises NotFound, Forbidden."""
    receipt = _visible(actor, receipt_id, "bulletin.read")
    if receipt.opened_at is None:
        with writing():
            statement = update(Receipt).values(opened_at=clock.now(), opened_by=actor.person_id)
            unopened = statement.where(Receipt.opened_at.is_(None))
            _note(actor, receipt_id, unopened, BulletinVersion.opened_count, "opened")
    return receipt


def acknowledge(actor: Actor, receipt_id: int) -> Receipt:
    """Acknowledge a receipt for the agency; the first acknowledgement stands.

    Raises NotFound, Forbidden, and Conflict where the paper asks for none, or asks no more since it
    was corrected or has ended.
    """
    receipt = _visible(actor, receipt_id, "bulletin.acknowledge")
    if not receipt.needs_acknowledgement:
        raise Conflict(_("此件无需签收。"), hint=_("阅读即可，不必再办理。"))
    if receipt.closed_at is not None:
        raise Conflict(_("此件已更正、撤销或废止，不必签收。"), hint=_("请打开此件查看说明。"))
    if receipt.acknowledged_at is None:
        with writing():
            statement = update(Receipt).values(
                acknowledged_at=clock.now(), acknowledged_by=actor.person_id
            )
            unsigned = statement.where(Receipt.acknowledged_at.is_(None))
            _note(actor, receipt_id, unsigned, BulletinVersion.acknowledged_count, "acknowledged")
    return receipt


def _visible(actor: Actor, receipt_id: int, action: str) -> Receipt:
    receipt = found(select(Receipt).where(Receipt.id == receipt_id))
    require(actor, action, receipt)
    return receipt


def _note(actor: Actor, receipt_id: int, statement: Update, count: counts.Count, fact: str) -> None:
    rows = db.session.execute(
        statement.where(Receipt.id == receipt_id)
        .returning(Receipt.bulletin_id, Receipt.version)
        .execution_options(synchronize_session=False)
    ).all()
    changed = [(row[0], row[1]) for row in rows]
    if changed:
        journal.record(
            f"receipt.{fact}",
            subject=("receipt", receipt_id),
            agency_id=actor.agency_id,
            by=actor,
        )
        counts.add(count, changed)
