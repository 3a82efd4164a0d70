"""The facts of a receipt: each its own, with time and person, for the receiver alone."""

from datetime import timedelta

import pytest
import time_machine
from sqlalchemy import select

from agencies.holdings import open_counts
from bulletins import services
from bulletins.models import Receipt
from config import clock
from config.database import db
from config.errors import Conflict, DomainError, Forbidden, NotFound
from config.journal import Entry
from tests.bulletins.papers import drafted, published, receipt_of, submitted
from tests.worlds import World


def _entries(kind: str) -> list[Entry]:
    return list(db.session.scalars(select(Entry).where(Entry.kind == kind).order_by(Entry.id)))


def test_being_shown_in_a_list_is_delivery_and_nothing_else(world: World) -> None:
    receipt = receipt_of(world, "county", published(world))
    with time_machine.travel(clock.now() + timedelta(minutes=1), tick=False):
        assert services.mark_shown(world.actor("county-reader"), [receipt.id]) == 1
        now = clock.now()
    kept = db.session.get_one(Receipt, receipt.id)
    assert (kept.delivered_at, kept.delivered_how) == (now, "list")
    assert kept.delivered_by == world.people["county-reader"]
    assert (kept.opened_at, kept.acknowledged_at) == (None, None)
    (entry,) = _entries("receipt.delivered")
    assert entry.facts == {"how": "list", "receipts": [receipt.id]}
    assert (entry.agency_id, entry.person_id) == (
        world.agencies["county"],
        world.people["county-reader"],
    )


def test_delivery_is_noted_once_whoever_reports_it(world: World) -> None:
    bulletin = published(world)
    county, city = receipt_of(world, "county", bulletin), receipt_of(world, "city", bulletin)
    assert services.mark_delivered([county.id, city.id, county.id], "mail") == 2
    assert services.mark_delivered([county.id], "sms", world.people["county-duty"]) == 0
    assert services.mark_delivered([], "mail") == 0
    assert services.mark_delivered([2**40], "mail") == 0
    kept = db.session.get_one(Receipt, county.id)
    assert (kept.delivered_how, kept.delivered_by) == ("mail", None)
    assert sorted(entry.agency_id or 0 for entry in _entries("receipt.delivered")) == sorted(
        [world.agencies["county"], world.agencies["city"]]
    )


def test_the_first_who_opens_is_noted_even_a_reader(world: World) -> None:
    receipt = receipt_of(world, "county", published(world))
    services.open_receipt(world.actor("county-reader"), receipt.id)
    first = db.session.get_one(Receipt, receipt.id).opened_at
    services.open_receipt(world.actor("county-clerk"), receipt.id)
    kept = db.session.get_one(Receipt, receipt.id)
    assert (kept.opened_at, kept.opened_by) == (first, world.people["county-reader"])
    assert (kept.delivered_at, kept.acknowledged_at) == (None, None)
    (entry,) = _entries("receipt.opened")
    assert (entry.subject_kind, entry.subject_id) == ("receipt", receipt.id)


@pytest.mark.parametrize("seat", ["clerk", "approver", "liaison", "duty"])
def test_working_seats_acknowledge_and_the_first_stands(world: World, seat: str) -> None:
    receipt = receipt_of(world, "county", published(world))
    services.acknowledge(world.actor(f"county-{seat}"), receipt.id)
    services.acknowledge(world.actor("county-clerk"), receipt.id)
    kept = db.session.get_one(Receipt, receipt.id)
    assert kept.acknowledged_by == world.people[f"county-{seat}"]
    assert (kept.delivered_at, kept.opened_at) == (None, None)
    (entry,) = _entries("receipt.acknowledged")
    assert (entry.agency_id, entry.person_id) == (world.agencies["county"], kept.acknowledged_by)


def test_what_asks_for_no_acknowledgement_takes_none(world: World) -> None:
    receipt = receipt_of(world, "county", published(world, needs_acknowledgement=False))
    with pytest.raises(Conflict):
        services.acknowledge(world.actor("county-clerk"), receipt.id)
    assert db.session.get_one(Receipt, receipt.id).acknowledged_at is None


WHO = [
    ("county-reader", None, Forbidden),
    ("sibling-clerk", NotFound, NotFound),
    ("city-clerk", NotFound, NotFound),
    ("province-clerk", NotFound, NotFound),
    ("unrelated-approver", NotFound, NotFound),
    ("audit", NotFound, NotFound),
]


@pytest.mark.parametrize(("name", "opening", "acknowledging"), WHO)
def test_nobody_else_opens_or_acknowledges(
    world: World,
    name: str,
    opening: type[DomainError] | None,
    acknowledging: type[DomainError],
) -> None:
    receipt = receipt_of(world, "county", published(world))
    actor = world.actor(name)
    if opening is not None:
        with pytest.raises(opening):
            services.open_receipt(actor, receipt.id)
        assert db.session.get_one(Receipt, receipt.id).opened_at is None
    with pytest.raises(acknowledging):
        services.acknowledge(actor, receipt.id)
    assert db.session.get_one(Receipt, receipt.id).acknowledged_at is None


def test_open_receipts_and_drafts_are_what_an_agency_holds(world: World) -> None:
    bulletin = published(world)
    published(world, needs_acknowledgement=False)
    drafted(world, "city")
    submitted(world, "city")
    services.discard(world.actor("city-clerk"), drafted(world, "city").id)
    counts = open_counts("agency", world.agencies["city"])
    assert (counts["receipts"], counts["drafts"]) == (1, 2)
    services.acknowledge(world.actor("city-clerk"), receipt_of(world, "city", bulletin).id)
    assert open_counts("agency", world.agencies["city"])["receipts"] == 0
