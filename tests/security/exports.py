"""Tables that people had made: one that is ready, and one that failed."""

import io

from sqlalchemy import func, select

from agencies.exports.models import Export
from agencies.exports.states import Failure, State
from agencies.models import Seat, Tenure
from bulletins.models import Bulletin, Receipt
from config import clock
from config.database import db
from config.files import store
from config.sheets import Format


def _export(person_id: int, **state: object) -> int:
    """The receipts of the last paper that the person's agency got; of any, if they hold no seat."""
    held = (
        select(Seat)
        .join(Tenure, Tenure.seat_id == Seat.id)
        .where(Tenure.person_id == person_id, Tenure.ended_at.is_(None))
    )
    seat, now = db.session.scalars(held).first(), clock.now()
    last = (
        select(func.max(Receipt.bulletin_id))
        .join(Bulletin, Bulletin.id == Receipt.bulletin_id)
        .where(Bulletin.version == Receipt.version)
    )
    if seat is not None:
        last = last.where(Receipt.agency_id == seat.agency_id)
    export = Export(
        person_id=person_id,
        seat_id=seat.id if seat else None,
        agency_id=seat.agency_id if seat else None,
        kind="receipts",
        form=Format.CSV,
        given=f'{{"bulletin_id":{db.session.scalar(last)},"agency":null}}',
        title="关于检查的通知",
        language="zh",
        due_at=now,
        asked_at=now,
        total=1,
        **state,
    )
    db.session.add(export)
    db.session.flush()
    return export.id


def _ready(person_id: int) -> int:
    key = f"exports/{person_id}.csv"
    store().put(key, io.BytesIO(b"name\n"))
    return _export(person_id, state=State.READY, key=key, size=5, ready_at=clock.now())


def _failed(person_id: int) -> int:
    return _export(person_id, state=State.FAILED, failure=Failure.STORAGE_FULL)


OF_PEOPLE = {"export": _ready, "failed_export": _failed}
"""By name: what makes one of each person's own. Call inside ``writing()``."""
