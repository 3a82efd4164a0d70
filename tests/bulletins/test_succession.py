"""A correction runs down the whole chain: each receipt's successor hangs under its upper one's."""

import pytest
from sqlalchemy import select

from bulletins import relay as chain
from bulletins import services
from bulletins.models import Bulletin, BulletinVersion, Receipt
from config import clock, journal
from config.database import db, writing
from tests.bulletins.papers import receipt_of
from tests.bulletins.relays import relayed, to_cities, ways
from tests.bulletins.test_relays import CITY, COUNTY, OTHER_CITY, SIBLING
from tests.worlds import World


def _corrected(bulletin: Bulletin, *, asks_again: bool) -> None:
    with writing():
        old = db.session.get_one(BulletinVersion, (bulletin.id, 1))
        names = [column.name for column in BulletinVersion.__table__.columns]
        values = {name: getattr(old, name) for name in names}
        entry = journal.record("bulletin.corrected", subject=("bulletin", bulletin.id))
        db.session.add(BulletinVersion(**{**values, "version": 2, "entry_id": entry.id}))
        bulletin.version = 2
        db.session.flush()
        for statement in chain.succeeding(bulletin.id, 1, 2, clock.now(), asks_again=asks_again):
            db.session.execute(statement)


@pytest.mark.parametrize("asks_again", [True, False])
def test_the_chain_of_the_new_version_is_that_of_the_old(world: World, asks_again: bool) -> None:
    bulletin = to_cities(world, relay_within=5)
    relay = relayed(world, bulletin)
    services.acknowledge(world.actor("county-clerk"), receipt_of(world, "county", bulletin).id)
    services.open_receipt(world.actor("city-clerk"), receipt_of(world, "city", bulletin).id)
    _corrected(bulletin, asks_again=asks_again)
    assert ways(bulletin) == {CITY: None, OTHER_CITY: None, COUNTY: CITY, SIBLING: CITY}
    rows = db.session.scalars(select(Receipt).where(Receipt.bulletin_id == bulletin.id)).all()
    found = {(row.version, row.agency_id): row for row in rows}
    county, city = (found[2, world.agencies[name]] for name in ("county", "city"))
    assert county.relay_id == relay.id
    assert county.needs_acknowledgement
    assert (county.acknowledged_at is None) == asks_again
    assert (city.opened_at, city.relayed_at, city.relay_by) == (None, None, None)
    assert found[2, world.agencies["other_city"]].relay_by is not None
    assert found[1, world.agencies["county"]].acknowledged_at is not None
    ids = {row.id for row in rows if row.version == 2}
    assert {row.through_receipt_id for row in rows if row.version == 2} <= ids | {None}
