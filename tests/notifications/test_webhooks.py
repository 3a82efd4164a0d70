"""Webhooks end to end: what other systems hear, and how it is signed."""

import base64
import hashlib
import hmac
import json
from datetime import timedelta

import time_machine
from apiflask import APIFlask
from sqlalchemy import select, update

from bulletins import services as bulletins
from bulletins.decisions import VoidInput
from bulletins.services import askers
from bulletins.states import Waiting
from config import clock as now_of
from config.database import db, writing
from config.handling import Handling
from config.journal import Entry
from config.settling import settle_all
from coordination import services as tasks
from coordination.inputs import CancelInput, SendBackInput
from notifications.hooks import signing
from notifications.hooks.models import Endpoint
from notifications.hooks.states import CallState, Outcome
from notifications.services import systems
from tests.bulletins.asking import answered, asked
from tests.bulletins.papers import TITLE, published, receipt_of
from tests.bulletins.queries import counted
from tests.coordination.tasks import given, part_of, submitted
from tests.notifications.hours import handle
from tests.notifications.systems import calls, connected, heard, work
from tests.receivers import Receiver
from tests.worlds import World


def test_signatures_are_those_of_the_published_example() -> None:
    """test_sign_function of the specification's own libraries."""
    signature = signing.webhook(
        ["whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"],
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
    asked(county, paper, "sibling")  # so that questions and answers are numbered apart
    others = [asked(county, paper, name, for_all=True) for name in ("city", "other_city")]
    for question in others:
        askers.join_question(county.actor("county-clerk"), question.id)
    answered(county, "province", [asked(county, paper), others[0]])
    answered(county, "province", others[1:])
    bulletins.void(county.actor("province-approver"), paper.id, VoidInput(reason="有误"))
    row = submitted(given(county), county)
    tasks.send_back(county.actor("province-clerk"), row.id, SendBackInput(text="请补充。"))
    tasks.cancel(county.actor("province-clerk"), row.task_id, CancelInput(reason="政策调整。"))
    work()
    assert [one["type"] for one in heard(receiver)] == [
        "bulletin.arrived",
        "bulletin.reminded",
        "question.answered",
        "question.answered",
        "bulletin.voided",
        "task.assigned",
        "task.sent_back",
        "task.cancelled",
    ]


def test_a_deadline_that_is_near_or_has_passed_is_told_on_both_sides(
    county: World, receiver: Receiver, clock: time_machine.Traveller
) -> None:
    connected(county, receiver, "province", events=["task.overdue", "task.overdue_below"])
    task = given(county, "province-clerk", "county", "sibling", days=10)
    row, other = part_of(task, county), part_of(task, county, "sibling")
    for days in (12, 40):
        clock.shift(timedelta(days=days))
        tasks.tell_deadlines()
        work()
    told = {one["type"]: one["data"] for one in heard(receiver)}
    assert list(told)[:2] == ["task.assigned", "task.due_soon"]
    assert set(list(told)[2:]) == {"task.overdue", "task.overdue_below"}  # in either order
    assert len(receiver.heard) == 4
    data = told["task.overdue"]
    assert (data["assignment_id"], data["task_id"]) == (row.id, task.id)
    assert data["due_at"] == row.due_at.isoformat()
    assert told["task.overdue_below"] == {
        "task_id": task.id,
        "assignments": [row.id, other.id],
        "title": task.title,
        "link": f"http://127.0.0.1:8000/tasks/issued/{task.id}?state=overdue",
    }


def test_an_entry_handled_twice_is_told_once(county: World, receiver: Receiver) -> None:
    published(county)
    handle()
    with writing():
        db.session.execute(update(Handling).values(done_at=None))
    work()
    assert len(receiver.heard) == 1
    assert db.session.scalars(select(Handling.error).where(Handling.error.is_not(None))).all() == []


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


def test_owing_calls_takes_one_statement_however_many_endpoints(
    world: World, allowing: None, receiver: Receiver
) -> None:
    def statements() -> int:
        paper = published(world)
        settle_all()
        entry = db.session.scalars(
            select(Entry).where(Entry.kind == "bulletin.published", Entry.subject_id == paper.id)
        ).one()
        with writing(), counted() as seen:
            systems.tell_arrival(db.session.merge(entry))
        return len([one for one in seen if one.startswith("INSERT")])

    connected(world, receiver)
    assert statements() == 1
    for agency in ("city", "sibling", "enterprise"):
        connected(world, receiver, agency)
        connected(world, receiver, agency)
    assert statements() == 1
    assert len(calls()) == 8


def test_who_is_registered_later_hears_nothing_of_what_was_before(
    world: World, allowing: None, receiver: Receiver, clock: time_machine.Traveller
) -> None:
    published(world, title="登记之前")
    clock.shift(timedelta(seconds=1))
    connected(world, receiver)
    published(world, title="登记之后")
    work()
    assert [one["data"]["title"] for one in heard(receiver)] == ["登记之后"]
