"""Relays for tests: begun, submitted and signed in the small world."""

from typing import Any

from sqlalchemy import select

from agencies.models import Agency
from bulletins import services
from bulletins.inputs import RelayInput
from bulletins.models import Bulletin, Receipt, Relay
from config.database import db
from tests.bulletins.papers import published, receipt_of
from tests.worlds import World

NOTE = "请各县区认真落实，结合本地实际抓好贯彻。"


def to_cities(world: World, **given: Any) -> Bulletin:
    """A paper of the province to its two cities alone."""
    cities = [world.agencies["city"], world.agencies["other_city"]]
    return published(world, **{"to_all": False, "to_agencies": cities, **given})


def relay_input(**given: Any) -> RelayInput:
    """A cover note to everybody below."""
    return RelayInput.model_validate({"note": NOTE, "to_all": True, **given})


def begun(world: World, bulletin: Bulletin, agency: str = "city", **given: Any) -> Relay:
    """A relay by the agency's clerk, not submitted yet."""
    receipt = receipt_of(world, agency, bulletin)
    return services.save_relay(world.actor(f"{agency}-clerk"), receipt.id, relay_input(**given))


def laid(world: World, bulletin: Bulletin, agency: str = "city", **given: Any) -> Relay:
    """A relay that lies before the approver."""
    relay = begun(world, bulletin, agency, **given)
    return services.submit_relay(world.actor(f"{agency}-clerk"), relay.id)


def relayed(world: World, bulletin: Bulletin, agency: str = "city", **given: Any) -> Relay:
    """A relay that the approver has signed."""
    relay = laid(world, bulletin, agency, **given)
    return services.sign_relay(world.actor(f"{agency}-approver"), relay.id)


def ways(bulletin: Bulletin) -> dict[str, str | None]:
    """Through whose receipt each agency got the paper's version in force, by names."""
    names = dict(db.session.execute(select(Agency.id, Agency.name)).all())
    mine = select(Receipt).where(
        Receipt.bulletin_id == bulletin.id, Receipt.version == bulletin.version
    )
    rows = db.session.scalars(mine).all()
    agencies = {row.id: names[row.agency_id] for row in rows}
    assert len(set(agencies.values())) == len(rows), "somebody got it twice"
    return {agencies[row.id]: agencies.get(row.through_receipt_id or 0) for row in rows}
