"""Corrections for tests, written and signed."""

from typing import Any

from sqlalchemy import select

from bulletins import services
from bulletins.models import Bulletin, Receipt
from config.database import db
from tests.bulletins.papers import draft_input
from tests.worlds import World

NOTE = "第二段的期限应为三十日。"
BODY = "各单位：\n\n请**认真**落实，三十日内报送。"


def correcting(
    world: World, bulletin: Bulletin, issuer: str = "province", **given: Any
) -> Bulletin:
    """A correction that the clerk has written."""
    clerk = world.actor(f"{issuer}-clerk")
    begun = services.correct(clerk, bulletin.id)
    data = draft_input(**{"note": NOTE, "body": BODY, **given})
    return services.save_draft(clerk, bulletin.id, begun.revision, data)


def corrected(
    world: World,
    bulletin: Bulletin,
    asks_again: bool = False,
    issuer: str = "province",
    **given: Any,
) -> Bulletin:
    """A paper whose correction the approver has signed."""
    correcting(world, bulletin, issuer, **given)
    services.submit(world.actor(f"{issuer}-clerk"), bulletin.id)
    approver = world.actor(f"{issuer}-approver")
    return services.sign(approver, bulletin.id, asks_again=asks_again)


def receipt(world: World, agency: str, bulletin: Bulletin, version: int) -> Receipt:
    """The agency's receipt of that version."""
    query = select(Receipt).where(
        Receipt.bulletin_id == bulletin.id,
        Receipt.version == version,
        Receipt.agency_id == world.agencies[agency],
    )
    return db.session.scalars(query).one()
