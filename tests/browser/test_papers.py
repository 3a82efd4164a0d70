"""A paper written in a real browser: saved, previewed, counted as one types; and without script."""

import re

from apiflask import APIFlask
from flask.testing import FlaskClient
from playwright.sync_api import Browser, Page, expect
from sqlalchemy import select

from bulletins.models import Bulletin
from bulletins.services.addressing import stored_rules
from config.database import db
from tests.browser.conftest import Serve
from tests.bulletins.papers import drafted
from tests.worlds import World, sign_in


def cookie(client: FlaskClient, address: str) -> list[dict[str, str]]:
    cookie = client.get_cookie("session")
    assert cookie is not None
    return [{"name": "session", "value": cookie.value, "url": address}]


def served(app: APIFlask, serve: Serve) -> str:
    app.config["COMPRESS_STREAMS"] = False  # flask-compress leaves the files it streams open
    return serve(app)


def _kept() -> Bulletin:
    db.session.rollback()
    return db.session.scalars(select(Bulletin)).one()


def test_a_draft_is_saved_previewed_and_counted_as_one_types(
    app: APIFlask, world: World, serve: Serve, page: Page
) -> None:
    clerk = sign_in(app, world.people["province-clerk"])
    address = served(app, serve)
    page.context.add_cookies(cookie(clerk, address))  # type: ignore[arg-type]
    page.goto(f"{address}/bulletins/drafts/new")
    page.get_by_label("标题").fill("关于专项检查的通知")
    page.get_by_label("正文").fill("请**认真**落实。")
    expect(page.locator("[data-preview-target] strong")).to_have_text("认真")
    page.locator("#f-to_levels").get_by_label("县级").check()
    expect(page.locator("[data-reach-target]")).to_contain_text("将发给 4 个机构。")
    expect(page.locator("[data-autosave-status]")).to_contain_text("已保存")
    expect(page).to_have_url(re.compile(r"/bulletins/drafts/\d+$"))
    assert _kept().title == "关于专项检查的通知"
    page.get_by_label("标题").fill("")
    expect(page.locator("[data-autosave-status]")).to_contain_text("标题不能为空")
    page.get_by_label("标题").fill("关于专项检查的紧急通知")
    page.get_by_role("button", name="送签").click()
    expect(page.get_by_text("已送签，等待签发。")).to_be_visible()
    kept = _kept()
    assert (kept.title, kept.state) == ("关于专项检查的紧急通知", "submitted")
    assert [rule.level for rule in stored_rules(kept.id)] == ["county"]


def test_the_second_of_two_windows_overwrites_nothing(
    app: APIFlask, world: World, serve: Serve, page: Page
) -> None:
    bulletin_id = drafted(world).id
    clerk = sign_in(app, world.people["province-clerk"])
    address = served(app, serve)
    page.context.add_cookies(cookie(clerk, address))  # type: ignore[arg-type]
    page.goto(f"{address}/bulletins/drafts/{bulletin_id}")
    other = page.context.new_page()
    other.goto(f"{address}/bulletins/drafts/{bulletin_id}")
    other.get_by_label("正文").fill("另一窗口的文字")
    expect(other.locator("[data-autosave-status]")).to_contain_text("已保存")
    page.get_by_label("正文").fill("这一窗口的文字")
    expect(page.locator("[data-autosave-status]")).to_contain_text("已被他人修改")
    page.get_by_role("button", name="保存", exact=True).click()
    expect(page.get_by_text("请对照两份文字")).to_be_visible()
    expect(page.locator("#theirs")).to_have_value("另一窗口的文字")
    expect(page.get_by_label("正文").nth(1)).to_have_value("这一窗口的文字")
    assert _kept().body == "另一窗口的文字"
    page.get_by_role("button", name="用我的文字保存").click()
    expect(page.get_by_text("已保存。")).to_be_visible()
    assert _kept().body == "这一窗口的文字"


def test_a_paper_is_written_without_script(
    app: APIFlask, world: World, serve: Serve, chromium: Browser
) -> None:
    clerk = sign_in(app, world.people["province-clerk"])
    address = served(app, serve)
    context = chromium.new_context(java_script_enabled=False)
    context.add_cookies(cookie(clerk, address))  # type: ignore[arg-type]
    page = context.new_page()
    page.goto(f"{address}/bulletins/drafts/new")
    page.get_by_label("标题").fill("关于专项检查的通知")
    page.get_by_label("正文").fill("请**认真**落实。")
    page.get_by_role("button", name="预览").click()
    expect(page.locator(".preview-body strong")).to_have_text("认真")
    page.locator("summary", has_text="单个机构").first.click()
    page.locator("#f-to_agencies").get_by_label("长安区市场监督管理局").check()
    page.get_by_role("button", name="保存").click()
    expect(page.get_by_text("将发给 1 个机构。")).to_be_visible()
    page.get_by_role("button", name="送签").click()
    expect(page.get_by_text("已送签，等待签发。")).to_be_visible()
    context.close()
    assert _kept().state == "submitted"


def test_the_mark_of_an_unsigned_letter_stands_clear_of_its_flag(
    app: APIFlask, world: World, serve: Serve, page: Page
) -> None:
    letter = drafted(world, type="letter", title="关于商请提供数据的函")
    clerk = sign_in(app, world.people["province-clerk"])
    address = served(app, serve)
    page.context.add_cookies(cookie(clerk, address))  # type: ignore[arg-type]
    for width in (1366, 390):
        page.set_viewport_size({"width": width, "height": 800})
        page.goto(f"{address}/bulletins/{letter.id}/official")
        mark, flag = (page.locator(f".official-{part}").bounding_box() for part in ("mark", "flag"))
        assert mark
        assert flag
        assert mark["y"] + mark["height"] <= flag["y"] + 1
