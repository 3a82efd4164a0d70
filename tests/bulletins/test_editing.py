"""Writing a draft in a browser: what is refused, saved by itself, saved by two, found."""

import re

import pytest
from sqlalchemy import func, select
from werkzeug.test import TestResponse

from agencies.states import SeatKind
from bulletins import services
from bulletins.models import Bulletin
from bulletins.services.addressing import stored_rules
from config.database import db, writing
from tests.bulletins.browsing import FETCH, Browsers, form, post
from tests.bulletins.papers import TITLE, draft_input, drafted, submitted
from tests.worlds import World, csrf_of, seat_person

HOSTILE = [
    ("title", "", "标题不能为空"),
    ("title", "长" * 201, "不能超过 200 个字"),
    ("title", "标\u202e题", "不可见的控制字符"),
    ("body", "字" * 350_000, "不能超过 50000 个字"),
    ("body", "正\0文", "不可见的控制字符"),
    ("body", "1. " * 16_000, "过于复杂"),
    ("acknowledge_by", "2020-01-01", "期限已过"),
    ("acknowledge_by", "昨天", "日期或时间的格式不对"),
    ("type", "x" * 100, "请从列出的选项中选择"),
    ("to_agencies", "9" * 30, "填写"),
    ("to_agencies", "99999999", "不在范围内"),
]


@pytest.mark.parametrize(("name", "value", "message"), HOSTILE)
def test_what_is_refused_comes_back_with_what_was_typed(
    world: World, browser_of: Browsers, name: str, value: str, message: str
) -> None:
    clerk = browser_of(world.people["province-clerk"])
    new = "/bulletins/drafts/new"
    typed = form(**{"body": "我写了很久的正文", name: value})
    answer = post(clerk, new, new, **typed)
    assert answer.status_code == 422
    assert message in answer.text
    assert str(typed["body"]).replace("\0", "")[:1000] in answer.text.replace("\0", "")
    assert db.session.scalar(select(func.count()).select_from(Bulletin)) == 0
    autosaved = clerk.post(
        "/bulletins/drafts/autosave",
        data={"csrf_token": csrf_of(clerk.get(new).text), **typed},
        headers=FETCH,
    )
    assert autosaved.status_code == 422
    assert list(autosaved.get_json()["errors"]) == [name]


def test_an_audience_of_nobody_keeps_the_draft_and_says_so(
    world: World, browser_of: Browsers
) -> None:
    clerk = browser_of(world.people["province-clerk"])
    new = "/bulletins/drafts/new"
    typed = {key: value for key, value in form(action="submit").items() if key != "to_all"}
    answer = post(clerk, new, new, **typed)
    assert answer.status_code == 422
    assert "没有任何机构会收到此稿" in answer.text
    bulletin = db.session.scalars(select(Bulletin)).one()
    again = re.search(r'action="(/bulletins/drafts/[^"]+)"', answer.text)
    shown = re.search(r'name="revision" value="(\d+)"', answer.text)
    assert again is not None
    assert shown is not None
    assert again[1] == f"/bulletins/drafts/{bulletin.id}"
    mended = post(clerk, again[1], new, **form(action="submit", revision=shown[1]))
    assert mended.status_code == 302
    db.session.expire_all()
    assert db.session.scalars(select(Bulletin.state)).all() == ["submitted"]


def test_autosave_makes_a_draft_and_goes_on_with_it(world: World, browser_of: Browsers) -> None:
    clerk = browser_of(world.people["province-clerk"])
    token = csrf_of(clerk.get("/bulletins/drafts/new").text)

    def save(url: str, **given: object) -> TestResponse:
        return clerk.post(url, data={"csrf_token": token, **form(**given)}, headers=FETCH)

    first = save("/bulletins/drafts/autosave").get_json()
    bulletin = db.session.scalars(select(Bulletin)).one()
    assert first["revision"] == 1
    assert first["edit_url"] == f"/bulletins/drafts/{bulletin.id}"
    second = save(first["autosave_url"], revision=1, body="新的正文")
    assert second.get_json()["revision"] == 2
    stale = save(first["autosave_url"], revision=1, body="旧页面的正文")
    assert stale.status_code == 409
    assert "已被他人修改" in stale.get_json()["message"]
    assert save(first["autosave_url"], body="没有版本号").status_code == 409
    db.session.expire_all()
    assert bulletin.body == "新的正文"
    late = browser_of(world.people["province-duty"])
    assert late.post(first["autosave_url"], data=form(), headers=FETCH).status_code in (400, 403)


def test_a_conflict_shows_both_texts_and_neither_is_lost(
    world: World, browser_of: Browsers
) -> None:
    bulletin = drafted(world)
    services.save_draft(
        world.actor("province-clerk"), bulletin.id, 1, draft_input(body="同事刚写的文字")
    )
    clerk = browser_of(world.people["province-clerk"])
    draft = f"/bulletins/drafts/{bulletin.id}"
    answer = post(clerk, draft, draft, **form(revision=1, body="我写的文字"))
    assert answer.status_code == 409
    assert "同事刚写的文字" in answer.text
    assert "我写的文字" in answer.text
    assert "data-autosave=" not in answer.text
    db.session.expire_all()
    assert bulletin.body == "同事刚写的文字"
    shown = re.search(r'name="revision" value="(\d+)"', answer.text)
    assert shown is not None
    merged = form(revision=shown[1], body="同事刚写的文字，我写的文字")
    assert post(clerk, draft, draft, **merged).status_code == 302
    db.session.expire_all()
    assert (bulletin.body, bulletin.revision) == ("同事刚写的文字，我写的文字", 3)


def test_what_was_typed_survives_that_the_paper_was_signed_meanwhile(
    world: World, browser_of: Browsers
) -> None:
    bulletin = submitted(world)
    clerk = browser_of(world.people["province-clerk"])
    draft = f"/bulletins/drafts/{bulletin.id}"
    token = csrf_of(clerk.get("/bulletins/drafts/new").text)
    services.sign(world.actor("province-approver"), bulletin.id)
    answer = clerk.post(draft, data={"csrf_token": token, **form(revision=1, body="我写的文字")})
    assert answer.status_code == 409
    assert "我写的文字" in answer.text
    assert "另存为新稿" in answer.text
    assert "用我的文字保存" not in answer.text


def test_preview_reach_and_search_work_without_and_with_a_script(
    world: World, browser_of: Browsers
) -> None:
    clerk = browser_of(world.people["province-clerk"])
    new = "/bulletins/drafts/new"
    page = post(clerk, new, new, **form(action="preview", title="", body="**粗**<b>"))
    assert page.status_code == 200
    assert "<strong>粗</strong>&lt;b&gt;" in page.text
    token = csrf_of(page.text)
    drawn = clerk.post(
        "/bulletins/preview", data={"csrf_token": token, "body": "**粗**"}, headers=FETCH
    )
    assert drawn.text == "<p><strong>粗</strong></p>"
    reach = clerk.post(
        "/bulletins/reach",
        data={"csrf_token": token, "to_levels": "county", "cc_all": "1"},
        headers=FETCH,
    )
    answer = reach.get_json()
    assert answer["count"] == 6
    assert answer["text"].startswith("将发给 6 个机构：主送 4 个，抄送 2 个。文面主送写作“")
    assert db.session.scalar(select(func.count()).select_from(Bulletin)) == 0


def test_without_a_script_a_button_says_how_many_agencies_a_new_draft_reaches(
    world: World, browser_of: Browsers
) -> None:
    clerk = browser_of(world.people["province-clerk"])
    new = "/bulletins/drafts/new"
    typed = form(action="reach", to_levels="county", cc_all="1", to_agencies="")
    del typed["to_all"], typed["to_agencies"]
    page = post(clerk, new, new, **typed)
    assert page.status_code == 200
    assert "将发给 6 个机构：主送 4 个，抄送 2 个。" in page.text
    assert f'value="{TITLE}"' in page.text
    assert "请**认真**落实。" in page.text
    assert 'name="cc_all" value="1" checked' in page.text
    wrong = post(clerk, new, new, **typed, to_agencies="x")
    assert wrong.status_code == 200
    assert "请填写整数。" in wrong.text
    assert db.session.scalar(select(func.count()).select_from(Bulletin)) == 0


def test_an_agency_found_stays_ticked_and_is_kept(
    world: World, browser_of: Browsers, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bulletins.queries.reach.LISTED_WHOLE", 3)
    clerk = browser_of(world.people["province-clerk"])
    new = "/bulletins/drafts/new"
    assert "长安区" not in clerk.get(new).text
    found = post(clerk, new, new, **form(action="find", find="长安"))
    assert found.status_code == 200
    assert "长安区市场监督管理局" in found.text
    assert "桥西区" not in found.text
    ticked = form(action="find", find="1301", to_agencies=[world.agencies["county"]])
    again = post(clerk, new, new, **ticked).text
    assert re.search(rf'name="to_agencies" value="{world.agencies["county"]}" checked', again)
    assert "桥西区" in again
    assert "唐山市" not in re.sub(r'(?s)name="\w+_subtrees".*?</div>', "", again)
    for odd in ("%", "\0", "'", "长" * 5_000):
        assert post(clerk, new, new, **form(find=odd, action="find")).status_code == 200


def test_a_draft_comes_back_as_it_was_ticked(world: World, browser_of: Browsers) -> None:
    clerk = browser_of(world.people["province-clerk"])
    new = "/bulletins/drafts/new"
    chosen = form(
        to_all="",
        to_levels=["county"],
        to_subtrees=[world.agencies["city"]],
        cc_agencies=[world.agencies["enterprise"]],
        except_agencies=[world.agencies["sibling"]],
    )
    answer = post(clerk, new, new, **{k: v for k, v in chosen.items() if v != ""})
    bulletin = db.session.scalars(select(Bulletin)).one()
    before = stored_rules(bulletin.id)
    page = clerk.get(answer.location).text
    assert len(re.findall(r'type="checkbox"[^>]*checked', page)) == 5
    assert "石家庄市市场监督管理局及其下级的县级机构" in clerk.get(f"/bulletins/{bulletin.id}").text
    assert len(before) == 3


def test_a_form_opened_in_another_seat_makes_no_draft(world: World, browser_of: Browsers) -> None:
    with writing():
        seat = seat_person(
            world.people["city-clerk"], world.agencies["other_city"], SeatKind.CLERK, "兼"
        )
    clerk, new = browser_of(world.people["city-clerk"]), "/bulletins/drafts/new"
    page = clerk.get(new).text
    drawn_for = re.search(r'name="seat"[^>]*value="(\d+)"', page)
    assert drawn_for
    clerk.post(f"/seat/{seat.id}", data={"csrf_token": csrf_of(page)})
    fields = form(csrf_token=csrf_of(clerk.get(new).text), seat=drawn_for[1])
    autosaved = clerk.post("/bulletins/drafts/autosave", data=fields, headers=FETCH)
    assert autosaved.status_code == 422
    assert autosaved.json
    assert "您已切换岗位" in autosaved.json["errors"][""]
    saved = clerk.post(new, data=fields)
    assert saved.status_code == 422
    assert "您已切换岗位" in saved.text
    assert TITLE in saved.text
    assert db.session.scalar(select(func.count()).select_from(Bulletin)) == 0
