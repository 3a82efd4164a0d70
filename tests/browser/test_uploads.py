"""Files sent from a real browser: several at once, over a line that breaks, with progress."""

import re
from pathlib import Path

from apiflask import APIFlask
from playwright.sync_api import Page, Route, expect

from bulletins.queries import attachments as queries
from config.database import db
from tests.browser.conftest import Serve
from tests.browser.test_papers import cookie, served
from tests.bulletins.files import PDF, SVG, picture
from tests.bulletins.papers import drafted
from tests.worlds import World, sign_in

LARGE = b"name,count\n" * 150_000


def test_several_files_arrive_though_the_line_breaks_again_and_again(
    app: APIFlask, world: World, serve: Serve, page: Page, tmp_path: Path
) -> None:
    draft_id = drafted(world).id
    address = served(app, serve)
    clerk = sign_in(app, world.people["province-clerk"])
    page.context.add_cookies(cookie(clerk, address))  # type: ignore[arg-type]
    for name, content in (("数据.csv", LARGE), ("检查表.pdf", PDF), ("图.svg", SVG)):
        (tmp_path / name).write_bytes(content)
    asked: list[str] = []

    def breaking(route: Route) -> None:
        asked.append(route.request.url)
        if len(asked) % 2:
            route.abort("connectionreset")
        else:
            route.continue_()

    page.route(re.compile("/parts/"), breaking)
    page.goto(f"{address}/bulletins/drafts/{draft_id}")
    page.get_by_label("添加附件").set_input_files(sorted(tmp_path.glob("*.*")))
    listed = page.locator("#attachment-list")
    expect(listed.get_by_role("link", name="数据.csv")).to_be_visible(timeout=60_000)
    expect(listed.get_by_role("link", name="检查表.pdf")).to_be_visible()
    failed = page.locator(".upload-failed")
    expect(failed).to_have_count(1)
    expect(failed).to_contain_text("“图.svg”没有上传：不接受网页、SVG 和 XML 文件")
    db.session.rollback()
    sizes = {one.name: one.file.size for one in queries.working(draft_id)}
    assert sizes == {"数据.csv": len(LARGE), "检查表.pdf": len(PDF)}
    assert len(asked) > 6


def test_a_file_chosen_again_goes_on_where_it_broke_off(
    app: APIFlask, world: World, serve: Serve, page: Page, tmp_path: Path
) -> None:
    draft_id = drafted(world).id
    address = served(app, serve)
    clerk = sign_in(app, world.people["province-clerk"])
    page.context.add_cookies(cookie(clerk, address))  # type: ignore[arg-type]
    file = tmp_path / "数据.csv"
    file.write_bytes(LARGE)
    sent: list[int] = []

    def until_half(route: Route) -> None:
        start = int(route.request.url.rpartition("/")[2])
        if start > len(LARGE) // 4 and not sent:
            route.abort("connectionreset")
            return
        if sent:
            sent.append(start)
        route.continue_()

    page.route(re.compile("/parts/"), until_half)
    page.goto(f"{address}/bulletins/{draft_id}/attachments")
    page.get_by_label("添加附件").set_input_files(file)
    expect(page.get_by_text("网络中断，恢复后自动续传")).to_be_visible()
    page.reload()  # the browser was closed, the day is over
    expect(page.locator("#attachment-list")).to_contain_text("再选一次同一个文件即可续传")
    sent.append(-1)
    page.get_by_label("添加附件").set_input_files(file)
    expect(page.locator("#attachment-list").get_by_role("link", name="数据.csv")).to_be_visible()
    assert min(sent[1:]) > len(LARGE) // 4


def test_a_preview_shows_within_the_policy(
    app: APIFlask, world: World, serve: Serve, page: Page, tmp_path: Path
) -> None:
    draft_id = drafted(world).id
    address = served(app, serve)
    clerk = sign_in(app, world.people["province-clerk"])
    page.context.add_cookies(cookie(clerk, address))  # type: ignore[arg-type]
    (tmp_path / "图.png").write_bytes(picture("PNG", (300, 200)))
    page.goto(f"{address}/bulletins/{draft_id}/attachments")
    page.get_by_label("添加附件").set_input_files(tmp_path / "图.png")
    page.locator("#attachment-list").get_by_role("link", name="预览").click()
    shown = page.locator(".page-picture")
    expect(shown).to_be_visible()
    expect(shown).to_have_js_property("naturalWidth", 300)
