"""What relays send is counted with the paper, whoever reads it meanwhile."""

from apiflask import APIFlask

from bulletins import services
from bulletins.models import Bulletin, BulletinVersion
from bulletins.queries.papers import Progress
from bulletins.queries.progress import counted
from config.database import db
from tests.bulletins.papers import receipt_of
from tests.bulletins.relays import (
    laid,
    relayed,
    to_cities,
)
from tests.bulletins.test_concurrency import Use, at_once
from tests.worlds import World


def _counts(bulletin: Bulletin) -> Progress:
    version = db.session.get_one(BulletinVersion, (bulletin.id, bulletin.version))
    assert counted(bulletin.id, bulletin.version) == Progress.of(version)
    return Progress.of(version)


def test_what_a_relay_sends_is_counted_with_the_paper(world: World) -> None:
    bulletin = to_cities(world, needs_acknowledgement=False)
    services.open_receipt(world.actor("city-clerk"), receipt_of(world, "city", bulletin).id)
    relayed(world, bulletin, needs_acknowledgement=True)
    assert _counts(bulletin) == Progress(4, 0, 1, 0, 2)
    services.acknowledge(world.actor("county-clerk"), receipt_of(world, "county", bulletin).id)
    assert _counts(bulletin) == Progress(4, 0, 1, 1, 2)


def test_a_paper_read_while_it_is_relayed_is_counted_truly(app: APIFlask, world: World) -> None:
    for _round in range(3):
        bulletin = to_cities(world)
        relays = {name: laid(world, bulletin, name).id for name in ("city", "other_city")}
        receipts = {name: receipt_of(world, name, bulletin).id for name in relays}

        def signing(relay_id: int) -> Use:
            return lambda actor: services.sign_relay(actor, relay_id)

        def opening(receipt_id: int) -> Use:
            return lambda actor: services.open_receipt(actor, receipt_id)

        outcomes = at_once(
            app,
            world,
            *((f"{name}-approver", signing(relay)) for name, relay in relays.items()),
            *((f"{name}-clerk", opening(receipt)) for name, receipt in receipts.items()),
            *((f"{name}-duty", opening(receipt)) for name, receipt in receipts.items()),
        )
        assert outcomes == ["done"] * 6
        assert _counts(bulletin) == Progress(5, 0, 2, 0, 5)
