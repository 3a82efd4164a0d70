"""Cases for tests: published, offered upward, selected into the library."""

from typing import Any

from bulletins.library.inputs import OfferInput, SelectInput
from bulletins.models import Bulletin, Offer, Selection
from bulletins.services import library
from tests.bulletins.papers import published
from tests.worlds import World

TITLE = "石家庄市“阳光厨房”经验"


def case(world: World, issuer: str = "city", **given: Any) -> Bulletin:
    """A published case; of the city, to one of its counties."""
    values = {"title": TITLE, "type": "case", "topics": ["food"], **given}
    values.setdefault("needs_acknowledgement", False)
    if not {"to_all", "to_agencies"} & given.keys():
        values |= {"to_all": False, "to_agencies": [world.agencies["county"]]}
    return published(world, issuer, **values)


def offered(
    world: World, bulletin_id: int, agency: str = "city", to: str = "province", reason: str = ""
) -> Offer:
    """An offer by the issuer's clerk."""
    data = OfferInput(to=world.agencies[to], reason=reason)
    return library.offer(world.actor(f"{agency}-clerk"), bulletin_id, data)


def chosen(world: World, bulletin_id: int, agency: str = "province", note: str = "") -> Selection:
    """A selection by the approver of an agency above."""
    return library.choose(world.actor(f"{agency}-approver"), bulletin_id, SelectInput(note=note))
