"""Senders are told whose reader is gone: the issuers of what the mail that came back was about."""

from collections.abc import Mapping

from flask import current_app
from sqlalchemy import func, select

from bulletins.models import Bulletin, Receipt
from bulletins.queries import arrivals
from config import clock, journal
from config.database import db
from config.sections import Span
from notifications.audience import acting
from notifications.models import Delivery, Digest, LostReader, Notice, Recipient
from notifications.states import OF_PAPERS

_MOST = 50  # issuers who are told of one reader


def note_lost(delivery: Delivery) -> None:
    """Tell each issuer once, in its next digest. Call inside ``writing()``."""
    for issuer_id, bulletin_id in sorted(_papers(delivery).items()):
        entry = journal.record(
            "reader.lost",
            subject=("bulletin", bulletin_id),
            agency_id=issuer_id,
            recipient=delivery.recipient_id,
            delivery=delivery.id,
        )
        db.session.add(
            LostReader(
                agency_id=issuer_id,
                recipient_id=delivery.recipient_id,
                bulletin_id=bulletin_id,
                entry_id=entry.id,
            )
        )


def _papers(delivery: Delivery) -> Mapping[int, int]:
    """The issuers of the papers that the mail told of, each with the latest of its papers."""
    about = select(Bulletin.issuer_id, func.max(Bulletin.id)).group_by(Bulletin.issuer_id)
    if delivery.notice_id is not None:
        notice = db.session.get_one(Notice, delivery.notice_id)
        if notice.kind not in OF_PAPERS:
            return {}
        about = about.where(Bulletin.id == notice.subject_id)
    elif delivery.digest_id is not None:
        digest = db.session.get_one(Digest, delivery.digest_id)
        came = arrivals.within(Span(digest.after, digest.upto), _agencies(delivery.recipient_id))
        ids = select(came.subquery().c.id)
        about = about.join(Receipt, Receipt.bulletin_id == Bulletin.id).where(Receipt.id.in_(ids))
    else:
        return {}
    rows = db.session.execute(about.order_by(func.max(Bulletin.id).desc()).limit(_MOST))
    return {row[0]: row[1] for row in rows}


def _agencies(recipient_id: int) -> list[int]:
    """The agencies whose papers a recipient is told of."""
    recipient = db.session.get_one(Recipient, recipient_id)
    if recipient.person_id is None:
        return [recipient.agency_id] if recipient.agency_id else []
    day = clock.today(current_app.extensions["settings"].zone)
    seats = acting(day).subquery()
    mine = select(seats.c.agency_id).where(seats.c.person_id == recipient.person_id).distinct()
    return list(db.session.scalars(mine))
