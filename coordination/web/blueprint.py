"""The blueprint that the pages of this folder share."""

from datetime import date, datetime

from flask import Blueprint

from agencies.actors import current_actor
from coordination import deadlines, labels

bp = Blueprint("coordination", __name__)


def last_day(due_at: datetime) -> date:
    """The day to whose end there is time, where the reader is."""
    actor = current_actor()
    return deadlines.last_day(due_at, deadlines.zone_of(actor.agency if actor else None))


for name, words in labels.FILTERS.items():
    bp.add_app_template_filter(words, name)
bp.add_app_template_filter(last_day, "last_day")
