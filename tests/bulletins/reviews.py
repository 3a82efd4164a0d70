"""Papers under review for tests; seats of the province by the kind of seat."""

from typing import Any

from sqlalchemy import select

from agencies.models import Seat
from bulletins import services
from bulletins.models import Bulletin, Review
from config.database import db
from tests.bulletins.papers import submitted
from tests.worlds import World


def seat(world: World, kind: str, agency: str = "province") -> int:
    """The id of the agency's seat of that kind."""
    query = select(Seat.id).where(Seat.agency_id == world.agencies[agency], Seat.kind == kind)
    return db.session.scalars(query).one()


def under_review(
    world: World, *steps: list[str], agency: str = "province", **given: Any
) -> Bulletin:
    """A paper sent to review: each step names the kinds of seats asked side by side."""
    plan = {
        f"review_{number}": [seat(world, kind, agency) for kind in kinds]
        for number, kinds in enumerate(steps, start=1)
    }
    return submitted(world, agency, **{**plan, **given})


def review_of(world: World, bulletin: Bulletin, kind: str, agency: str = "province") -> Review:
    """The last round's review of the seat of that kind."""
    query = select(Review).where(
        Review.bulletin_id == bulletin.id, Review.seat_id == seat(world, kind, agency)
    )
    return db.session.scalars(query.order_by(Review.round.desc())).first() or Review()


def agreed(world: World, bulletin: Bulletin, kind: str, agency: str = "province") -> None:
    """The seat of that kind agrees."""
    number = review_of(world, bulletin, kind, agency).id
    services.agree(world.actor(f"{agency}-{kind}"), number)
