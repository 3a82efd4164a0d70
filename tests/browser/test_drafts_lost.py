"""What a clerk typed is lost neither by its length nor by an answer that never came."""

import pytest
from apiflask import APIFlask
from playwright.sync_api import Browser, Page, Route, expect
from sqlalchemy import select

from bulletins.models import Bulletin
from config.database import db
from tests.browser.conftest import Serve
from tests.browser.test_papers import cookie, served
from tests.worlds import World, sign_in

TOO_LONG = "文" * 50_001
TOO_LARGE = "文" * 480_000


@pytest.fixture
def new(app: APIFlask, world: World, serve: Serve, page: Page) -> Page:
    """The empty form of a new draft, open in the browser of the province's clerk."""
    clerk = sign_in(app, world.people["province-clerk"])
    address = served(app, serve)
    page.context.add_cookies(cookie(clerk, address))  # type: ignore[arg-type]
    page.goto(f"{address}/bulletins/drafts/new")
    return page


def _drafts() -> list[Bulletin]:
    db.session.rollback()
    return list(db.session.scalars(select(Bulletin)))


def test_a_text_too_long_is_not_sent_and_stays(new: Page) -> None:
    posted: list[str] = []
    new.on("request", lambda one: posted.append(one.url) if one.method == "POST" else None)
    new.get_by_label("标题").fill("关于专项检查的通知")
    new.get_by_label("正文").fill(TOO_LONG)
    expect(new.locator("[data-autosave-status]")).to_contain_text("现在有 50,001 字")
    new.get_by_role("button", name="保存", exact=True).click()
    assert new.get_by_label("正文").input_value() == TOO_LONG
    assert (posted, _drafts()) == ([], [])
    new.get_by_label("正文").fill(TOO_LONG[1:])
    new.get_by_role("button", name="保存", exact=True).click()
    expect(new.get_by_text("已保存。")).to_be_visible()
    assert [len(one.body) for one in _drafts()] == [50_000]


def test_a_body_too_large_comes_back_without_script(
    app: APIFlask, world: World, serve: Serve, chromium: Browser
) -> None:
    clerk = sign_in(app, world.people["province-clerk"])
    address = served(app, serve)
    context = chromium.new_context(java_script_enabled=False)
    context.add_cookies(cookie(clerk, address))  # type: ignore[arg-type]
    page = context.new_page()
    page.goto(f"{address}/bulletins/drafts/new")
    page.get_by_label("标题").fill("关于专项检查的通知")
    page.get_by_label("正文").fill(TOO_LARGE)
    page.get_by_role("button", name="保存", exact=True).click()
    expect(page.get_by_role("heading", name="提交的内容太大，没有保存。")).to_be_visible()
    page.go_back()
    expect(page.get_by_label("标题")).to_have_value("关于专项检查的通知")
    assert page.get_by_label("正文").input_value() == TOO_LARGE
    page.get_by_label("正文").fill("短了。")
    page.get_by_role("button", name="保存", exact=True).click()
    expect(page.get_by_text("已保存。")).to_be_visible()
    context.close()
    assert [one.body for one in _drafts()] == ["短了。"]


def _lose(route: Route) -> None:
    route.fetch()
    route.abort()


def test_a_first_save_whose_answer_is_lost_makes_no_second_draft(new: Page) -> None:
    new.route("**/autosave", _lose)
    new.get_by_label("标题").fill("关于专项检查的通知")
    new.get_by_label("正文").fill("甲")
    expect(new.locator("[data-autosave-status]")).to_contain_text("暂时连不上服务器")
    assert [one.body for one in _drafts()] == ["甲"]
    address = new.url
    new.on("dialog", lambda dialog: dialog.accept())
    new.goto(address)
    new.unroute("**/autosave")
    new.get_by_role("button", name="恢复这些文字").click()
    new.get_by_label("正文").fill("乙")
    new.get_by_role("button", name="保存", exact=True).click()
    expect(new.get_by_text("已保存。")).to_be_visible()
    assert [one.body for one in _drafts()] == ["乙"]
