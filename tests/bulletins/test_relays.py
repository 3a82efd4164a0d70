"""A paper is relayed: who gets it, under whom, with which words; nobody gets it twice."""

from datetime import timedelta

import pytest
from apiflask import APIFlask
from sqlalchemy import select, update

from agencies import tree
from agencies.models import Agency
from agencies.states import Level
from bulletins import services
from bulletins.models import Bulletin, BulletinVersion, Receipt
from bulletins.queries import relays as queries
from bulletins.states import State
from config import clock
from config.database import db, writing
from config.errors import Conflict, Forbidden, Invalid, NotFound
from config.journal import Entry
from tests.bulletins.papers import drafted, more_agencies, published, receipt_of
from tests.bulletins.queries import counted as asked
from tests.bulletins.relays import (
    NOTE,
    begun,
    laid,
    relay_input,
    relayed,
    to_cities,
    ways,
)
from tests.bulletins.test_concurrency import at_once
from tests.worlds import World

PROVINCE = "河北省市场监督管理局"
CITY = "石家庄市市场监督管理局"
OTHER_CITY = "唐山市市场监督管理局"
COUNTY = "长安区市场监督管理局"
SIBLING = "桥西区市场监督管理局"


def test_receipts_hang_under_the_relaying_agencys_own(world: World) -> None:
    bulletin = to_cities(world)
    relay = relayed(world, bulletin)
    assert ways(bulletin) == {CITY: None, OTHER_CITY: None, COUNTY: CITY, SIBLING: CITY}
    assert relay.receipt_count == 2
    receipt = receipt_of(world, "city", bulletin)
    assert receipt.relayed_at == relay.signed_at
    assert receipt.relayed_by == world.people["city-approver"]
    assert receipt_of(world, "other_city", bulletin).relayed_at is None
    version = db.session.get_one(BulletinVersion, (bulletin.id, 1))
    assert version.receipt_count == 4


def test_a_chain_of_several_levels_carries_the_words_of_each(world: World) -> None:
    town = more_agencies(world.agencies["county"], 1, Level.TOWNSHIP)[0]
    bulletin = to_cities(world, acknowledge_by="2199-05-20")
    relayed(world, bulletin, acknowledge_by="2199-05-10", to_all=False, to_levels=["county"])
    relayed(world, bulletin, "county", note="请各所照办。", needs_acknowledgement=True)
    assert ways(bulletin)["第0局"] == COUNTY
    receipt = db.session.scalars(select(Receipt).where(Receipt.agency_id == town)).one()
    words = queries.words_on_the_way(receipt)
    assert [one.agency for one in words] == [CITY, COUNTY]
    assert NOTE in words[0].note_html
    assert words[1].signer == "county approver"
    version = db.session.get_one(BulletinVersion, (bulletin.id, 1))
    assert str(queries.deadline(receipt, version)) == "2199-05-10"  # the nearest above holds on


def test_nobody_gets_it_twice(world: World) -> None:
    bulletin = published(
        world, to_all=False, to_agencies=[world.agencies["city"], world.agencies["county"]]
    )
    assert relayed(world, bulletin).receipt_count == 1
    assert ways(bulletin) == {CITY: None, COUNTY: None, SIBLING: CITY}
    with pytest.raises(Invalid):
        laid(world, bulletin)


def test_the_issuer_never_gets_its_own_paper_back(world: World) -> None:
    bulletin = published(
        world, "county", type="information", to_all=False, to_agencies=[world.agencies["city"]]
    )
    relayed(world, bulletin)
    assert ways(bulletin) == {CITY: None, SIBLING: CITY}


def test_a_relay_goes_down_only(world: World) -> None:
    bulletin = to_cities(world)
    relay = begun(world, bulletin)
    receipt = receipt_of(world, "city", bulletin)
    for name in ("province", "other_county"):
        outside = relay_input(to_all=False, to_agencies=[world.agencies[name]])
        with pytest.raises(Invalid) as refused:
            services.save_relay(world.actor("city-clerk"), receipt.id, outside, relay.revision)
        assert set(refused.value.errors) == {"to_agencies"}


def test_a_loop_ends(world: World) -> None:
    """Two agencies that change places in the tree relay to each other: each has it once."""
    bulletin = to_cities(world)
    relayed(world, bulletin)
    with writing():
        moved = update(Agency).where(Agency.id == world.agencies["city"])
        db.session.execute(moved.values(parent_id=world.agencies["county"]))
        top = update(Agency).where(Agency.id == world.agencies["county"])
        db.session.execute(top.values(parent_id=world.agencies["province"]))
        tree.rebuild()
    with pytest.raises(Invalid):
        laid(world, bulletin, "county")
    assert ways(bulletin) == {CITY: None, OTHER_CITY: None, COUNTY: CITY, SIBLING: CITY}


def test_many_who_relay_at_once_give_nobody_two(app: APIFlask, world: World) -> None:
    for _round in range(3):
        bulletin = published(
            world,
            to_all=False,
            to_agencies=[world.agencies["city"], world.agencies["other_city"]],
        )
        again = published(world, to_all=False, to_agencies=[world.agencies["city"]])
        ids = {name: laid(world, bulletin, name).id for name in ("city", "other_city")}
        second = laid(world, again).id
        outcomes = at_once(
            app,
            world,
            *(
                (f"{name}-approver", lambda actor, id_=id_: services.sign_relay(actor, id_))
                for name, id_ in (*ids.items(), ("city", ids["city"]), ("city", second))
            ),
        )
        assert sorted(outcomes) == ["Conflict", "done", "done", "done"]
        assert len(ways(bulletin)) == 5
        assert len(ways(again)) == 3


def test_province_and_city_relaying_to_the_same_counties_at_once(
    app: APIFlask, world: World
) -> None:
    """A nation's paper at a province and its city: both hand it to the counties."""
    with writing():
        nation = update(Agency).where(Agency.id == world.agencies["province"])
        db.session.execute(nation.values(parent_id=world.agencies["unrelated"]))
        tree.rebuild()
    for _round in range(3):
        both = [world.agencies["province"], world.agencies["city"]]
        bulletin = published(world, "unrelated", to_all=False, to_agencies=both)
        ids = {name: laid(world, bulletin, name).id for name in ("province", "city")}
        outcomes = at_once(
            app,
            world,
            *(
                (f"{name}-approver", lambda actor, id_=id_: services.sign_relay(actor, id_))
                for name, id_ in ids.items()
            ),
        )
        assert set(outcomes) <= {"done", "Invalid"}
        assert "done" in outcomes
        assert len(ways(bulletin)) == 7


def test_only_the_agencys_own_office_relays(world: World) -> None:
    bulletin = to_cities(world)
    receipt = receipt_of(world, "city", bulletin)
    for name, error in (
        ("city-approver", Forbidden),
        ("city-reader", Forbidden),
        ("other_city-clerk", NotFound),
        ("province-clerk", NotFound),
    ):
        with pytest.raises(error):
            services.save_relay(world.actor(name), receipt.id, relay_input())
    relay = laid(world, bulletin)
    with pytest.raises(Forbidden):
        services.sign_relay(world.actor("city-clerk"), relay.id)
    with pytest.raises(NotFound):
        services.sign_relay(world.actor("other_city-approver"), relay.id)


def test_what_is_returned_is_written_on_and_signed_as_read(world: World) -> None:
    bulletin = to_cities(world)
    relay = laid(world, bulletin)
    services.return_relay(world.actor("city-approver"), relay.id, "请写明本地期限。")
    assert (relay.state, relay.remark) == (State.RETURNED, "请写明本地期限。")
    receipt = receipt_of(world, "city", bulletin)
    clerk = world.actor("city-clerk")
    with pytest.raises(services.StaleRelay):
        services.save_relay(clerk, receipt.id, relay_input(note="别的。"), 7)
    services.save_relay(clerk, receipt.id, relay_input(note="改好了。"), relay.revision)
    services.submit_relay(clerk, relay.id)
    with pytest.raises(services.StaleRelay):
        services.sign_relay(world.actor("city-approver"), relay.id, 1)
    services.sign_relay(world.actor("city-approver"), relay.id, relay.revision)
    with pytest.raises(Conflict):
        services.withdraw_relay(clerk, relay.id)


def test_the_local_day_is_no_later_than_the_one_above(world: World) -> None:
    bulletin = to_cities(world, acknowledge_by="2199-05-20")
    with pytest.raises(Invalid) as refused:
        begun(world, bulletin, acknowledge_by="2199-05-21")
    assert set(refused.value.errors) == {"acknowledge_by"}


def test_a_paper_that_was_corrected_meanwhile_is_not_relayed_unread(world: World) -> None:
    bulletin = to_cities(world)
    relay = laid(world, bulletin)
    with writing():
        db.session.execute(update(Bulletin).where(Bulletin.id == bulletin.id).values(version=2))
    with pytest.raises(Conflict):
        services.sign_relay(world.actor("city-approver"), relay.id)
    assert len(db.session.scalars(select(Receipt)).all()) == 2


def test_classified_words_are_refused_in_what_is_added(world: World) -> None:
    for field in ("note", "additions"):
        with pytest.raises(ValueError, match="密级标志"):
            relay_input(**{field: "机密★一年"})


def test_the_fact_acted_has_its_time_and_person(world: World) -> None:
    receipt = receipt_of(world, "county", published(world))
    services.act(world.actor("county-clerk"), receipt.id)
    first = receipt.acted_at
    services.act(world.actor("county-liaison"), receipt.id)
    assert (receipt.acted_at, receipt.acted_by) == (first, world.people["county-clerk"])
    assert first is not None
    assert clock.now() - first < timedelta(minutes=1)
    assert (receipt.opened_at, receipt.acknowledged_at) == (None, None)
    with pytest.raises(Forbidden):
        services.act(world.actor("county-reader"), receipt.id)
    with pytest.raises(NotFound):
        services.act(world.actor("city-clerk"), receipt.id)


def test_the_journal_tells_each_step_without_words(world: World) -> None:
    bulletin = to_cities(world)
    relay = relayed(world, bulletin)
    told = db.session.scalars(
        select(Entry).where(Entry.subject_kind == "relay").order_by(Entry.id)
    ).all()
    assert [entry.kind for entry in told] == ["relay.drafted", "relay.submitted", "relay.signed"]
    assert {entry.agency_id for entry in told} == {world.agencies["city"]}
    assert told[-1].facts == {"bulletin": bulletin.id, "urgency": "normal", "version": 1}
    assert relay.entry_id == told[-1].id


def test_a_draft_is_no_paper_to_relay(world: World) -> None:
    bulletin = drafted(world)
    assert queries.open_relay(world.agencies["city"], bulletin.id) is None


def test_one_who_ticks_others_reaches_those_and_signing_asks_little(world: World) -> None:
    """The statement that sends is shared by relays that are alike but for whom they name."""
    papers = [to_cities(world), to_cities(world)]
    for bulletin, chosen, name in zip(
        papers, ("county", "sibling"), (COUNTY, SIBLING), strict=True
    ):
        relay = laid(world, bulletin, to_all=False, to_agencies=[world.agencies[chosen]])
        approver = world.actor("city-approver")
        with asked() as statements:
            services.sign_relay(approver, relay.id)
        assert len(statements) <= 11
        assert ways(bulletin) == {CITY: None, OTHER_CITY: None, name: CITY}
