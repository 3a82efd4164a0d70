"""After a restore: what may have gone out before it is held, what comes later is not."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from flask.testing import FlaskClient
from time_machine import Traveller

from bulletins.states import Urgency
from config.database import db, writing
from notifications.models import Delivery
from notifications.services.ledger import decide, decide_all
from notifications.states import Action, State
from tests.bulletins.papers import published
from tests.notifications import news
from tests.notifications.hours import MONDAY, deliveries, digests, handle, restore, told_to, work
from tests.notifications.hours import deliver as round_of_work
from tests.notifications.post import posted
from tests.notifications.providers import Told
from tests.worlds import World, csrf_of

Browsers = Callable[[int], FlaskClient]


def people(world: World, count: int) -> list[int]:
    return sorted(world.people.values())[:count]


@pytest.fixture
def admin(province: World, browser_of: Browsers) -> FlaskClient:
    return browser_of(province.people["system"])


def test_what_had_not_gone_out_is_held_until_released(
    province: World, told: Told, admin: FlaskClient
) -> None:
    waiting = posted(people(province, 4))
    for one, state in zip(waiting, (State.CLAIMED, State.CALLING, State.UNKNOWN), strict=False):
        with writing():
            db.session.get_one(Delivery, one.id).state = state
    assert "4 deliveries are held" in restore()
    round_of_work()
    assert told.parcels == []
    assert "从备份恢复后有 4 条暂停待定" in admin.get("/deliveries").text
    decide(province.actor("system"), waiting[0].id, Action.CLOSE)
    token = csrf_of(admin.get("/deliveries").text)
    admin.post("/deliveries/all/held/release", data={"csrf_token": token})
    round_of_work()
    assert [one.state for one in deliveries()] == [State.CLOSED] + [State.SENT] * 3


def test_digests_that_were_due_before_are_held_and_later_ones_are_not(
    province: World, told: Told, clock: Traveller
) -> None:
    handle()
    first = news.tell(province.agencies["county"])
    clock.move_to(MONDAY + timedelta(hours=3))
    restore()  # a backup of Friday: the digests of Monday may have gone out before
    work()
    assert told.parcels == []
    assert {(one.state, one.outcome) for one in deliveries()} == {(State.HELD, "restored")}
    second = news.tell(province.agencies["county"])
    clock.move_to(MONDAY + timedelta(days=1))
    work()
    clerk = province.people["county-clerk"]
    assert told_to(clerk) == [[first], [second]]
    assert {one.state for one in deliveries()} == {State.HELD, State.SENT}
    assert decide_all(None, State.HELD, Action.CLOSE) == 5
    work()
    assert len(told.parcels) == 5
    assert len({(one.recipient_id, one.scheduled_at) for one in digests()}) == len(digests())


def test_notices_of_before_are_held_and_later_ones_are_not(
    province: World, told: Told, clock: Traveller
) -> None:
    handle()
    published(province, urgency=Urgency.URGENT)
    restore()  # the entry came with the backup and was not handled in it
    work()
    assert told.parcels == []
    assert {(one.state, one.outcome) for one in deliveries()} == {(State.HELD, "restored")}
    clock.shift(timedelta(minutes=1))
    published(province, urgency=Urgency.URGENT)
    work()
    assert told.parcels
