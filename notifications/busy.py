"""Which seats have something that waits for them alone, for the digests of who acts in them."""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from datetime import date

import structlog
from flask import current_app
from sqlalchemy import select

from agencies.models import Seat, Tenure
from config.database import among, db, end_reading
from config.sections import Section, Span
from notifications.audience import acts
from notifications.models import Recipient

_NOW = Span(0, 0)

log = structlog.get_logger(__name__)


def busy_seats(
    recipient_ids: Collection[int], day: date
) -> Mapping[int, tuple[tuple[int, int], ...]]:
    """By recipient: pairs of agency and seat in which they act, where something waits for the seat.

    Others are left out, so that all of an agency for whom nothing of their own waits share words.
    """
    sections = [one for one in current_app.extensions["sections"] if one.by_seat]
    if not sections:
        return {}
    rows = db.session.execute(
        select(Recipient.id, Seat.agency_id, Seat.id.label("seat_id"))
        .join(Tenure, Tenure.person_id == Recipient.person_id)
        .join(Seat, Seat.id == Tenure.seat_id)
        .where(
            among(Recipient.id, recipient_ids),
            Seat.ended_at.is_(None),
            Tenure.ended_at.is_(None),
            acts(day),
        )
    ).all()
    seat_ids = sorted({row.seat_id for row in rows})
    busy = {one for section in sections for one in _waited_for(section, seat_ids)}
    found: dict[int, set[tuple[int, int]]] = defaultdict(set)
    for row in rows:
        if row.seat_id in busy:
            found[row.id].add((row.agency_id, row.seat_id))
    return {recipient_id: tuple(sorted(pairs)) for recipient_id, pairs in found.items()}


def _waited_for(section: Section, seat_ids: Sequence[int]) -> Collection[int]:
    try:
        return section.compose(seat_ids, _NOW).keys()
    except Exception:  # composed seat by seat, it fails for those alone whose trouble it is
        log.exception("busy_seats_failed", section=section.kind)
        end_reading()
        return seat_ids
