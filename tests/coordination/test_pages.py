"""The pages of tasks, as the people of both sides click through them."""

import re
from collections.abc import Callable
from datetime import timedelta

import time_machine
from flask.testing import FlaskClient

from agencies.states import SeatKind
from bulletins import services as bulletins
from bulletins.decisions import VoidInput
from config import clock
from config.database import db, writing
from coordination import services
from coordination.inputs import CancelInput, SubmissionInput
from coordination.models import Assignment, Task
from tests.bulletins.papers import published
from tests.coordination.tasks import given, part_of, parts, post, submitted
from tests.worlds import World, csrf_of, seat_person

Browser = Callable[[int], FlaskClient]


def test_from_form_to_closing(world: World, province: FlaskClient, county: FlaskClient) -> None:
    ids = world.agencies
    made = post(
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
    assert post(county, here, f"{here}/accept").status_code == 302
    assert post(county, here, f"{here}/report", text="过半", percent="60").status_code == 302
    assert "完成 60%" in county.get(here).get_data(as_text=True)
    assert post(county, here, f"{here}/submit", text="办完").status_code == 302
    answer = post(province, here, f"{here}/send-back", text="缺照片", days="2")
    assert answer.status_code == 302
    assert "缺照片" in county.get(here).get_data(as_text=True)
    assert post(county, here, f"{here}/submit", text="补齐").status_code == 302
    assert post(province, here, f"{here}/close").status_code == 302
    assert "已办结" in county.get("/tasks?state=done").get_data(as_text=True)
    assert "没有待办任务" in county.get("/tasks?state=todo").get_data(as_text=True)


def test_it_is_checked_first_then_looked_at_then_given(world: World, province: FlaskClient) -> None:
    page = province.get("/tasks/new").text
    key = re.search(r'name="key" value="([0-9a-f]{16})"', page)
    assert key
    assert "data-confirm" not in page[page.index('id="f-title"') :]
    fields = {"csrf_token": csrf_of(page), "key": key[1], "title": "排查", "to_levels": "county"}
    wrong = province.post("/tasks/new", data={**fields, "action": "check"})
    assert (wrong.status_code, "确认下达" in wrong.text) == (422, False)
    assert "请填写期限" in wrong.text
    looked = province.post("/tasks/new", data={**fields, "days": "3", "action": "check"})
    assert looked.status_code == 200
    assert "确认下达" in looked.text
    assert "将下达给 4 个机构，各自牵头。" in looked.text
    assert not db.session.scalars(db.select(Task)).all()
    seen = re.search(r'name="seen" value="([^"]+)"', looked.text)
    assert seen
    sent = {**fields, "days": "3", "action": "assign", "seen": seen[1]}
    changed = province.post("/tasks/new", data={**sent, "to_levels": "city"})
    assert (changed.status_code, "确认下达" in changed.text) == (200, True)
    assert not db.session.scalars(db.select(Task)).all()
    assert province.post("/tasks/new", data=sent).status_code == 302
    assert db.session.scalars(db.select(Task.title)).all() == ["排查"]


def test_what_was_typed_stays_where_the_ground_was_repealed_meanwhile(
    world: World, province: FlaskClient
) -> None:
    bulletin = published(world)
    token = csrf_of(province.get(f"/tasks/new?bulletin_id={bulletin.id}").text)
    bulletins.void(world.actor("province-approver"), bulletin.id, VoidInput(reason="有误。"))
    fields = {"title": "排查", "days": "3", "to_all": "1", "bulletin_id": bulletin.id}
    for action in ("check", "assign"):
        sent = {"csrf_token": token, "action": action, **fields}
        answer = province.post("/tasks/new", data=sent)
        assert answer.status_code == 409
        assert "不能再据此下达任务" in answer.text
        assert 'value="排查"' in answer.text


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
    answer = post(province, here, f"{here}/send-back", text=" ", days="3")
    assert answer.status_code == 422
    assert 'value="3"' in answer.get_data(as_text=True)
    there = f"/tasks/issued/{task.id}"
    assert post(province, there, f"{there}/cancel", reason="").status_code == 422
    assert post(province, there, f"{there}/cancel", reason="政策调整").status_code == 302
    assert "政策调整" in province.get(there).get_data(as_text=True)
    answer = province.post(
        f"{there}/cancel",
        data={
            "csrf_token": csrf_of(province.get("/tasks/new").get_data(as_text=True)),
            "reason": "再来",
        },
    )
    assert answer.status_code == 409


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


def test_reach_and_preview(world: World, province: FlaskClient) -> None:
    ids = world.agencies
    answer = post(
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
    drawn = post(province, "/tasks/new", "/tasks/new", action="reach", title="排查", to_all="1")
    assert drawn.status_code == 200
    assert "将下达给 6 个机构，各自牵头。" in drawn.text
    assert 'value="排查"' in drawn.text
    outside = post(province, "/tasks/new", "/tasks/reach", to_agencies=ids["unrelated"])
    assert outside.get_json()["count"] == 0
    preview = post(province, "/tasks/new", "/tasks/preview", body="**粗**<script>x</script>")
    assert "<strong>粗</strong>" in preview.get_data(as_text=True)
    assert "<script" not in preview.get_data(as_text=True)
    assert post(province, "/tasks/new", "/tasks/preview", body="长" * 20_001).status_code == 422


def test_done_twice_it_shows_where_the_task_stands(
    world: World, county: FlaskClient, province: FlaskClient
) -> None:
    row = part_of(given(world), world)
    here = f"/tasks/{row.id}"
    token = csrf_of(county.get(here).get_data(as_text=True))
    county.post(f"{here}/accept", data={"csrf_token": token})
    again = county.post(f"{here}/accept", data={"csrf_token": token})
    page = again.get_data(as_text=True)
    assert again.status_code == 409
    assert "不能这样办理" in page
    assert "燃气安全排查" in page
    assert f'formaction="{here}/submit"' in page  # and what can be done now is offered
    services.submit(world.actor("county-clerk"), row.id, SubmissionInput(text="办完"))
    token = csrf_of(province.get(here).get_data(as_text=True))
    province.post(f"{here}/close", data={"csrf_token": token})
    again = province.post(f"{here}/close", data={"csrf_token": token})
    assert again.status_code == 409
    assert "任务已办结。" in again.get_data(as_text=True)
    assert "办理经过" in again.get_data(as_text=True)


def test_the_enter_key_reports_and_does_not_hand_in(world: World, county: FlaskClient) -> None:
    row = part_of(given(world), world)
    services.accept(world.actor("county-clerk"), row.id)
    page = county.get(f"/tasks/{row.id}").get_data(as_text=True)
    form = page[page.index(f'action="/tasks/{row.id}/report"') :].partition("</form>")[0]
    buttons = re.findall(r"<button[^>]*>", form)
    assert "formaction" not in buttons[0]
    assert "data-confirm" in buttons[1]


def test_whoever_judges_is_told_that_the_deadline_has_passed(
    world: World, province: FlaskClient
) -> None:
    row = submitted(given(world), world)
    here = f"/tasks/{row.id}"
    assert "原期限已过" not in province.get(here).get_data(as_text=True)
    with time_machine.travel(row.due_at + timedelta(hours=1)):
        assert "原期限已过" in province.get(here).get_data(as_text=True)


def test_a_link_to_another_seat_says_how_to_get_there(
    world: World, browser_of: Browser, county: FlaskClient
) -> None:
    with writing():
        agency_id = world.agencies["other_city"]
        seat = seat_person(world.people["county-clerk"], agency_id, SeatKind.CLERK, "代理")
    row = part_of(given(world, "province-clerk", "other_city"), world, "other_city")
    lost = county.get(f"/tasks/{row.id}?x=1")
    page = lost.get_data(as_text=True)
    assert lost.status_code == 404
    assert "燃气安全排查" not in page
    assert "唐山市市场监督管理局" in page
    assert f'name="next" value="/tasks/{row.id}?x=1"' in page
    nowhere = county.get("/tasks/999999").get_data(as_text=True)
    assert page.count("切换到") == nowhere.count("切换到") == 1  # the same, whatever there is
    fields = {"csrf_token": csrf_of(page), "next": f"/tasks/{row.id}?x=1"}
    answer = county.post(f"/seat/{seat.id}", data=fields)
    assert answer.location == f"/tasks/{row.id}?x=1"
    assert "燃气安全排查" in county.get(answer.location).get_data(as_text=True)
    elsewhere = county.post(f"/seat/{seat.id}", data=fields | {"next": "//evil.example/"})
    assert elsewhere.location == "/"
    only_seat = browser_of(world.people["county-reader"]).get(f"/tasks/{row.id}")
    assert "切换到" not in only_seat.get_data(as_text=True)
