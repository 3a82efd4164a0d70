"""Changed secrets: what the published verifier of Standard Webhooks says of calls meanwhile."""

from collections.abc import Callable
from datetime import timedelta

import pytest
import time_machine
from flask.testing import FlaskClient
from sqlalchemy import select
from standardwebhooks.webhooks import Webhook, WebhookVerificationError

from agencies.ports import ENTRY_WORDS
from config.database import db
from config.errors import Conflict
from config.journal import Entry
from notifications.hooks.inputs import EndpointInput
from notifications.hooks.models import Endpoint, EndpointSecret
from notifications.hooks.states import EndpointKind, Event
from notifications.services import calling_out, endpoint_secrets
from notifications.services import endpoints as service
from tests.bulletins.papers import published
from tests.bulletins.test_api import Caller
from tests.notifications.systems import connected, work
from tests.receivers import Receiver
from tests.worlds import World, csrf_of

LIAISON = "county-liaison"


@pytest.fixture
def first(world: World, allowing: None, receiver: Receiver) -> str:
    """The secret that the county's office system began with."""
    return connected(world, receiver)


def one_id() -> int:
    """The id of the only endpoint."""
    db.session.rollback()
    return db.session.scalars(select(Endpoint.id)).one()


def takes(receiver: Receiver, secret: str) -> bool:
    """Whether who knows this secret takes the last call for ours."""
    heard = receiver.heard[-1]
    try:
        Webhook(secret).verify(heard.body, dict(heard.headers))
    except WebhookVerificationError:
        return False
    return True


def test_both_secrets_hold_for_a_day_and_then_the_new_one(
    world: World, receiver: Receiver, first: str, clock: time_machine.Traveller
) -> None:
    published(world)
    work()
    assert takes(receiver, first)
    second, until = endpoint_secrets.rotate(world.actor(LIAISON), one_id())
    published(world, title="第二件")
    work()
    assert [takes(receiver, one) for one in (first, second)] == [True, True]
    assert len(receiver.heard[-1].headers["webhook-signature"].split(" ")) == 2
    clock.move_to(until)
    published(world, title="第三件")
    work()
    assert [takes(receiver, one) for one in (first, second)] == [False, True]
    calling_out.forget_calls()
    assert db.session.scalars(select(EndpointSecret)).all() == []


def test_changed_again_before_it_was_taken_over_the_first_still_holds(
    world: World, receiver: Receiver, first: str
) -> None:
    actor = world.actor(LIAISON)
    later = [endpoint_secrets.rotate(actor, one_id())[0] for _number in range(2)]
    published(world)
    work()
    assert all(takes(receiver, one) for one in (first, *later))


def test_a_secret_that_was_stolen_ends_at_once(
    world: World, receiver: Receiver, first: str
) -> None:
    actor = world.actor(LIAISON)
    second, _until = endpoint_secrets.rotate(actor, one_id())
    endpoint_secrets.retire_old(actor, one_id())
    published(world)
    work()
    assert [takes(receiver, one) for one in (first, second)] == [False, True]
    with pytest.raises(Conflict):
        endpoint_secrets.retire_old(actor, one_id())


def test_secrets_lie_sealed_and_go_with_their_endpoint(world: World, first: str) -> None:
    actor = world.actor(LIAISON)
    endpoint_secrets.rotate(actor, one_id())
    kept = db.session.scalars(select(EndpointSecret.secret)).one()
    assert first.removeprefix("whsec_") not in kept
    service.end(actor, one_id())
    assert db.session.scalars(select(EndpointSecret)).all() == []


def test_not_too_often_and_none_of_a_robot(world: World, first: str) -> None:
    actor, endpoint_id = world.actor(LIAISON), one_id()
    for _number in range(endpoint_secrets.MOST_OLD):
        endpoint_secrets.rotate(actor, endpoint_id)
    with pytest.raises(Conflict):
        endpoint_secrets.rotate(actor, endpoint_id)
    data = EndpointInput(
        kind=EndpointKind.WECOM,
        name="工作群",
        url="https://qyapi.weixin.qq.com/cgi-bin/webhook/send?key=1",
        events=[Event.ARRIVED],
    )
    robot = service.add(actor, data)[0].id
    with pytest.raises(Conflict):
        endpoint_secrets.rotate(actor, robot)


def test_the_page_shows_the_new_secret_once_and_until_when_the_old_one_holds(
    world: World,
    first: str,
    clock: time_machine.Traveller,
    browser_of: Callable[[int], FlaskClient],
) -> None:
    clerk, one = browser_of(world.people["county-clerk"]), f"/endpoints/{one_id()}"
    token = csrf_of(clerk.get(one).text)
    answer = clerk.post(f"{one}/rotate", data={"csrf_token": token})
    assert (answer.status_code, answer.location) == (303, one)
    assert "whsec_" not in clerk.get("/endpoints").text
    shown = clerk.get(one)
    assert "whsec_" in shown.text
    assert first not in shown.text
    assert "2018-05-05 09:00" in shown.text
    again = clerk.get(one).text
    assert "whsec_" not in again
    assert "2018-05-05 09:00" in again
    ended = clerk.post(f"{one}/retire-old", data={"csrf_token": token}, follow_redirects=True)
    assert "旧密钥已失效" in ended.text
    assert "2018-05-05 09:00" not in ended.text
    assert clerk.post(f"{one}/retire-old", data={"csrf_token": token}).status_code == 409
    clock.shift(timedelta(seconds=1))
    of_endpoints = select(Entry.kind).where(Entry.subject_kind == "endpoint").order_by(Entry.id)
    kinds = db.session.scalars(of_endpoints).all()
    assert kinds[-2:] == ["endpoint.rotated", "endpoint.old_retired"]
    assert set(kinds) <= ENTRY_WORDS.keys()


def test_programs_change_it_too(world: World, first: str, client: FlaskClient) -> None:
    call, one = Caller(world, client, "county-clerk"), f"/endpoints/{one_id()}"
    assert call("GET", one).json["old_secret_until"] is None
    made = client.post(f"/api/v1{one}/rotate", headers=call.headers)
    assert made.status_code == 201
    assert made.json is not None
    assert made.json["secret"].startswith("whsec_")
    assert call("GET", one).json["old_secret_until"] == made.json["old_secret_until"]
    assert client.post(f"/api/v1{one}/retire-old", headers=call.headers).status_code == 204
    assert call("GET", one).json["old_secret_until"] is None
