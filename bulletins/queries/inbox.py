"""What an agency has received."""

from sqlalchemy import ColumnElement

from bulletins.models import Receipt
from bulletins.states import Waiting


def waiting(which: Waiting) -> ColumnElement[bool]:
    """The receipts that wait in this way."""
    if which == Waiting.UNOPENED:
        return Receipt.opened_at.is_(None)
    return Receipt.needs_acknowledgement & Receipt.acknowledged_at.is_(None)
