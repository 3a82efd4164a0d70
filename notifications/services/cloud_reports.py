"""What clouds report of messages they took: in any order, again and again, perhaps forged."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import structlog
from sqlalchemy import or_, select

from agencies.states import Channel
from config.database import db, end_reading, writing
from notifications.models import Delivery
from notifications.services.reported import note
from notifications.states import Action, State

_AT_ONCE = 100
_CALLS = 1000  # under way at a time that are looked at
_SHORTEST = 5  # digits of a number; fewer end very many of them

log = structlog.get_logger(__name__)


@dataclass(frozen=True)
class Report:
    """What a vendor says of one message: ``serial`` is its number for it, ``phone`` ends with ours.

    ``batch`` is the word of ours that it was sent with, where the vendor gives it back.
    """

    serial: str
    phone: str
    delivered: bool
    detail: str = ""
    batch: str = ""

    @property
    def action(self) -> Action:
        """What it means for the delivery."""
        return Action.REPORT_DELIVERED if self.delivered else Action.REPORT_FAILED


def take_in(vendor: str, reports: Sequence[Report]) -> bool:
    """Note what a vendor reports; reports on messages we never sent change nothing.

    Returns False where one may be about a message whose call is still under way: the vendor shall
    tell it again.
    """
    known: list[tuple[int, Report]] = []
    unknown: list[Report] = []
    for start in range(0, len(reports), _AT_ONCE):
        some = reports[start : start + _AT_ONCE]
        found = _found(some)
        known += [(key, one) for one in some if (key := found.get((one.serial, one.phone)))]
        unknown += [one for one in some if (one.serial, one.phone) not in found]
    early = bool(unknown) and _under_way(vendor, [one.phone for one in unknown])
    end_reading()
    if unknown:
        log.warning("reports_unknown", provider=vendor, count=len(unknown))
    for start in range(0, len(known), _AT_ONCE):
        with writing():
            for delivery_id, report in known[start : start + _AT_ONCE]:
                note(delivery_id, report.action, report.detail, serial=report.serial)
    return not early


def _found(reports: Sequence[Report]) -> dict[tuple[str, str], int]:
    """The deliveries of these reports: by the vendor's number, else by our word and the phone."""
    rows = db.session.execute(
        select(Delivery.id, Delivery.serial, Delivery.claim, Delivery.address).where(
            Delivery.channel == Channel.SMS,
            or_(
                Delivery.serial.in_({one.serial for one in reports if one.serial}),
                # The report may be here before the answer to the call.
                Delivery.serial.is_(None)
                & Delivery.state.in_([State.CALLING, State.UNKNOWN])
                & Delivery.claim.in_({one.batch for one in reports if one.batch}),
            ),
        )
    ).all()
    found: dict[tuple[str, str], int] = {}
    for one in reports:
        fitting = [row for row in rows if _fits(row, one)]
        if len(fitting) == 1:
            found[one.serial, one.phone] = fitting[0].id
    return found


def _fits(row: Any, report: Report) -> bool:
    if len(report.phone) < _SHORTEST or not row.address.endswith(report.phone):
        return False
    return bool(row.serial == report.serial if row.serial else row.claim == report.batch)


def _under_way(vendor: str, phones: Sequence[str]) -> bool:
    """Whether a call to one of these numbers has not been answered yet."""
    calling = select(Delivery.address).where(
        Delivery.state == State.CALLING,
        Delivery.channel == Channel.SMS,
        Delivery.route.startswith(vendor, autoescape=True),
    )
    addresses: list[str] = list(db.session.scalars(calling.limit(_CALLS)))
    return any(one.endswith(phone) for one in addresses for phone in phones if phone)
