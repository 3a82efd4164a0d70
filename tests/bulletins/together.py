"""Papers of two cities, for tests."""

from typing import Any

from bulletins import services
from bulletins.models import Bulletin
from tests.bulletins.papers import submitted
from tests.worlds import World

NAMES = "石家庄市市场监督管理局、唐山市市场监督管理局"


def together(world: World, **given: Any) -> Bulletin:
    """A paper of the two cities, the first its host, that waits for signatures."""
    return submitted(world, "city", joint_agencies=[world.agencies["other_city"]], **given)


def signed(world: World, **given: Any) -> Bulletin:
    """The same, signed by both."""
    paper = together(world, **given)
    services.cosign(world.actor("other_city-approver"), paper.id)
    return services.sign(world.actor("city-approver"), paper.id)
