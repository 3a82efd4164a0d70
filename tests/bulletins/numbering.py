"""Organ codes for tests, and signing by many at the same moment."""

from sqlalchemy import select

from bulletins import services
from bulletins.inputs import OrganCodeInput
from bulletins.models import Bulletin, DocumentNumber
from config.database import db
from tests.bulletins.papers import published, submitted
from tests.worlds import World


def code_of(world: World, code: str = "冀质监", issuer: str = "province", used: int = 0) -> int:
    """The id of a code that the issuer's approver has put into use."""
    data = OrganCodeInput(code=code, used_before=used)
    return services.add_code(world.actor(f"{issuer}-approver"), data).id


def numbered(world: World, organ_code_id: int, issuer: str = "province") -> Bulletin:
    """A signed paper that has a number."""
    return published(world, issuer, organ_code_id=organ_code_id)


def many_submitted(world: World, count: int, organ_code_id: int) -> list[int]:
    """Ids of papers that lie before the approver."""
    return [submitted(world, organ_code_id=organ_code_id).id for _number in range(count)]


def given_out(organ_code_id: int) -> list[int]:
    """The numbers in a code's register, from the lowest on."""
    query = select(DocumentNumber.number).where(DocumentNumber.organ_code_id == organ_code_id)
    return list(db.session.scalars(query.order_by(DocumentNumber.number)))
