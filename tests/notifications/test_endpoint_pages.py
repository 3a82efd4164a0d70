"""The pages of other systems and chat groups: registering, seeing, replaying."""

import re
from collections.abc import Callable
from urllib.parse import unquote

import pytest
from apiflask import APIFlask
from flask.testing import FlaskClient
from pydantic import ValidationError
from sqlalchemy import select

from config.database import db
from config.journal import Entry
from config.settings import Settings, SettingsError, load
from notifications.hooks import sealing
from notifications.hooks.models import Endpoint, EndpointCall
from notifications.hooks.states import CallState
from notifications.services import endpoints as service
from notifications.services.calling_out import call_out
from tests.bulletins.papers import published
from tests.bulletins.queries import counted
from tests.bulletins.test_api import Caller
from tests.coordination.tasks import given
from tests.notifications.hours import handle
from tests.receivers import receiving
from tests.worlds import World, csrf_of

Browsers = Callable[[int], FlaskClient]
GOOD = {
    "kind": "webhook",
    "name": "办公系统",
    "url": "https://oa.changtong.example/hook?key=topsecret",
    "events": ["bulletin.arrived", "task.assigned"],
}


@pytest.fixture
def clerk(world: World, browser_of: Browsers) -> FlaskClient:
    return browser_of(world.people["county-clerk"])


def sent(browser: FlaskClient, path: str, **form: object) -> tuple[int, str]:
    """The status and page of a form that was sent."""
    token = csrf_of(browser.get("/endpoints").text)
    answer = browser.post(path, data={"csrf_token": token, **form}, follow_redirects=True)
    return answer.status_code, answer.text


def test_the_secret_of_a_webhook_is_shown_once(clerk: FlaskClient) -> None:
    status, page = sent(clerk, "/endpoints", **GOOD)
    assert status == 200
    found = re.search(r"whsec_[A-Za-z0-9+/=]+", page)
    assert found
    endpoint_id = db.session.scalars(select(Endpoint.id)).one()
    again = clerk.get(f"/endpoints/{endpoint_id}").text
    assert "whsec_" not in again
    assert "topsecret" not in again + clerk.get("/endpoints").text
    assert "https://oa.changtong.example/hook?…" in again


def test_none_is_registered_for_another_agency_by_mistake(clerk: FlaskClient) -> None:
    seat = re.search(r'name="seat" value="(\d+)"', clerk.get("/endpoints").text)
    assert seat
    status, page = sent(clerk, "/endpoints", **GOOD, seat=int(seat[1]) + 1)
    assert status == 422
    assert "登记到“长安区市场监督管理局”" in page
    assert not db.session.scalars(select(Endpoint)).all()


@pytest.mark.parametrize(
    ("changed", "words"),
    [
        ({"url": "http://oa.changtong.example/"}, "https://"),
        ({"url": "https://127.0.0.1/"}, "内网"),
        ({"url": "https://10.1.2.3:8443/x"}, "内网"),
        ({"url": "https://169.254.169.254/latest/meta-data"}, "内网"),
        ({"url": "https://[::1]/"}, "内网"),
        ({"url": "https://[::ffff:10.0.0.1]/"}, "内网"),
        ({"url": "https://[64:ff9b::a00:1]/"}, "内网"),
        ({"url": "https://localhost/"}, "内网"),
        ({"url": "https://user:secret@oa.changtong.example/"}, "用户名"),
        ({"url": "ftp://oa.changtong.example/"}, "完整的网址"),
        ({"url": "https://"}, "完整的网址"),
        ({"url": "https://[::1/"}, "完整的网址"),
        ({"url": "https://oa.changtong.example:99999/"}, "完整的网址"),
        ({"url": "https://办公。/"}, "完整的网址"),
        ({"url": "https：//oa.changtong.example/"}, "完整的网址"),
        ({"url": "https://oa..changtong.example/"}, "完整的网址"),
        ({"url": "https://-oa.changtong.example/"}, "完整的网址"),
        ({"url": f"https://{'a' * 64}.example/"}, "完整的网址"),
        ({"url": "https://2130706433/"}, "完整的网址"),
        ({"url": "https://0x7f.1/"}, "完整的网址"),
        ({"url": "https://0177.0.0.1/"}, "完整的网址"),
        ({"url": "https://oa.changtong.example:0/"}, "完整的网址"),
        ({"url": "https://oa.changtong.example/\nhook"}, "换行"),
        ({"url": "https://oa.changtong.example/" + "钩" * 300}, "1000"),
        ({"url": "https://oa.changtong.example/\r\nX: y"}, "不能有空格"),
        ({"url": "https://oa.changtong.example/" + "x" * 1000}, "1000"),
        ({"events": []}, "至少选择"),
        ({"events": ["endpoint.tested"]}, "列出的选项"),
        ({"kind": "fax"}, "列出的选项"),
        ({"kind": "feishu", "url": "http://open.changtong.example/hook"}, "https://"),
    ],
)
def test_what_is_wrong_is_said_and_what_was_typed_kept(
    clerk: FlaskClient, changed: dict[str, object], words: str
) -> None:
    status, page = sent(clerk, "/endpoints", **{**GOOD, "name": "我的系统", **changed})
    assert status == 422
    assert words in page
    assert 'value="我的系统"' in page
    assert db.session.scalars(select(Endpoint)).all() == []


def test_it_is_tested_seen_replayed_switched_off_and_forgotten(
    app: APIFlask, world: World, clerk: FlaskClient
) -> None:
    settings: Settings = app.extensions["settings"]
    app.extensions["settings"] = settings.model_copy(update={"webhook_allowed": "127.0.0.1"})
    with receiving() as receiver:
        receiver.status, receiver.answer = 500, "数据库连接失败".encode()
        sent(clerk, "/endpoints", **{**GOOD, "url": receiver.url})
        one = f"/endpoints/{db.session.scalars(select(Endpoint.id)).one()}"
        assert "测试已发出" in sent(clerk, f"{one}/test")[1]
        assert sent(clerk, f"{one}/test")[0] == 409  # one at a time
        call_out()
        page = clerk.get(one).text
        assert "数据库连接失败" in page
        assert "已试 1 次" in page
        assert "等待再试" in page
        assert "马上再试" in page
        assert "重发" not in page
        receiver.status = 200
        db.session.rollback()
        call = db.session.scalars(select(EndpointCall)).one()
        sent(clerk, f"{one}/disable")
        sent(clerk, f"{one}/enable")
        call.next_try_at = call.created_at
        db.session.commit()
        call_out()
        assert "已送到" in clerk.get(one).text
        assert "已排队重发" in sent(clerk, f"/endpoint-calls/{call.id}/replay")[1]
        call_out()
        assert len(receiver.heard) == 3
        sent(clerk, f"{one}/disable")
        assert sent(clerk, f"{one}/test")[0] == 409
        assert sent(clerk, f"{one}/end")[0] == 200
    assert clerk.get(one).status_code == 404
    assert sent(clerk, f"/endpoint-calls/{call.id}/replay")[0] == 404
    db.session.rollback()
    ended = db.session.scalars(select(Endpoint)).one()
    assert (ended.target, ended.secret, ended.shown) == ("", "", "")
    of_endpoints = select(Entry.kind).where(Entry.subject_kind == "endpoint").order_by(Entry.id)
    kinds = db.session.scalars(of_endpoints).all()
    assert kinds[0] == "endpoint.added"
    assert kinds[-1] == "endpoint.ended"
    handle()


def test_what_waits_for_a_deleted_endpoint_is_given_up(world: World, clerk: FlaskClient) -> None:
    sent(clerk, "/endpoints", **GOOD)
    endpoint_id = db.session.scalars(select(Endpoint.id)).one()
    service.test(world.actor("county-clerk"), endpoint_id)
    service.end(world.actor("county-liaison"), endpoint_id)
    assert db.session.scalars(select(EndpointCall.state)).all() == [CallState.GIVEN_UP]


def test_there_are_not_too_many(clerk: FlaskClient) -> None:
    for _number in range(service.MOST):
        sent(clerk, "/endpoints", **GOOD)
    status, page = sent(clerk, "/endpoints", **GOOD)
    assert status == 422
    assert "太多" in page


def test_programs_do_the_same(world: World, client: FlaskClient) -> None:
    call = Caller(world, client, "county-clerk")
    made = call("POST", "/endpoints", GOOD)
    assert made.status_code == 201
    assert made.json["secret"].startswith("whsec_")
    one = f"/endpoints/{made.json['id']}"
    detail = call("GET", one).json
    assert detail["events"] == ["bulletin.arrived", "task.assigned"]
    assert "secret" not in detail
    tested = client.post(f"/api/v1{one}/test", headers=call.headers)
    assert tested.status_code == 204
    calls = call("GET", f"{one}/calls").json
    assert [each["event"] for each in calls["items"]] == ["endpoint.tested"]
    wrong = call("POST", "/endpoints", {**GOOD, "url": "https://10.0.0.1/"})
    assert wrong.status_code == 422
    assert "内网" in wrong.json["errors"]["url"]
    assert client.delete(f"/api/v1{one}", headers=call.headers).status_code == 204
    assert call("GET", one).status_code == 404


@pytest.mark.parametrize("wrong", ["10.0.0.0/33", "intranet", "10.1.2.3/8", "*"])
def test_a_wrong_setting_stops_the_start_with_one_line(
    monkeypatch: pytest.MonkeyPatch, wrong: str
) -> None:
    monkeypatch.setenv("CHANGTONG_WEBHOOK_ALLOWED", wrong)
    with pytest.raises(SettingsError) as error:
        load()
    assert str(error.value).startswith("CHANGTONG_WEBHOOK_ALLOWED: ")
    assert "\n" not in str(error.value)
    with pytest.raises(ValidationError):
        Settings()


def test_a_page_costs_the_same_however_many_calls_it_shows(
    world: World, clerk: FlaskClient
) -> None:
    sent(clerk, "/endpoints", **GOOD)
    one = f"/endpoints/{db.session.scalars(select(Endpoint.id)).one()}"

    def cost(path: str) -> int:
        clerk.get(path)
        with counted() as seen:
            clerk.get(path)
        return len(seen)

    before = cost(one), cost("/endpoints")
    for number in range(30):
        published(world, title=f"第{number}件")
    for _number in range(3):
        sent(clerk, "/endpoints", **GOOD)
    handle()
    assert (cost(one), cost("/endpoints")) == before
    page = clerk.get(one).text
    older = re.search(r'href="([^"]*after=[^"]*)"', page)
    assert older
    assert "第29件" in page
    assert "第0件" not in page
    assert "第0件" in clerk.get(older[1].replace("&amp;", "&")).text


def test_what_it_hears_of_can_be_changed(world: World, clerk: FlaskClient) -> None:
    sent(clerk, "/endpoints", **GOOD)
    one = f"/endpoints/{db.session.scalars(select(Endpoint.id)).one()}"
    status, page = sent(clerk, f"{one}/change", name="应急平台", events=[])
    assert status == 422
    assert 'value="应急平台"' in page
    status, page = sent(clerk, f"{one}/change", name="应急平台", events=["task.assigned"])
    assert status == 200
    assert "应急平台" in page
    published(world)
    given(world)
    handle()
    db.session.rollback()
    assert db.session.scalars(select(EndpointCall.event)).all() == ["task.assigned"]


@pytest.mark.parametrize(
    ("typed", "called"),
    [
        ("https://例子.测试/hook", "https://xn--fsqu00a.xn--0zwm56d/hook"),
        ("https://OA.Changtong.Example:8443/Hook", "https://oa.changtong.example:8443/Hook"),
        ("https://oa.changtong.example/接收?单位=长安", None),
        ("https://oa.changtong.example/hook#top", "https://oa.changtong.example/hook"),
        ("https://oa.changtong.example./hook", "https://oa.changtong.example/hook"),
        ("https://under_score.example/hook", "https://under_score.example/hook"),
        ("https://[2400:3200::1]/hook", "https://[2400:3200::1]/hook"),
    ],
)
def test_addresses_are_kept_as_they_are_called(
    clerk: FlaskClient, typed: str, called: str | None
) -> None:
    """The name in Chinese is the one of IANA's test of such names, as its root zone had it."""
    assert sent(clerk, "/endpoints", **{**GOOD, "url": typed})[0] == 200
    kept = sealing.opened(db.session.scalars(select(Endpoint.target)).one())
    if called is None:
        assert kept.isascii()
        assert unquote(kept) == typed
    else:
        assert kept == called


def test_a_public_address_without_tls_is_told_so(app: APIFlask, clerk: FlaskClient) -> None:
    settings: Settings = app.extensions["settings"]
    app.extensions["settings"] = settings.model_copy(update={"webhook_allowed": "10.1.2.3"})
    status, page = sent(clerk, "/endpoints", **{**GOOD, "url": "http://223.5.5.5/hook"})
    assert status == 422
    assert "https://" in page
    assert "这是内网地址" not in page
