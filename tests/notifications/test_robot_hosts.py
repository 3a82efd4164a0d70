"""Robots are called at their vendors' hosts, and where the operator allows it; nowhere else."""

from collections.abc import Callable

import pytest
from apiflask import APIFlask
from flask.testing import FlaskClient
from sqlalchemy import select

from config.database import db
from config.settings import SettingsError, load
from notifications.hooks.models import Endpoint, EndpointCall
from notifications.hooks.robot_hosts import may_be_called
from notifications.hooks.states import EndpointKind, Outcome
from notifications.services.calling_out import call_out
from tests.bulletins.papers import published
from tests.bulletins.test_api import Caller
from tests.notifications.hours import handle
from tests.worlds import World, csrf_of

ROBOT = {"kind": "dingtalk", "name": "工作群", "events": ["bulletin.arrived"]}
OWN = "https://ding.changtong.example/robot/send?access_token=1"


def allow(app: APIFlask, hosts: str) -> None:
    settings = app.extensions["settings"]
    app.extensions["settings"] = settings.model_copy(update={"robot_hosts": hosts})


@pytest.mark.parametrize(
    ("kind", "host", "further", "may"),
    [
        ("dingtalk", "oapi.dingtalk.com", "", True),
        ("dingtalk", "OAPI.dingtalk.com.", "", True),
        ("dingtalk", "oapi.dingtalk.com.evil.example", "", False),
        ("dingtalk", "evil.example", "", False),
        ("dingtalk", "open.feishu.cn", "", False),
        ("wecom", "qyapi.weixin.qq.com", "", True),
        ("feishu", "open.feishu.cn", "", True),
        ("feishu", "open.larksuite.com", "", True),
        ("feishu", "a.gov.example", "x.example, A.gov.example", True),
        ("feishu", "b.a.gov.example", "*.gov.example", True),
        ("feishu", "gov.example", "*.gov.example", False),
        ("feishu", "notgov.example", "*.gov.example", False),
    ],
)
def test_which_hosts_may_be_called(kind: str, host: str, further: str, may: bool) -> None:
    assert may_be_called(EndpointKind(kind), f"https://{host}/x", further) == may


def test_other_hosts_are_refused_with_what_to_do_and_allowed_by_the_operator(
    app: APIFlask, world: World, client: FlaskClient, browser_of: Callable[[int], FlaskClient]
) -> None:
    call = Caller(world, client, "county-clerk")
    said = call("POST", "/endpoints", {**ROBOT, "url": OWN}).json["errors"]["url"]
    assert "https://oapi.dingtalk.com/" in said
    assert "ding.changtong.example" in said
    assert "CHANGTONG_ROBOT_HOSTS" in said
    other = {**ROBOT, "url": "https://open.feishu.cn/open-apis/bot/v2/hook/1"}
    assert "飞书群机器人" in call("POST", "/endpoints", other).json["errors"]["url"]
    allow(app, "ding.changtong.example")
    made = call("POST", "/endpoints", {**ROBOT, "url": OWN})
    assert made.status_code == 201
    assert made.json["is_allowed"]
    # The operator takes it back: it stays, is not called, and says so.
    allow(app, "")
    published(world)
    handle()
    call_out()
    db.session.rollback()
    assert db.session.scalars(select(EndpointCall.outcome)).one() == Outcome.STRANGE_HOST
    assert not call("GET", f"/endpoints/{made.json['id']}").json["is_allowed"]
    browser = browser_of(world.people["county-clerk"])
    assert "网址未获允许" in browser.get("/endpoints").text
    assert "CHANGTONG_ROBOT_HOSTS" in browser.get(f"/endpoints/{made.json['id']}").text


def test_a_private_address_must_be_allowed_as_well(
    app: APIFlask, world: World, client: FlaskClient
) -> None:
    allow(app, "10.1.2.3")
    call = Caller(world, client, "county-clerk")
    made = call("POST", "/endpoints", {**ROBOT, "url": "https://10.1.2.3/robot/send"})
    assert "内网" in made.json["errors"]["url"]


@pytest.mark.parametrize(
    ("kind", "url"),
    [
        ("webhook", "https://oa.changtong.example/hook"),
        ("wecom", "https://qyapi.weixin.qq.com/cgi-bin/webhook/send?key=1"),
    ],
)
def test_a_secret_that_would_not_be_used_is_refused(
    world: World, browser_of: Callable[[int], FlaskClient], kind: str, url: str
) -> None:
    browser = browser_of(world.people["county-clerk"])
    sent = {**ROBOT, "kind": kind, "url": url, "secret": "SECabc"}
    sent["csrf_token"] = csrf_of(browser.get("/endpoints").text)
    answer = browser.post("/endpoints", data=sent)
    assert answer.status_code == 422
    assert "这里请留空" in answer.text
    assert "SECabc" not in answer.text
    assert db.session.scalars(select(Endpoint)).all() == []


@pytest.mark.parametrize("wrong", ["https://a.example", "a.example/x", "*", "钉.example"])
def test_a_wrong_setting_stops_the_start(monkeypatch: pytest.MonkeyPatch, wrong: str) -> None:
    monkeypatch.setenv("CHANGTONG_ROBOT_HOSTS", wrong)
    with pytest.raises(SettingsError, match="CHANGTONG_ROBOT_HOSTS: "):
        load()
