"""With a broker: what is due is handed out to it, bounded, again if forgotten, never twice done."""

from collections.abc import Iterator
from datetime import timedelta

import pytest
from apiflask import APIFlask
from time_machine import Traveller

from config.database import db
from config.handling import Handling
from config.queueing import HEAVY
from config.scheduling import still_leads
from notifications import broker_engine
from notifications.services.digests import run_due
from notifications.services.handing_out import pump
from notifications.states import COMPOSING, Queue, State, WorkState
from tests.bulletins.papers import published
from tests.notifications import news
from tests.notifications.brokers import Obliging
from tests.notifications.hours import MONDAY, deliveries, digests, handle
from tests.notifications.post import posted
from tests.notifications.providers import Told
from tests.worlds import World

LEASE = timedelta(seconds=121)


@pytest.fixture
def broker(app: APIFlask, monkeypatch: pytest.MonkeyPatch) -> Iterator[Obliging]:
    made = Obliging()
    app.extensions["broker"] = made
    # The leader looks again for seconds what the workers have taken; a test looks once.
    monkeypatch.setattr(broker_engine.BrokerEngine, "busy", lambda _self: False)
    monkeypatch.setattr(broker_engine.BrokerEngine, "wait", lambda _self: None)
    yield made
    del app.extensions["broker"]


def some(world: World, count: int) -> list[int]:
    return sorted(world.people.values())[:count]


def states() -> set[str]:
    return {one.state for one in deliveries()}


def test_deliveries_go_through_the_queue_of_their_urgency(
    province: World, told: Told, broker: Obliging
) -> None:
    posted(some(province, 4))
    posted(some(province, 3), urgent=True)
    pump()
    assert broker.queues() == [Queue.MAIL_URGENT, Queue.MAIL]
    assert told.calls == 0
    broker.work()
    assert states() == {State.SENT}
    assert len(told.refs()) == len(set(told.refs())) == 7


def test_what_a_broker_forgot_is_handed_out_again_after_the_lease(
    province: World, told: Told, broker: Obliging, clock: Traveller
) -> None:
    posted(some(province, 4))
    pump()
    broker.waiting.clear()
    pump()
    assert broker.waiting == []
    clock.shift(LEASE)
    pump()
    broker.work()
    assert states() == {State.SENT}
    assert len(told.refs()) == 4


def test_a_task_that_comes_twice_is_done_once(
    province: World, told: Told, broker: Obliging
) -> None:
    posted(some(province, 4))
    pump()
    broker.waiting *= 2
    broker.work()
    assert len(told.refs()) == 4


def test_a_broker_that_is_away_costs_nothing_and_is_left_alone_for_a_moment(
    province: World, told: Told, broker: Obliging, app: APIFlask
) -> None:
    posted(some(province, 4))
    broker.is_away = True
    pump()
    assert {(one.state, one.handed_out_at) for one in deliveries()} == {(State.QUEUED, None)}
    broker.is_away = False
    pump()
    assert broker.waiting == []
    app.extensions.pop("delivery_engine")
    pump()
    broker.work()
    assert states() == {State.SENT}


def test_the_broker_never_holds_more_than_it_may(
    province: World, told: Told, broker: Obliging, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(broker_engine, "MOST_OUT", 4)
    monkeypatch.setattr(broker_engine.BrokerEngine, "batch", 2)
    posted(some(province, 9))
    pump()
    assert len(broker.waiting) == 2
    pump()
    assert len(broker.waiting) == 2
    broker.work()
    pump()
    assert len(broker.waiting) == 2


def test_who_does_not_lead_any_more_hands_nothing_out(
    province: World, told: Told, broker: Obliging, app: APIFlask
) -> None:
    class Lost:
        def is_set(self) -> bool:
            return False

    posted(some(province, 4))
    app.extensions["leading"] = Lost()
    assert not still_leads()
    assert pump() == 0
    assert broker.waiting == []


def test_digests_are_composed_by_workers_and_only_once(
    enrolled: World, told: Told, broker: Obliging, clock: Traveller
) -> None:
    news.tell(enrolled.agencies["county"])
    clock.move_to(MONDAY)
    assert run_due(MONDAY) > 0
    assert set(broker.queues()) == {COMPOSING}
    assert {one.state for one in digests()} == {WorkState.DUE}
    assert run_due(MONDAY) == 0
    broker.waiting *= 2
    broker.work()
    assert WorkState.DUE not in {one.state for one in digests()}
    composed = [one.id for one in digests() if one.state == WorkState.COMPOSED]
    assert sorted(one.digest_id or 0 for one in deliveries()) == composed


def test_digests_that_a_broker_forgot_are_handed_out_again(
    enrolled: World, told: Told, broker: Obliging, clock: Traveller
) -> None:
    news.tell(enrolled.agencies["county"])
    clock.move_to(MONDAY)
    broker.is_away = True
    assert run_due(MONDAY) == 0
    broker.is_away = False
    assert run_due(MONDAY) > 0
    broker.waiting.clear()
    clock.shift(LEASE)
    assert run_due(MONDAY) > 0
    broker.work()
    assert WorkState.DUE not in {one.state for one in digests()}


def test_indexing_is_left_to_the_workers(
    province: World, told: Told, broker: Obliging, clock: Traveller
) -> None:
    handle()
    broker.waiting.clear()
    published(province)
    handle()
    assert HEAVY in broker.queues()
    left = db.session.query(Handling).filter(Handling.done_at.is_(None)).count()
    assert left > 0
    handle()
    assert broker.queues().count(HEAVY) == 1
    broker.work()
    db.session.rollback()
    assert db.session.query(Handling).filter(Handling.done_at.is_(None)).count() == 0
