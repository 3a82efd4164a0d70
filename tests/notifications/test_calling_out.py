"""Calls of other systems: tried for 24 hours, made once more after a kill, given up, replayed."""

import json
import threading
from datetime import timedelta
from itertools import pairwise
from typing import Any

import pytest
import time_machine
from apiflask import APIFlask
from flask import current_app
from sqlalchemy import select

from config import clock as now_of
from config.database import db
from notifications.hooks.models import Endpoint
from notifications.hooks.states import CallState, Outcome
from notifications.services import calling_out
from notifications.services import endpoints as service
from notifications.services.calling_out import call_out
from tests.bulletins.papers import published
from tests.notifications.hours import handle
from tests.notifications.systems import calls, connected, heard, work
from tests.receivers import Receiver, receiving
from tests.worlds import World


def test_it_is_tried_for_24_hours_by_the_published_schedule_and_then_given_up(
    county: World, receiver: Receiver, clock: time_machine.Traveller
) -> None:
    receiver.status, receiver.answer = 500, "出错了".encode()
    published(county)
    began, times = now_of.now(), list[timedelta]()
    while not times or calls()[0].state == CallState.WAITING:
        before = len(receiver.heard)
        work()
        assert len(receiver.heard) == before + 1
        times.append(now_of.now() - began)
        clock.move_to(calls()[0].next_try_at)
    pauses = [later - earlier for earlier, later in pairwise(times)]
    published_ones = (5, 5 * 60, 30 * 60, 2 * 3600, 5 * 3600, 10 * 3600)
    assert len(pauses) == 7
    for pause, said in zip(pauses[:-1], published_ones, strict=True):
        assert 1 <= pause / timedelta(seconds=said) <= 1.2
    assert (times[0], times[-1]) == (timedelta(0), timedelta(hours=24))
    [call] = calls()
    assert (call.state, call.outcome) == (CallState.GIVEN_UP, Outcome.REFUSED)
    assert (call.status, call.answer) == (500, "出错了")
    assert len({one.headers["webhook-id"] for one in receiver.heard}) == 1
    assert len({one.headers["webhook-signature"] for one in receiver.heard}) == len(times)
    clock.shift(timedelta(days=3))
    work()
    assert len(receiver.heard) == len(times)


def test_whoever_asks_to_be_left_alone_is(
    county: World, receiver: Receiver, clock: time_machine.Traveller
) -> None:
    receiver.status, receiver.more = 429, {"Retry-After": "120"}
    published(county)
    published(county, title="第二件")
    work()
    wanted = timedelta(minutes=2)
    assert wanted <= calls()[0].next_try_at - now_of.now() <= wanted * 1.2
    clock.shift(wanted - timedelta(seconds=1))
    work()
    assert len(receiver.heard) == 1  # the second is spared as well


@pytest.mark.parametrize(
    ("said", "seconds"),
    [
        ("Fri, 04 May 2018 01:10:00 GMT", 600),
        ("Friday, 04-May-18 01:10:00 GMT", 600),
        ("Fri May  4 01:10:00 2018", 600),
        ("Fri, 04 May 2018 00:50:00 GMT", 5),
        ("Mon, 04 May 9998 01:10:00 GMT", 24 * 3600),
        ("99999999999999999999", 24 * 3600),
        ("Fri, 99 May 2018 99:10:00 GMT", 5),
        ("-120", 5),
        ("1e3", 5),
        ("\u0663\u0660\u0660", 5),
        ("soon", 5),
        ("", 5),
    ],
)
def test_what_it_asks_for_is_seconds_or_a_date_and_no_more_than_a_day(
    county: World, receiver: Receiver, clock: time_machine.Traveller, said: str, seconds: int
) -> None:
    """The three forms of a date are those of RFC 9110, 5.6.7."""
    receiver.status = 503
    receiver.more = {"Retry-After": said.encode().decode("latin-1")}
    published(county)
    work()
    asked = timedelta(seconds=seconds)
    pause = calls()[0].next_try_at - now_of.now()
    assert asked <= pause <= min(asked * 1.2, timedelta(hours=24))


def test_what_failed_together_does_not_come_again_together(
    world: World, allowing: None, clock: time_machine.Traveller
) -> None:
    with receiving() as down:
        down.status = 500
        for _number in range(8):
            connected(world, down)
        published(world)
        work()
        assert len({call.next_try_at for call in calls()}) > 1


def test_what_was_given_up_or_delivered_can_be_sent_again_under_its_id(
    county: World, receiver: Receiver, clock: time_machine.Traveller
) -> None:
    receiver.status = 404
    published(county)
    work()
    clock.shift(timedelta(hours=25))
    work()
    receiver.status = 200
    service.replay(county.actor("county-clerk"), calls()[0].id)
    work()
    assert calls()[0].state == CallState.DELIVERED
    service.replay(county.actor("county-clerk"), calls()[0].id)
    work()
    assert len(receiver.heard) == 4
    assert len({one.headers["webhook-id"] for one in receiver.heard}) == 1


def test_410_ends_the_endpoint(county: World, receiver: Receiver) -> None:
    receiver.status = 410
    published(county)
    work()
    assert calls()[0].state == CallState.GIVEN_UP
    endpoint = db.session.scalars(select(Endpoint)).one()
    assert endpoint.is_gone
    assert endpoint.disabled_at
    published(county, title="第二件")
    work()
    assert len(receiver.heard) == 1
    receiver.status = 200
    service.enable(county.actor("county-liaison"), endpoint.id)
    published(county, title="第三件")
    work()
    assert [one["data"]["title"] for one in heard(receiver)[1:]] == ["第三件"]


def test_a_redirect_is_a_failure(county: World, receiver: Receiver) -> None:
    receiver.status, receiver.more = 307, {"Location": "http://127.0.0.1:9/"}
    published(county)
    work()
    assert calls()[0].outcome == Outcome.REDIRECTED
    assert calls()[0].state == CallState.WAITING


def test_a_target_that_is_not_allowed_any_more_is_not_called(
    app: APIFlask, county: World, receiver: Receiver
) -> None:
    settings = app.extensions["settings"]
    app.extensions["settings"] = settings.model_copy(update={"webhook_allowed": ""})
    published(county)
    work()
    assert receiver.heard == []
    assert calls()[0].outcome == Outcome.PRIVATE


def test_who_is_killed_before_the_answer_is_kept_calls_again_after_the_lease(
    county: World,
    receiver: Receiver,
    clock: time_machine.Traveller,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    published(county)
    handle()

    def killed(*_: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patched:
        patched.setattr(calling_out, "_keep", killed)
        with pytest.raises(KeyboardInterrupt):
            call_out()
    assert calls()[0].state == CallState.WAITING
    assert call_out() == 0  # claimed still
    clock.shift(timedelta(seconds=121))
    work()
    assert calls()[0].state == CallState.DELIVERED
    first, second = receiver.heard
    assert first.headers["webhook-id"] == second.headers["webhook-id"]


def test_a_late_answer_changes_nothing_once_somebody_else_has_the_call(
    county: World, receiver: Receiver, clock: time_machine.Traveller
) -> None:
    """The first worker sleeps through its lease, the second is told to wait: that counts."""

    def overtaken(handler: Any) -> None:
        receiver.talk, receiver.status = None, 503
        clock.shift(timedelta(seconds=121))
        thread = threading.Thread(target=second)
        thread.start()
        thread.join()
        handler.send_error(500)

    def second() -> None:
        with app.app_context():
            call_out()
            db.session.remove()

    app = current_app._get_current_object()  # type: ignore[attr-defined]
    receiver.talk = overtaken
    published(county)
    work()
    assert len(receiver.heard) == 2
    [call] = calls()
    assert (call.attempts, call.status) == (2, 503)
    pause = call.next_try_at - now_of.now()
    assert timedelta(minutes=5) <= pause <= timedelta(minutes=6)


def test_one_that_is_down_holds_up_no_other_and_is_not_hammered(
    world: World, allowing: None, receiver: Receiver, clock: time_machine.Traveller
) -> None:
    with receiving() as down:
        down.status = 503
        connected(world, down)
        connected(world, receiver)
        for number in range(3):
            published(world, title=f"第{number}件")
        work()
        assert len(down.heard) == 1  # the others are spared until it has rested
        assert [one["data"]["title"] for one in heard(receiver)] == ["第0件", "第1件", "第2件"]
        down.status = 200
        clock.shift(timedelta(seconds=6))
        work()
    assert {call.state for call in calls()} == {CallState.DELIVERED}
    assert sorted(json.loads(one.body)["data"]["title"] for one in down.heard[1:]) == [
        "第0件",
        "第1件",
        "第2件",
    ]


def test_calls_that_ended_long_ago_are_forgotten(
    county: World, receiver: Receiver, clock: time_machine.Traveller
) -> None:
    published(county)
    work()
    assert calling_out.forget_calls() == 0
    clock.shift(timedelta(days=91))
    assert calling_out.forget_calls() == 1
    assert calls() == []


def test_what_was_spared_all_day_is_given_up_with_the_rest(
    county: World, receiver: Receiver, clock: time_machine.Traveller
) -> None:
    receiver.status = 500
    for number in range(5):
        published(county, title=f"第{number}件")
    work()
    assert len(receiver.heard) == 1
    clock.shift(timedelta(hours=24))
    work()
    assert len(receiver.heard) == 2
    assert {(call.state, call.outcome) for call in calls()} == {
        (CallState.GIVEN_UP, Outcome.REFUSED)
    }
