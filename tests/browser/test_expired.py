"""Who signs in again beside a form that came too late sends it with one press."""

from apiflask import APIFlask
from playwright.sync_api import Page, expect
from sqlalchemy import select

from agencies.models import Person, SignIn
from config import clock
from config.database import db, writing
from tests.browser.conftest import Serve
from tests.browser.test_papers import cookie, served
from tests.worlds import World, sign_in


def test_one_press_sends_it_again(app: APIFlask, world: World, serve: Serve, page: Page) -> None:
    address = served(app, serve)
    system = world.people["system"]
    page.context.add_cookies(cookie(sign_in(app, system), address))  # type: ignore[arg-type]
    page.goto(f"{address}/people/new")
    page.get_by_label("用户名").fill("ouyang")
    page.get_by_label("姓名").fill("欧阳修")
    with writing():
        for row in db.session.scalars(select(SignIn)):
            row.ended_at = clock.now()
    page.locator("main form button[type=submit]").first.click()
    again = page.get_by_role("button", name="重新提交")
    expect(again).to_be_visible()
    again.click()
    expect(page.get_by_text("登录已过期").first).to_be_visible()
    page.context.add_cookies(cookie(sign_in(app, system), address))  # type: ignore[arg-type]
    again.click()
    expect(page.get_by_text("账号已建立")).to_be_visible()
    db.session.rollback()
    assert db.session.scalar(select(Person.name).where(Person.username == "ouyang")) == "欧阳修"
