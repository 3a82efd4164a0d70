"""Who may read the library, mark what was useful, offer, select and decline."""

from dataclasses import dataclass

from agencies.actors import Actor
from agencies.permissions import ALL_SEATS, Rule
from bulletins.library.states import ACTORS, OFFERERS, OfferAction
from bulletins.models import Bulletin, BulletinVersion, Offer, Selection
from bulletins.permissions import is_issuer


@dataclass(frozen=True)
class Shelved:
    """A published paper as the library knows it.

    ``selection`` is None where nobody selected it. Of the reader's agency: ``receipt_id`` is its
    copy; ``is_readable``: it may read the paper, by the library or otherwise; ``is_below``: the
    issuer stands below it.
    """

    bulletin: Bulletin
    version: BulletinVersion
    issuer: str
    selection: Selection | None
    receipt_id: int | None
    is_readable: bool
    is_below: bool


def _may_read(_actor: Actor, paper: Shelved) -> bool:
    return paper.is_readable


def _may_select(_actor: Actor, paper: Shelved) -> bool:
    """An upper level selects what is in its hands: received, offered, or in the library."""
    return paper.is_readable and paper.is_below


def _selected(actor: Actor, selection: Selection) -> bool:
    return selection.agency_id == actor.agency_id


def is_offerer(actor: Actor, offer: Offer) -> bool:
    """Whether the actor's own agency offered."""
    return offer.agency_id == actor.agency_id


def is_chooser(actor: Actor, offer: Offer) -> bool:
    """Whether it was offered to the actor's own agency."""
    return offer.to_agency_id == actor.agency_id


RULES: dict[str, Rule] = {
    "library.browse": Rule(anyone=True),
    "library.read": Rule(anyone=True, sees=_may_read),
    "library.mark": Rule(seats=ALL_SEATS, sees=_may_read),
    "library.select": Rule(seats=ACTORS[OfferAction.SELECT], sees=_may_select),
    "library.remove": Rule(seats=ACTORS[OfferAction.SELECT], sees=_selected),
    "offer.list": Rule(seats=ALL_SEATS),
    "offer.make": Rule(seats=OFFERERS, sees=is_issuer),
    "offer.decline": Rule(seats=ACTORS[OfferAction.DECLINE], sees=is_chooser),
    "offer.withdraw": Rule(seats=ACTORS[OfferAction.WITHDRAW], sees=is_offerer),
}
