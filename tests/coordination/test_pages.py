"""The pages of tasks, as the people of both sides click through them."""

from collections.abc import Callable
from datetime import timedelta

import pytest
import time_machine
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from config import clock
from config.database import db
from coordination import services
from coordination.inputs import CancelInput
from coordination.models import Assignment, Task
from tests.coordination.tasks import given, part_of, parts, submitted
from tests.worlds import World, csrf_of

Browser = Callable[[int], FlaskClient]


def _post(client: FlaskClient, page: str, path: str, **fields: object) -> TestResponse:
    """Open ``page``, then send a form to ``path`` with the token found on it."""
    token = csrf_of(client.get(page).get_data(as_text=True))
    return client.post(path, data={"csrf_token": token, **fields})


@pytest.fixture
def province(world: World, browser_of: Browser) -> FlaskClient:
    return browser_of(world.people["province-clerk"])


@pytest.fixture
def county(world: World, browser_of: Browser) -> FlaskClient:
    return browser_of(world.people["county-clerk"])


def test_from_form_to_closing(world: World, province: FlaskClient, county: FlaskClient) -> None:
    ids = world.agencies
    made = _post(
        province,
        "/tasks/new",
        "/tasks/new",
        title="燃气安全排查",
        body="请**逐户**排查。",
        days="5",
        due_on="",
        lead_id=str(ids["city"]),
        leading="one",
        to_agencies=[str(ids["county"]), str(ids["sibling"])],
    )
    assert made.status_code == 302
    task = db.session.scalars(db.select(Task)).one()
    assert made.location == f"/tasks/issued/{task.id}"
    assert parts(task, world) == {"city": "lead", "county": "assisting", "sibling": "assisting"}
    page = province.get(made.location).get_data(as_text=True)
    assert "任务已下达。" in page
    assert "请<strong>逐户</strong>排查。" in page

    row = part_of(task, world)
    here = f"/tasks/{row.id}"
    listed = county.get("/tasks").get_data(as_text=True)
    assert f'href="{here}"' in listed
    assert "待接收" in listed
    assert _post(county, here, f"{here}/accept").status_code == 302
    assert _post(county, here, f"{here}/report", text="过半", percent="60").status_code == 302
    assert "完成 60%" in county.get(here).get_data(as_text=True)
    assert _post(county, here, f"{here}/submit", text="办完").status_code == 302
    answer = _post(province, here, f"{here}/send-back", text="缺照片", days="2")
    assert answer.status_code == 302
    assert "缺照片" in county.get(here).get_data(as_text=True)
    assert _post(county, here, f"{here}/submit", text="补齐").status_code == 302
    assert _post(province, here, f"{here}/close").status_code == 302
    assert "已办结" in county.get("/tasks?state=done").get_data(as_text=True)
    assert "没有待办任务" in county.get("/tasks?state=todo").get_data(as_text=True)


def test_what_was_typed_stays_with_the_message_beside_it(
    world: World, province: FlaskClient
) -> None:
    yesterday = (clock.now() - timedelta(days=2)).date().isoformat()
    answer = _post(
        province,
        "/tasks/new",
        "/tasks/new",
        title="燃气安全排查",
        body="<b>排查</b>",
        due_on=yesterday,
        leading="each",
        to_agencies=str(world.agencies["county"]),
    )
    page = answer.get_data(as_text=True)
    assert answer.status_code == 422
    assert "截止日期已经过去" in page
    assert 'value="燃气安全排查"' in page
    assert f'value="{yesterday}"' in page
    assert "&lt;b&gt;排查&lt;/b&gt;" in page
    assert db.session.scalar(db.select(db.func.count()).select_from(Task)) == 0


@pytest.mark.parametrize(
    ("fields", "message"),
    [
        ({"title": ""}, "请填写此项，至少 1 个字。"),
        ({"title": "题" * 201}, "不能超过 200 个字。"),
        ({"title": "机密★一年 排查"}, "本系统只传输公开和内部信息"),
        ({"title": "标\u202e题"}, "不可见的控制字符"),
        ({"body": "文" * 20_001}, "不能超过 20000 个字。"),
        ({"days": "-1"}, "请填写不小于 1 的数。"),
        ({"days": "三"}, "请填写整数。"),
        ({"due_on": "2026-02-30", "days": ""}, "日期或时间的格式不对"),
        ({"due_on": "9999-12-31", "days": ""}, "截止日期太远"),
        ({"days": ""}, "请填写期限"),
        ({"to_agencies": "999999"}, "不在本机构之下"),
        ({"to_agencies": "x"}, "请填写整数。"),
        ({"to_agencies": []}, "请至少选择一个下级机构。"),
        ({"to_levels": "galaxy"}, "请从列出的选项中选择。"),
        ({"leading": "one"}, "请选择牵头机构。"),
        ({"leading": "nobody"}, "请从列出的选项中选择。"),
    ],
)
def test_wrong_input_is_named_at_its_field(
    world: World, province: FlaskClient, fields: dict[str, object], message: str
) -> None:
    right = {"title": "题", "days": "3", "to_agencies": str(world.agencies["county"])}
    answer = _post(province, "/tasks/new", "/tasks/new", **{**right, **fields})
    assert answer.status_code == 422
    assert message in answer.get_data(as_text=True)


def test_active_content_in_a_task_is_dead(world: World, county: FlaskClient) -> None:
    body = "<script>alert(1)</script>\n\n[点](javascript:alert(1))\n\n<img src=x onerror=alert(1)>"
    row = part_of(given(world, title="<script>alert(2)</script>", body=body), world)
    page = county.get(f"/tasks/{row.id}").get_data(as_text=True)
    for active in ("<script>alert", 'href="javascript', "<img"):
        assert active not in page


def test_a_body_of_a_megabyte_is_refused(world: World, province: FlaskClient) -> None:
    answer = _post(province, "/tasks/new", "/tasks/new", title="题", days="3", body="文" * 400_000)
    assert answer.status_code == 422


@pytest.mark.parametrize("agency", ["city", "sibling", "unrelated", "enterprise"])
def test_for_others_there_is_no_such_task(world: World, browser_of: Browser, agency: str) -> None:
    task = given(world)
    row = part_of(task, world)
    client = browser_of(world.people[f"{agency}-clerk"])
    token = csrf_of(client.get("/tasks/new").get_data(as_text=True))
    for path in (f"/tasks/{row.id}", f"/tasks/issued/{task.id}"):
        answer = client.get(path)
        assert answer.status_code == 404
        assert "燃气" not in answer.get_data(as_text=True)
    for path in ("accept", "report", "submit", "send-back", "close"):
        data = {"csrf_token": token, "text": "插手"}
        assert client.post(f"/tasks/{row.id}/{path}", data=data).status_code == 404
    data = {"csrf_token": token, "reason": "插手"}
    assert client.post(f"/tasks/issued/{task.id}/cancel", data=data).status_code == 404
    assert part_of(task, world).state == "assigned"


def test_the_assignee_does_not_see_the_issuers_page(world: World, county: FlaskClient) -> None:
    assert county.get(f"/tasks/issued/{given(world).id}").status_code == 404


@pytest.mark.parametrize("path", ["/tasks/0", "/tasks/99999999999999999999", "/tasks/issued/77"])
def test_ids_of_nothing(world: World, province: FlaskClient, path: str) -> None:
    assert province.get(path).status_code == 404


@pytest.mark.parametrize("typed", ["77", "x", "-1", "9" * 30])
def test_a_forged_bulletin_is_no_ground(world: World, province: FlaskClient, typed: str) -> None:
    assert province.get(f"/tasks/new?bulletin_id={typed}").status_code == 404
    answer = _post(province, "/tasks/new", "/tasks/new", title="题", days="3", bulletin_id=typed)
    assert answer.status_code == 404


def test_a_step_out_of_turn_keeps_the_words(world: World, county: FlaskClient) -> None:
    row = submitted(given(world), world)
    token = csrf_of(county.get("/tasks").get_data(as_text=True))
    answer = county.post(f"/tasks/{row.id}/report", data={"csrf_token": token, "text": "又有进展"})
    assert answer.status_code == 409
    assert "不能这样办理" in answer.get_data(as_text=True)


def test_words_are_wanted_to_send_back_and_to_cancel(world: World, province: FlaskClient) -> None:
    task = given(world)
    row = submitted(task, world)
    here = f"/tasks/{row.id}"
    answer = _post(province, here, f"{here}/send-back", text=" ", days="3")
    assert answer.status_code == 422
    assert 'value="3"' in answer.get_data(as_text=True)
    there = f"/tasks/issued/{task.id}"
    assert _post(province, there, f"{there}/cancel", reason="").status_code == 422
    assert _post(province, there, f"{there}/cancel", reason="政策调整").status_code == 302
    assert "政策调整" in province.get(there).get_data(as_text=True)
    answer = province.post(
        f"{there}/cancel",
        data={
            "csrf_token": csrf_of(province.get("/tasks/new").get_data(as_text=True)),
            "reason": "再来",
        },
    )
    assert answer.status_code == 409


def test_a_form_without_its_token_does_nothing(world: World, county: FlaskClient) -> None:
    row = part_of(given(world), world)
    assert county.post(f"/tasks/{row.id}/accept").status_code == 400
    assert part_of(db.session.get_one(Task, row.task_id), world).state == "assigned"


def test_a_cancelled_task_tells_its_assignee(world: World, county: FlaskClient) -> None:
    task = given(world)
    services.cancel(world.actor("province-clerk"), task.id, CancelInput(reason="不再需要。"))
    page = county.get(f"/tasks/{part_of(task, world).id}").get_data(as_text=True)
    assert "任务已取消，不用再办" in page
    assert "不再需要。" in page


def test_a_reader_sees_but_has_no_buttons(world: World, browser_of: Browser) -> None:
    row = part_of(given(world), world)
    client = browser_of(world.people["county-reader"])
    page = client.get(f"/tasks/{row.id}").get_data(as_text=True)
    assert "燃气安全排查" in page
    assert "/accept" not in page
    assert client.get("/tasks/new").status_code == 403


def test_lists_by_deadline(world: World, county: FlaskClient) -> None:
    now = clock.now()
    titles = {"早已逾期": 1, "将要到期": 3, "还早": 60}
    for title, days in titles.items():
        given(world, title=title, days=days)
    with time_machine.travel(now, tick=False):
        first = db.session.scalars(
            db.select(Assignment).join(Task).where(Task.title == "早已逾期")
        ).one()
        moment = first.due_at + timedelta(minutes=1)
    with time_machine.travel(moment, tick=False):
        client_pages = {
            state: county.get(f"/tasks?state={state}").get_data(as_text=True)
            for state in ("todo", "near", "overdue")
        }
    shown = {state: [t for t in titles if t in page] for state, page in client_pages.items()}
    assert shown == {
        "todo": ["早已逾期", "将要到期", "还早"],
        "near": ["将要到期"],
        "overdue": ["早已逾期"],
    }
    assert "逾期" in client_pages["overdue"]


def test_an_agency_with_nobody_above_it_comes_to_what_it_gave(
    world: World, province: FlaskClient
) -> None:
    assert province.get("/tasks").location == "/tasks/issued"
    assert province.get("/tasks?state=todo").status_code == 200


def test_long_lists_go_on_by_key(world: World, county: FlaskClient, province: FlaskClient) -> None:
    for number in range(30):
        given(world, title=f"任务{number:02}", days=5)
    for client, path in ((county, "/tasks?state=todo"), (province, "/tasks/issued")):
        page = client.get(path).get_data(as_text=True)
        older = page.split('rel="next" href="')[1].split('"')[0].replace("&amp;", "&")
        rest = client.get(older).get_data(as_text=True)
        seen = [n for n in range(30) if f"任务{n:02}" in page]
        others = [n for n in range(30) if f"任务{n:02}" in rest]
        assert len(seen) == 25
        assert sorted(seen + others) == list(range(30))


@pytest.mark.parametrize("mark", ["x", "W10", "e30", "WyIyMDI2IiwgMV0", "%00"])
def test_a_forged_mark_is_a_bad_request(world: World, county: FlaskClient, mark: str) -> None:
    assert county.get(f"/tasks?state=todo&after={mark}").status_code == 400


def test_reach_and_preview(world: World, province: FlaskClient) -> None:
    ids = world.agencies
    answer = _post(
        province,
        "/tasks/new",
        "/tasks/reach",
        to_levels="city",
        leading="one",
        lead_id=ids["county"],
    )
    assert answer.get_json() == {
        "count": 3,
        "text": "将下达给 3 个机构：牵头 1 个，协办 2 个。",
    }
    outside = _post(province, "/tasks/new", "/tasks/reach", to_agencies=ids["unrelated"])
    assert outside.get_json()["count"] == 0
    preview = _post(province, "/tasks/new", "/tasks/preview", body="**粗**<script>x</script>")
    assert "<strong>粗</strong>" in preview.get_data(as_text=True)
    assert "<script" not in preview.get_data(as_text=True)
    assert _post(province, "/tasks/new", "/tasks/preview", body="长" * 20_001).status_code == 422
