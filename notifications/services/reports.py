"""What a gateway reports of messages it took: in any order, again and again, perhaps forged."""

from sqlalchemy import select

from config.database import found, writing
from config.errors import NotFound
from notifications.links import reported
from notifications.models import Delivery
from notifications.services.reported import note
from notifications.states import Action

ACTIONS = {
    1: Action.REPORT_DELIVERED,
    2: Action.REPORT_FAILED,
    4: Action.REPORT_ACCEPTED,  # kept until the phone is there
    8: Action.REPORT_ACCEPTED,
    16: Action.REPORT_FAILED,
    32: Action.REPORT_ACCEPTED,
}
"""What Kannel's bits mean."""


def report(word: str, bit: int, detail: str = "") -> None:
    """Note what a gateway says of one attempt; a state never goes back.

    Raises NotFound for an address we never gave, and for a bit that means nothing.
    """
    known = reported(word)
    if known is None or bit not in ACTIONS:
        raise NotFound
    ref, claim = known
    action = ACTIONS[bit]
    with writing():
        delivery_id = found(select(Delivery.id).where(Delivery.ref == ref))
        note(delivery_id, action, detail, claim)
