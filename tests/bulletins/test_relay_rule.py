"""The rule of a paper: who does not relay it in time is passed over, once, and told."""

from collections.abc import Iterator
from datetime import date
from functools import partial

import pytest
import time_machine
from apiflask import APIFlask
from sqlalchemy import select, update

from agencies import tree
from agencies.actors import Actor
from agencies.models import Agency
from bulletins import services
from bulletins.models import Bulletin, Relay
from bulletins.services.relaying import serve_straight
from bulletins.states import State
from config.database import db, writing
from config.journal import Entry
from tests.bulletins.papers import published, receipt_of
from tests.bulletins.relays import NOTE, laid, relayed, to_cities, ways
from tests.bulletins.test_concurrency import at_once
from tests.bulletins.test_relays import CITY, COUNTY, OTHER_CITY, SIBLING
from tests.worlds import World

OTHER_COUNTY = "路南区市场监督管理局"
FRIDAY, WEDNESDAY, THURSDAY = (f"2026-11-{day}T09:00:00+08:00" for day in (20, 25, 26))


def _serve(receipt_id: int, _actor: Actor) -> bool:
    return serve_straight(receipt_id)


@pytest.fixture(autouse=True)
def clock() -> Iterator[time_machine.Traveller]:
    with time_machine.travel(FRIDAY, tick=False) as traveller:
        yield traveller


def test_those_below_get_it_straight_when_the_working_days_are_over(
    world: World, clock: time_machine.Traveller
) -> None:
    bulletin = to_cities(world, relay_within=3, acknowledge_by="2026-12-31")
    relayed(world, bulletin, "other_city")
    assert receipt_of(world, "city", bulletin).relay_by == date(2026, 11, 25)
    clock.move_to(WEDNESDAY)
    assert services.serve_overdue() == 0
    clock.move_to(THURSDAY)
    assert services.serve_overdue() == 1
    assert ways(bulletin) == {
        CITY: None,
        OTHER_CITY: None,
        COUNTY: CITY,
        SIBLING: CITY,
        OTHER_COUNTY: OTHER_CITY,
    }
    late = receipt_of(world, "city", bulletin)
    assert (late.relayed_at, late.passed_over_at) == (
        None,
        receipt_of(world, "county", bulletin).sent_at,
    )
    assert receipt_of(world, "county", bulletin).needs_acknowledgement


def test_it_is_done_and_told_once(
    app: APIFlask, world: World, clock: time_machine.Traveller
) -> None:
    bulletin = to_cities(world, relay_within=1)
    clock.move_to(THURSDAY)
    outcomes = at_once(
        app, world, *[("province-clerk", lambda _actor: services.serve_overdue())] * 3
    )
    assert outcomes == ["done"] * 3
    assert services.serve_overdue() == 0
    assert len(ways(bulletin)) == 5
    told = db.session.scalars(select(Entry).where(Entry.kind == "relay.passed_over")).all()
    assert sorted(entry.agency_id or 0 for entry in told) == sorted(
        world.agencies[name] for name in ("city", "other_city")
    )
    assert {entry.person_id for entry in told} == {None}


def test_relaying_in_time_or_at_the_same_moment_leaves_one_way(
    app: APIFlask, world: World, clock: time_machine.Traveller
) -> None:
    for _round in range(3):
        bulletin = to_cities(world, relay_within=1)
        relay_id, receipt_id = laid(world, bulletin).id, receipt_of(world, "city", bulletin).id
        at_once(
            app,
            world,
            ("city-approver", partial(services.sign_relay, relay_id=relay_id)),
            ("city-clerk", partial(_serve, receipt_id)),
        )
        assert ways(bulletin) == {CITY: None, OTHER_CITY: None, COUNTY: CITY, SIBLING: CITY}


def test_who_relays_late_adds_its_words_to_what_went_straight(
    world: World, clock: time_machine.Traveller
) -> None:
    bulletin = to_cities(world, relay_within=1)
    clock.move_to(THURSDAY)
    services.serve_overdue()
    relay = relayed(world, bulletin)
    assert relay.receipt_count == 0
    assert len(ways(bulletin)) == 5
    county = receipt_of(world, "county", bulletin)
    assert county.relay_id == relay.id
    assert NOTE in relay.note_html
    assert receipt_of(world, "city", bulletin).relayed_at is not None


def test_only_who_is_addressed_and_has_bureaus_left_below_is_given_a_day(world: World) -> None:
    names = ("city", "other_city", "county", "enterprise")
    bulletin = published(
        world,
        to_all=False,
        to_agencies=[world.agencies[name] for name in names if name != "other_city"],
        cc_agencies=[world.agencies["other_city"]],
        except_agencies=[],
        relay_within=3,
    )
    days = {name: receipt_of(world, name, bulletin).relay_by for name in names}
    assert days == {
        "city": date(2026, 11, 25),
        "other_city": None,
        "county": None,
        "enterprise": None,
    }
    everybody = published(world, relay_within=3)
    assert receipt_of(world, "city", everybody).relay_by is None


def test_whom_the_issuer_left_out_is_not_served_by_its_rule(
    world: World, clock: time_machine.Traveller
) -> None:
    bulletin = published(
        world,
        to_all=False,
        to_agencies=[world.agencies["city"]],
        except_agencies=[world.agencies["county"]],
        relay_within=1,
    )
    clock.move_to(THURSDAY)
    services.serve_overdue()
    assert ways(bulletin) == {CITY: None, SIBLING: CITY}


def test_the_rule_goes_on_down_the_chain(world: World, clock: time_machine.Traveller) -> None:
    """A relay by a province gives its cities the paper's time anew."""
    with writing():
        nation = update(Agency).where(Agency.id == world.agencies["province"])
        db.session.execute(nation.values(parent_id=world.agencies["unrelated"]))
        tree.rebuild()
    bulletin = published(
        world,
        "unrelated",
        to_all=False,
        to_agencies=[world.agencies["province"]],
        relay_within=2,
    )
    clock.move_to(THURSDAY)
    assert services.serve_overdue() == 1
    assert set(ways(bulletin)) == {"河北省市场监督管理局", CITY, OTHER_CITY}
    assert receipt_of(world, "city", bulletin).relay_by == date(2026, 11, 30)


def test_what_is_not_in_force_is_handed_to_nobody(
    world: World, clock: time_machine.Traveller
) -> None:
    bulletin = to_cities(world, relay_within=1)
    with writing():
        gone = update(Bulletin).where(Bulletin.id == bulletin.id)
        db.session.execute(gone.values(state=State.VOID))
    clock.move_to(THURSDAY)
    assert services.serve_overdue() == 0
    assert db.session.scalars(select(Relay)).all() == []
    assert receipt_of(world, "city", bulletin).relay_by is None
