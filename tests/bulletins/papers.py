"""Papers for tests: written, submitted and signed in the small world."""

from typing import Any

from sqlalchemy import insert, select

from agencies import tree
from agencies.models import Agency
from agencies.states import AgencyKind, Level
from bulletins import services
from bulletins.inputs import DraftInput
from bulletins.models import Bulletin, Receipt
from bulletins.ports import CHECKS
from config import clock
from config.database import db, writing
from tests.worlds import World

TITLE = "关于开展食品安全专项检查的通知"


def draft_input(**given: Any) -> DraftInput:
    """A complete draft to everybody below, which asks to be acknowledged."""
    values = {"title": TITLE, "body": "各单位：\n\n请**认真**落实。", "to_all": True}
    return DraftInput.model_validate({**values, "needs_acknowledgement": True, **given})


def drafted(world: World, issuer: str = "province", **given: Any) -> Bulletin:
    """A draft of the issuer's clerk."""
    return services.create_draft(world.actor(f"{issuer}-clerk"), draft_input(**given))


def submitted(world: World, issuer: str = "province", **given: Any) -> Bulletin:
    """A draft that lies before the approver."""
    bulletin = drafted(world, issuer, **given)
    return services.submit(world.actor(f"{issuer}-clerk"), bulletin.id, every_check())


def published(world: World, issuer: str = "province", **given: Any) -> Bulletin:
    """A paper that the approver has signed."""
    bulletin = submitted(world, issuer, **given)
    return services.sign(world.actor(f"{issuer}-approver"), bulletin.id, looked_at=every_check())


def every_check() -> list[str]:
    """Names of all checks before publishing, for whoever has looked at whatever they say."""
    return [check.name for check in CHECKS]


def receipt_of(world: World, agency: str, bulletin: Bulletin) -> Receipt:
    """The receipt of the agency of that name."""
    query = select(Receipt).where(
        Receipt.bulletin_id == bulletin.id, Receipt.agency_id == world.agencies[agency]
    )
    return db.session.scalars(query).one()


def more_agencies(parent_id: int, count: int, level: Level = Level.COUNTY) -> list[int]:
    """Ids of new county bureaus right under one agency."""
    rows = [
        {
            "code": f"N{parent_id}-{number:05}",
            "name": f"第{number}局",
            "level": level,
            "kind": AgencyKind.BUREAU,
            "parent_id": parent_id,
            "contact_name": "",
            "contact_phone": "",
            "contact_mail": "",
            "created_at": clock.now(),
        }
        for number in range(count)
    ]
    with writing():
        ids = db.session.scalars(insert(Agency).returning(Agency.id), rows).all()
        tree.rebuild()
    return list(ids)


def receivers(world: World, bulletin: Bulletin) -> dict[str, str]:
    """Who got the paper: names of agencies and their part."""
    names = {agency_id: name for name, agency_id in world.agencies.items()}
    query = select(Receipt).where(Receipt.bulletin_id == bulletin.id)
    return {names[one.agency_id]: str(one.part) for one in db.session.scalars(query)}
