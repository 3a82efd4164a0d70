"""What an agency may read: what it issued, and what it has a receipt of."""

from sqlalchemy import ColumnElement, exists, or_
from sqlalchemy.orm import InstrumentedAttribute

from bulletins.models import Receipt

Id = InstrumentedAttribute[int]


def readable_by(agency_id: int, *, issuer: Id, bulletin: Id, version: Id) -> ColumnElement[bool]:
    """Whether people of the agency may read that version of a paper, by the columns that name it.

    The same as ``permissions.is_issuer`` and ``is_receiver``, said to the database.
    """
    received = exists().where(
        Receipt.bulletin_id == bulletin,
        Receipt.version == version,
        Receipt.agency_id == agency_id,
    )
    return or_(issuer == agency_id, received)
