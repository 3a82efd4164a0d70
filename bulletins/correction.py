"""The statements that send a corrected version to everybody who had the one before it."""

from datetime import datetime

from sqlalchemy import Insert, Update, case, insert, literal, null, select, update
from sqlalchemy.orm import aliased

from bulletins.models import Bulletin, Receipt
from config.database import UTCDateTime

_CARRIED = ("relay_id", "relay_by", "relayed_at", "relayed_by", "passed_over_at")
"""What holds of the chain goes on holding: the corrected version comes by the same relays."""


def resending(bulletin: Bulletin, at: datetime) -> Insert:
    """The one statement that gives everybody a receipt of the version that corrects theirs.

    Delivered and opened are facts of the new version and begin anew; so does acknowledged where
    the paper asks again, and is carried over where it doesn't. Whoever got it by a relay is asked
    what the relay asks.
    """
    old = aliased(Receipt)
    carried = (
        (null(), null()) if bulletin.asks_again else (old.acknowledged_at, old.acknowledged_by)
    )
    own = literal(bulletin.needs_acknowledgement)
    columns = [
        *("bulletin_id", "version", "agency_id", "part", "sent_at", "needs_acknowledgement"),
        *("acknowledged_at", "acknowledged_by"),
        *_CARRIED,
    ]
    return insert(Receipt).from_select(
        columns,
        select(
            literal(bulletin.id),
            literal(bulletin.version),
            old.agency_id,
            old.part,
            literal(at, UTCDateTime()),
            case((old.relay_id.is_(None), own), else_=old.needs_acknowledgement),
            *carried,
            *(getattr(old, name) for name in _CARRIED),
        ).where(old.bulletin_id == bulletin.id, old.version == bulletin.version - 1),
    )


def rejoining(bulletin: Bulletin) -> Update:
    """The one statement that hangs the new receipts below each other as the old ones hang."""
    old, upper, successor = aliased(Receipt), aliased(Receipt), aliased(Receipt)
    through = (
        select(successor.id)
        .join(upper, upper.agency_id == successor.agency_id)
        .join(old, old.through_receipt_id == upper.id)
        .where(
            old.bulletin_id == bulletin.id,
            old.version == bulletin.version - 1,
            old.agency_id == Receipt.agency_id,
            successor.bulletin_id == bulletin.id,
            successor.version == bulletin.version,
        )
        .scalar_subquery()
    )
    return (
        update(Receipt)
        .where(
            Receipt.bulletin_id == bulletin.id,
            Receipt.version == bulletin.version,
            Receipt.relay_id.is_not(None),
        )
        .values(through_receipt_id=through)
        .execution_options(synchronize_session=False)
    )
