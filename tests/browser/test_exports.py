"""A table that the worker makes comes down by itself to whoever waits on its page, once."""

from apiflask import APIFlask
from playwright.sync_api import Page, expect
from sqlalchemy import func, select

from agencies.exports import making
from config.database import db
from config.journal import Entry
from tests.agencies.exporting import FAR, Numbers, numbers
from tests.browser.conftest import Serve
from tests.browser.test_papers import cookie, served
from tests.worlds import World, sign_in

__all__ = ["numbers"]


def test_it_is_downloaded_once_by_itself_and_no_more_when_the_page_is_opened_again(
    app: APIFlask, world: World, numbers: Numbers, serve: Serve, page: Page
) -> None:
    address = served(app, serve)
    clerk = sign_in(app, world.people["county-clerk"])
    page.context.add_cookies(cookie(clerk, address))  # type: ignore[arg-type]
    page.goto(f"{address}/exports/new?table=numbers&format=csv&upto={FAR}")
    page.get_by_role("button", name="生成 CSV 表格").click()
    expect(page.get_by_text("好了会自动开始下载")).to_be_visible()
    got: list[str] = []
    page.on("download", lambda one: got.append(one.suggested_filename))
    with page.expect_download() as waiting:
        assert making.make_waiting() == 1
    assert waiting.value.suggested_filename == "numbers.csv"
    link = page.get_by_role("link", name="下载 CSV 表格")
    expect(link).to_be_visible()
    page.reload()
    expect(link).to_be_visible()
    with page.expect_response(lambda answer: answer.url.endswith("/state")):
        pass
    db.session.rollback()
    fetched = select(func.count()).select_from(Entry).where(Entry.kind == "export.fetched")
    assert (db.session.scalar(fetched), len(got)) == (1, 1)
