"""Chat groups' robots: the exact requests that vendors publish, and answers judged by their code.

The rules, in their own words: DingTalk signs ``timestamp + "\\n" + secret`` with the secret, in
milliseconds, base64 and then URL-encoded, beside ``access_token``; Feishu takes that string as the
key of an empty message, in seconds, as fields of the body; WeCom knows a robot by its key alone.
"""

import base64
import hashlib
import hmac
import json
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest
import time_machine
from apiflask import APIFlask
from sqlalchemy import select

from bulletins.models import Bulletin
from config import clock as now_of
from config import outgoing
from config.database import db, writing
from notifications.hooks.inputs import EndpointInput
from notifications.hooks.models import Endpoint, EndpointCall
from notifications.hooks.states import CallState, EndpointKind, Event, Outcome
from notifications.services import endpoints as service
from notifications.services.calling_out import call_out
from tests.bulletins.papers import TITLE, published, receipt_of
from tests.notifications.hours import handle
from tests.receivers import Receiver, receiving
from tests.worlds import World

GOOD = {
    EndpointKind.DINGTALK: b'{"errcode":0,"errmsg":"ok"}',
    EndpointKind.WECOM: b'{"errcode":0,"errmsg":"ok"}',
    EndpointKind.FEISHU: b'{"StatusCode":0,"StatusMessage":"success","code":0,"msg":"success"}',
}
PATHS = {
    EndpointKind.DINGTALK: "/robot/send?access_token=0a1b2c",
    EndpointKind.WECOM: "/cgi-bin/webhook/send?key=693a91f6-7a4c",
    EndpointKind.FEISHU: "/open-apis/bot/v2/hook/0a1b2c",
}


@pytest.fixture
def receiver(
    app: APIFlask,
    clock: time_machine.Traveller,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> Iterator[Receiver]:
    """The vendor, or its government edition, by HTTPS; the operator allows loopback."""
    clock.move_to(now_of.now().replace(year=2026))  # certificates of tests are of today
    settings = app.extensions["settings"]
    allowed = {"webhook_allowed": "127.0.0.0/8 ::1", "robot_hosts": "127.0.0.1 localhost"}
    app.extensions["settings"] = settings.model_copy(update=allowed)
    with receiving(tmp_path / "ca.pem") as one:
        monkeypatch.setenv("SSL_CERT_FILE", str(tmp_path / "ca.pem"))
        outgoing.trust.cache_clear()
        yield one
    outgoing.trust.cache_clear()


def told(world: World, receiver: Receiver, kind: EndpointKind, secret: str = "") -> EndpointCall:
    """What became of the call when a paper arrived."""
    receiver.answer = receiver.answer if receiver.answer != b"ok" else GOOD[kind]
    data = EndpointInput(
        kind=kind,
        name="工作群",
        url=receiver.url + PATHS[kind],
        secret=secret,
        events=[Event.ARRIVED],
    )
    _endpoint, shown = service.add(world.actor("county-clerk"), data)
    assert shown == ""
    published(world)
    handle()
    call_out()
    db.session.rollback()
    return db.session.scalars(select(EndpointCall)).one()


def text(world: World) -> str:
    receipt = db.session.scalars(select(EndpointCall.receipt_id)).one()
    return f"【畅通】收到公文：{TITLE}\n来自：河北省市场监督管理局\nhttp://127.0.0.1:8000/inbox/{receipt}"


def test_dingtalk(world: World, receiver: Receiver) -> None:
    assert told(world, receiver, EndpointKind.DINGTALK, "SECabc").state == CallState.DELIVERED
    [heard] = receiver.heard
    assert heard.headers["content-type"].startswith("application/json")
    assert json.loads(heard.body) == {"msgtype": "text", "text": {"content": text(world)}}
    query = {name: one for name, [one] in parse_qs(urlsplit(heard.path).query).items()}
    stamp = str(int(now_of.now().timestamp() * 1000))
    digest = hmac.new(b"SECabc", f"{stamp}\nSECabc".encode(), hashlib.sha256).digest()
    assert query == {
        "access_token": "0a1b2c",
        "timestamp": stamp,
        "sign": base64.b64encode(digest).decode(),
    }
    assert urlsplit(heard.path).path == "/robot/send"


def test_dingtalk_without_a_secret_signs_nothing(world: World, receiver: Receiver) -> None:
    told(world, receiver, EndpointKind.DINGTALK)
    assert receiver.heard[0].path == PATHS[EndpointKind.DINGTALK]


def test_wecom(world: World, receiver: Receiver) -> None:
    assert told(world, receiver, EndpointKind.WECOM).state == CallState.DELIVERED
    [heard] = receiver.heard
    assert heard.path == PATHS[EndpointKind.WECOM]
    assert json.loads(heard.body) == {"msgtype": "text", "text": {"content": text(world)}}


def test_feishu(world: World, receiver: Receiver) -> None:
    assert told(world, receiver, EndpointKind.FEISHU, "abc").state == CallState.DELIVERED
    [heard] = receiver.heard
    assert heard.path == PATHS[EndpointKind.FEISHU]
    stamp = str(int(now_of.now().timestamp()))
    digest = hmac.new(f"{stamp}\nabc".encode(), digestmod=hashlib.sha256).digest()
    assert json.loads(heard.body) == {
        "timestamp": stamp,
        "sign": base64.b64encode(digest).decode(),
        "msg_type": "text",
        "content": {"text": text(world)},
    }


def test_feishu_without_a_secret_signs_nothing(world: World, receiver: Receiver) -> None:
    told(world, receiver, EndpointKind.FEISHU)
    assert set(json.loads(receiver.heard[0].body)) == {"msg_type", "content"}


@pytest.mark.parametrize(
    ("kind", "answer", "outcome"),
    [
        (EndpointKind.DINGTALK, b'{"errcode":310000,"errmsg":"sign not match"}', Outcome.REFUSED),
        (EndpointKind.DINGTALK, b'{"errcode":130101,"errmsg":"send too fast"}', Outcome.BUSY),
        (EndpointKind.WECOM, b'{"errcode":93000,"errmsg":"invalid webhook url"}', Outcome.REFUSED),
        (EndpointKind.WECOM, b'{"errcode":45009,"errmsg":"api freq out of limit"}', Outcome.BUSY),
        (EndpointKind.FEISHU, b'{"code":19021,"msg":"sign match fail"}', Outcome.REFUSED),
        (EndpointKind.FEISHU, b'{"code":11232,"msg":"frequency limited"}', Outcome.BUSY),
        (EndpointKind.FEISHU, b"<html>sign in first</html>", Outcome.REFUSED),
        (EndpointKind.WECOM, b'{"errcode":"0"}', Outcome.REFUSED),
        (EndpointKind.WECOM, b"[" * 60_000, Outcome.REFUSED),
        (EndpointKind.WECOM, b"\xff\xfe", Outcome.REFUSED),
    ],
)
def test_a_200_that_says_no_is_no_success(
    world: World, receiver: Receiver, kind: EndpointKind, answer: bytes, outcome: Outcome
) -> None:
    receiver.answer = answer
    call = told(world, receiver, kind)
    assert (call.state, call.outcome) == (CallState.WAITING, outcome)


def test_a_robots_410_ends_nothing(world: World, receiver: Receiver) -> None:
    receiver.status = 410
    assert told(world, receiver, EndpointKind.WECOM).state == CallState.WAITING
    assert db.session.scalars(select(Endpoint.disabled_at)).one() is None


def test_a_text_is_no_longer_than_wecom_takes_and_keeps_its_link(
    world: World, receiver: Receiver
) -> None:
    receiver.answer = GOOD[EndpointKind.WECOM]
    data = EndpointInput(
        kind=EndpointKind.WECOM,
        name="工作群",
        url=receiver.url + PATHS[EndpointKind.WECOM],
        events=[Event.ARRIVED],
    )
    service.add(world.actor("county-clerk"), data)
    paper = published(world, title="长" * 200)
    with writing():
        db.session.get_one(Bulletin, paper.id).joint_names = "国家市场监督管理总局、" * 90
    handle()
    call_out()
    said = json.loads(receiver.heard[0].body)["text"]["content"]
    assert len(said.encode()) <= 2048
    assert said.endswith(f"/inbox/{receipt_of(world, 'county', paper).id}")
