"""Holdings: whatever hangs on an agency or a seat, registered by its folder and moved as one.

Reorganisation, handover and their previews run one statement per holding and know nothing of the
folders that registered it.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from flask import current_app
from flask_babel import lazy_gettext as _l
from flask_babel.speaklater import LazyString
from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import InstrumentedAttribute

from agencies.models import Agency, Seat
from config.database import Base, db


@dataclass(frozen=True)
class Holding:
    """A table's rows that belong to an agency or a seat by ``column``, and which are open."""

    name: str
    label: LazyString
    model: type[Base]
    column: InstrumentedAttribute[int] | InstrumentedAttribute[int | None]
    of: str  # "agency" or "seat"
    is_open: ColumnElement[bool]


def joined() -> Sequence[Holding]:
    """The holdings of all folders, as the app joined them."""
    holdings: Sequence[Holding] = current_app.extensions["holdings"]
    return holdings


def open_counts(of: str, owner_id: int) -> dict[str, int]:
    """How many open things hang on an agency or a seat, by holding: one statement each."""
    return {
        holding.name: db.session.scalar(
            select(func.count())
            .select_from(holding.model)
            .where(holding.column == owner_id, holding.is_open)
        )
        or 0
        for holding in joined()
        if holding.of == of
    }


HOLDINGS = (
    Holding(
        "agencies",
        _l("下级机构"),
        Agency,
        Agency.parent_id,
        "agency",
        Agency.ended_on.is_(None),
    ),
    Holding("seats", _l("岗位"), Seat, Seat.agency_id, "agency", Seat.ended_at.is_(None)),
)
"""What of this folder hangs on an agency. Keys die with their seat and are never handed on."""
