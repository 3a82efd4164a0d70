"""Webhooks end to end: what other systems hear, how it is signed, and how often it is tried."""

import base64
import hashlib
import hmac
import json
import threading
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from apiflask import APIFlask
from flask import current_app
from sqlalchemy import select, update

from bulletins import services as bulletins
from bulletins.decisions import VoidInput
from bulletins.states import Waiting
from config import clock as now_of
from config.database import db, writing
from config.handling import Handling
from coordination import services as tasks
from coordination.inputs import CancelInput, SendBackInput
from notifications.hooks import signing
from notifications.hooks.inputs import EndpointInput
from notifications.hooks.models import Endpoint, EndpointCall
from notifications.hooks.states import CHOICES, CallState, Outcome
from notifications.services import calling_out
from notifications.services import endpoints as service
from notifications.services.calling_out import call_out
from tests.bulletins.asking import answered, asked
from tests.bulletins.papers import TITLE, published, receipt_of
from tests.coordination.tasks import given, submitted
from tests.notifications.hours import handle
from tests.notifications.receivers import Receiver, receiving
from tests.worlds import World


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    with receiving() as one:
        yield one


@pytest.fixture
def allowing(app: APIFlask, clock: time_machine.Traveller) -> None:
    """The operator allows loopback."""
    settings = app.extensions["settings"]
    app.extensions["settings"] = settings.model_copy(update={"webhook_allowed": "127.0.0.0/8"})


@pytest.fixture
def county(world: World, allowing: None, receiver: Receiver) -> World:
    """The county's office system hears of everything there is."""
    connected(world, receiver)
    return world


def connected(world: World, receiver: Receiver, agency: str = "county", **more: Any) -> str:
    """Register the receiver for an agency; the secret."""
    values = {"name": "办公系统", "url": f"{receiver.url}/hook", "events": list(CHOICES)}
    data = EndpointInput.model_validate(values | more)
    return service.add(world.actor(f"{agency}-liaison"), data)[1]


def work() -> None:
    """What the worker does, until nothing is due any more."""
    handle()
    while call_out():
        pass


def calls() -> list[EndpointCall]:
    db.session.rollback()
    return list(db.session.scalars(select(EndpointCall).order_by(EndpointCall.id)))


def heard(receiver: Receiver) -> list[dict[str, Any]]:
    return [json.loads(one.body) for one in receiver.heard]


def test_signatures_are_those_of_the_published_example() -> None:
    """test_sign_function of the specification's own libraries."""
    signature = signing.webhook(
        "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw",
        "msg_p5jXN8AQM9LWM0D4loKWxJek",
        1614265330,
        b'{"test": 2432232314}',
    )
    assert signature == "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="


def test_a_secret_is_as_long_as_the_specification_wants() -> None:
    secret = signing.new_secret()
    assert secret.startswith("whsec_")
    assert 24 <= len(base64.b64decode(secret[6:], validate=True)) <= 64
    assert secret != signing.new_secret()


def test_a_paper_that_arrives_is_told_and_signed(
    world: World, allowing: None, receiver: Receiver
) -> None:
    secret = connected(world, receiver)
    paper = published(world)
    work()
    [one] = receiver.heard
    assert (one.method, one.path) == ("POST", "/hook")
    assert one.headers["content-type"] == "application/json"
    stamp = one.headers["webhook-timestamp"]
    assert int(stamp) == int(now_of.now().timestamp())
    signed = f"{one.headers['webhook-id']}.{stamp}.".encode() + one.body
    key = base64.b64decode(secret.removeprefix("whsec_"))
    expected = base64.b64encode(hmac.new(key, signed, hashlib.sha256).digest()).decode()
    assert one.headers["webhook-signature"] == f"v1,{expected}"
    told = json.loads(one.body)
    receipt = receipt_of(world, "county", paper)
    assert told["type"] == "bulletin.arrived"
    assert told["data"]["receipt_id"] == receipt.id
    assert told["data"]["title"] == TITLE
    assert told["data"]["from"] == "河北省市场监督管理局"
    assert told["data"]["link"] == f"http://127.0.0.1:8000/inbox/{receipt.id}"
    [call] = calls()
    assert (call.state, call.status, call.answer) == (CallState.DELIVERED, 200, "ok")


def test_only_those_hear_of_it_whom_it_reached_and_who_asked(
    world: World, allowing: None, receiver: Receiver
) -> None:
    connected(world, receiver, "county")
    connected(world, receiver, "unrelated")
    connected(world, receiver, "sibling", events=["task.assigned"])
    published(world)
    work()
    assert [one["type"] for one in heard(receiver)] == ["bulletin.arrived"]


def test_everything_that_reaches_an_agency_is_told(county: World, receiver: Receiver) -> None:
    paper = published(county)
    bulletins.remind(county.actor("province-clerk"), paper.id, Waiting.UNACKNOWLEDGED)
    answered(county, "province", [asked(county, paper)])
    bulletins.void(county.actor("province-approver"), paper.id, VoidInput(reason="有误"))
    row = submitted(given(county), county)
    tasks.send_back(county.actor("province-clerk"), row.id, SendBackInput(text="请补充。"))
    tasks.cancel(county.actor("province-clerk"), row.task_id, CancelInput(reason="政策调整。"))
    work()
    assert [one["type"] for one in heard(receiver)] == [
        "bulletin.arrived",
        "bulletin.reminded",
        "question.answered",
        "bulletin.voided",
        "task.assigned",
        "task.sent_back",
        "task.cancelled",
    ]


def test_an_entry_handled_twice_is_told_once(county: World, receiver: Receiver) -> None:
    published(county)
    handle()
    with writing():
        db.session.execute(update(Handling).values(done_at=None))
    work()
    assert len(receiver.heard) == 1


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
    hours = [str(one) for one in times]
    assert hours == [
        "0:00:00",
        "0:00:05",
        "0:05:05",
        "0:35:05",
        "2:35:05",
        "7:35:05",
        "17:35:05",
        "1 day, 0:00:00",
    ]
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
    work()
    assert calls()[0].next_try_at - now_of.now() == timedelta(minutes=2)


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
    """The first worker sleeps through its lease; its failure must not undo the second's success."""

    def overtaken(handler: Any) -> None:
        receiver.talk = None
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
    assert calls()[0].state == CallState.DELIVERED


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
        clock.shift(timedelta(seconds=5))
        work()
    assert {call.state for call in calls()} == {CallState.DELIVERED}
    assert sorted(json.loads(one.body)["data"]["title"] for one in down.heard[1:]) == [
        "第0件",
        "第1件",
        "第2件",
    ]


def test_neither_address_nor_secret_lies_open_in_the_database(
    world: World, allowing: None, receiver: Receiver
) -> None:
    secret = connected(world, receiver, url=f"{receiver.url}/hook?key=topsecret")
    row = db.session.scalars(select(Endpoint)).one()
    kept = " ".join(str(getattr(row, name)) for name in ("target", "secret", "shown", "name"))
    assert secret.removeprefix("whsec_") not in kept
    assert "topsecret" not in kept


def test_another_secret_key_stops_calls_and_nothing_else(
    app: APIFlask, county: World, receiver: Receiver
) -> None:
    published(county)
    app.config["SECRET_KEY"] = "another" * 8
    work()
    assert receiver.heard == []
    assert calls()[0].outcome == Outcome.UNREADABLE


def test_calls_that_ended_long_ago_are_forgotten(
    county: World, receiver: Receiver, clock: time_machine.Traveller
) -> None:
    published(county)
    work()
    assert calling_out.forget_calls() == 0
    clock.shift(timedelta(days=91))
    assert calling_out.forget_calls() == 1
    assert calls() == []
