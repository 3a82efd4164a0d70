"""Wrong and hostile input to the pages of tasks: said where it is wrong, and nothing told."""

import re
from collections.abc import Callable
from datetime import timedelta

import pytest
from flask.testing import FlaskClient

from config import clock
from config.database import db
from coordination.models import Task
from tests.coordination.tasks import given, part_of, post, submitted
from tests.worlds import World, csrf_of

Browser = Callable[[int], FlaskClient]


def test_what_was_typed_stays_with_the_message_beside_it(
    world: World, province: FlaskClient
) -> None:
    yesterday = (clock.now() - timedelta(days=2)).date().isoformat()
    answer = post(
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


WRONG: list[tuple[dict[str, object], str]] = [
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
]


def test_wrong_input_is_named_at_its_field(world: World, province: FlaskClient) -> None:
    right = {"title": "题", "days": "3", "to_agencies": str(world.agencies["county"])}
    token = csrf_of(province.get("/tasks/new").get_data(as_text=True))
    for fields, message in WRONG:
        answer = province.post("/tasks/new", data={"csrf_token": token, **right, **fields})
        assert answer.status_code == 422, fields
        assert message in answer.get_data(as_text=True), fields
    assert not db.session.scalars(db.select(Task)).all()


def test_all_that_is_wrong_is_said_at_once(world: World, province: FlaskClient) -> None:
    far = str(world.agencies["unrelated"])
    wrong: list[tuple[dict[str, object], tuple[str, ...]]] = [
        ({"title": ""}, ("请填写此项，至少 1 个字。", "请填写期限", "请至少选择一个下级机构。")),
        ({"title": "题"}, ("请填写期限", "请至少选择一个下级机构。")),
        (
            {"title": "题", "due_on": "2020-01-01", "leading": "one", "to_agencies": far},
            ("截止日期已经过去", "请选择牵头机构。", "不在本机构之下"),
        ),
        ({"title": "题", "days": "三"}, ("请填写整数。", "请至少选择一个下级机构。")),
        ({"title": "", "days": "3", "to_agencies": "x"}, ("至少 1 个字", "请填写整数。")),
        ({"title": "题", "seat": "0"}, ("您已切换岗位", "请填写期限", "请至少选择一个下级机构。")),
    ]
    for fields, messages in wrong:
        answer = post(province, "/tasks/new", "/tasks/new", **fields)
        assert answer.status_code == 422, fields
        for message in messages:
            assert message in answer.text, (fields, message)


def test_who_is_to_lead_is_all_that_is_missing(world: World, province: FlaskClient) -> None:
    answer = post(province, "/tasks/new", "/tasks/new", title="题", days="3", leading="one")
    assert "请选择牵头机构。" in answer.text
    assert "请至少选择一个下级机构。" not in answer.text


def test_what_is_wrong_with_sending_back_is_said_at_once(
    world: World, province: FlaskClient
) -> None:
    row = submitted(given(world), world)
    path = f"/tasks/{row.id}"
    answer = post(province, path, f"{path}/send-back", text="", due_on="2020-01-01")
    assert answer.status_code == 422
    for message in ("请填写此项，至少 1 个字。", "截止日期已经过去"):
        assert message in answer.text
    answer = post(province, path, f"{path}/send-back", text="", days="3", due_on="2020-01-01")
    assert "只填一项" in answer.text


def test_active_content_in_a_task_is_dead(world: World, county: FlaskClient) -> None:
    body = "<script>alert(1)</script>\n\n[点](javascript:alert(1))\n\n<img src=x onerror=alert(1)>"
    row = part_of(given(world, title="<script>alert(2)</script>", body=body), world)
    page = county.get(f"/tasks/{row.id}").get_data(as_text=True)
    for active in ("<script>alert", 'href="javascript', "<img"):
        assert active not in page


def test_a_body_of_a_megabyte_is_refused(world: World, province: FlaskClient) -> None:
    answer = post(province, "/tasks/new", "/tasks/new", title="题", days="3", body="文" * 400_000)
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
    answer = post(province, "/tasks/new", "/tasks/new", title="题", days="3", bulletin_id=typed)
    assert answer.status_code == 404


def test_a_form_without_its_token_does_nothing(world: World, county: FlaskClient) -> None:
    row = part_of(given(world), world)
    assert county.post(f"/tasks/{row.id}/accept").status_code == 400
    assert part_of(db.session.get_one(Task, row.task_id), world).state == "assigned"


@pytest.mark.parametrize("mark", ["x", "W10", "e30", "WyIyMDI2IiwgMV0", "%00"])
def test_a_forged_mark_is_a_bad_request(world: World, county: FlaskClient, mark: str) -> None:
    assert county.get(f"/tasks?state=todo&after={mark}").status_code == 400


def test_a_form_opened_in_another_seat_gives_no_task(world: World, province: FlaskClient) -> None:
    fields = {"title": "排查", "days": "3", "to_agencies": str(world.agencies["county"])}
    page = province.get("/tasks/new").get_data(as_text=True)
    seat = re.search(r'name="seat" value="(\d+)"', page)
    assert seat is not None
    elsewhere = str(int(seat[1]) + 1)
    answer = post(province, "/tasks/new", "/tasks/new", seat=elsewhere, **fields)
    assert answer.status_code == 422
    assert "您已切换岗位" in answer.get_data(as_text=True)
    assert f'name="seat" value="{seat[1]}"' in answer.get_data(as_text=True)
    assert post(province, "/tasks/new", "/tasks/new", seat=seat[1], **fields).status_code == 302
