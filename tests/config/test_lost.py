"""A form that came too late loses nothing: its words are shown again, to copy or to send again."""

import re
from collections.abc import Callable
from datetime import timedelta

import pytest
from apiflask import APIFlask
from flask.testing import FlaskClient
from sqlalchemy import select

from agencies.models import Person, SignIn
from agencies.states import AdminRole
from config import clock
from config.database import db, writing
from tests.agencies.test_sign_in import PASSWORD, attempt, set_password
from tests.bulletins.browsing import FETCH
from tests.worlds import World, add_person, csrf_of, sign_in

Browser = Callable[[int], FlaskClient]
HERE = {"Origin": "http://localhost"}
PAGE = "/people/new"
TYPED = {"name": "欧阳 <b>修</b>", "username": "ouyang", "mail": "o@example.com", "phone": ""}


@pytest.fixture
def browser(world: World, browser_of: Browser) -> FlaskClient:
    """The system administrator's browser."""
    return browser_of(world.people["system"])


def _end_sessions() -> None:
    with writing():
        for row in db.session.scalars(select(SignIn)):
            row.ended_at = clock.now()


def _run_out() -> None:
    """Let all sessions come to their end as they do by themselves."""
    with writing():
        for row in db.session.scalars(select(SignIn)):
            row.expires_at = clock.now() - timedelta(minutes=1)


def _exists(username: str) -> bool:
    query = select(Person.id).where(Person.username == username)
    return db.session.scalar(query) is not None


def _hidden(page: str) -> dict[str, str]:
    form = re.search(r'<form[^>]*class="inline-form".*?</form>', page, re.S)
    assert form, "nothing can be sent again"
    fields = re.findall(r'name="([^"]+)" value="([^"]*)"', form[0])
    return {name: value.replace("&lt;", "<").replace("&gt;", ">") for name, value in fields}


def test_a_session_that_ended_while_typing(
    app: APIFlask, browser: FlaskClient, world: World
) -> None:
    token = csrf_of(browser.get(PAGE).text)
    _end_sessions()
    answer = browser.post(PAGE, data={"csrf_token": token, **TYPED}, headers=HERE)
    assert answer.status_code == 401
    assert "欧阳 &lt;b&gt;修&lt;/b&gt;" in answer.text
    assert "<b>修" not in answer.text
    assert not _exists("ouyang")

    # The reader signs in beside it: that browser has a new session, and sends the form again.
    other = sign_in(app, world.people["system"])
    cookie = other.get_cookie("session")
    assert cookie is not None
    browser.set_cookie("session", cookie.value)
    again = browser.post(PAGE, data=_hidden(answer.text), headers=HERE)
    assert again.status_code == 400
    assert "重新提交" in again.text
    last = browser.post(PAGE, data=_hidden(again.text), headers=HERE)
    assert last.status_code == 303
    assert (
        db.session.scalar(select(Person.name).where(Person.username == "ouyang")) == TYPED["name"]
    )


def _sent_too_late(browser: FlaskClient, world: World, end: Callable[[], None]) -> str:
    """The page that a form leads to when the session has come to an ``end`` meanwhile."""
    with writing():
        world.people["second"] = add_person("second", "第二人", AdminRole.SYSTEM).id
    for name in ("system", "second"):
        set_password(world, name)
    token = csrf_of(browser.get(PAGE).text)
    end()
    answer = browser.post(PAGE, data={"csrf_token": token, **TYPED}, headers=HERE)
    assert answer.status_code == 401
    return answer.text


def test_who_signs_in_again_sends_it_with_one_press(browser: FlaskClient, world: World) -> None:
    page = _sent_too_late(browser, world, _run_out)
    assert attempt(browser, "system", PASSWORD) == 303
    assert browser.post(PAGE, data=_hidden(page), headers=HERE).status_code == 303
    assert _exists("ouyang")


@pytest.mark.parametrize(
    ("end", "username"), [(_run_out, "second"), (_end_sessions, "system")], ids=["other", "ended"]
)
def test_what_another_typed_or_in_a_session_that_was_ended_is_looked_at_first(
    browser: FlaskClient, world: World, end: Callable[[], None], username: str
) -> None:
    page = _sent_too_late(browser, world, end)
    assert attempt(browser, username, PASSWORD) == 303
    assert browser.post(PAGE, data=_hidden(page), headers=HERE).status_code == 400
    assert not _exists("ouyang")


def test_what_was_chosen_is_sent_again_and_not_shown_as_code_words(browser: FlaskClient) -> None:
    token = csrf_of(browser.get(PAGE).text)
    _end_sessions()
    sent = {"csrf_token": token, **TYPED, "kind": "notice", "to_levels": "city", "agency": "7"}
    page = browser.post(PAGE, data=sent, headers=HERE).text
    assert _hidden(page).items() >= {("kind", "notice"), ("to_levels", "city")}
    shown = page.rpartition("您填写的内容")[2]
    assert "欧阳" in shown
    assert "to_levels" not in shown
    assert "notice" not in shown


def test_a_token_of_an_older_session(browser: FlaskClient) -> None:
    browser.get(PAGE)
    answer = browser.post(PAGE, data={"csrf_token": "old", **TYPED}, headers=HERE)
    assert answer.status_code == 400
    assert browser.post(PAGE, data=_hidden(answer.text), headers=HERE).status_code == 303
    assert _exists("ouyang")


def test_a_strangers_form_is_not_offered_again(browser: FlaskClient) -> None:
    strangers: list[dict[str, str]] = [
        {},
        {"Origin": "https://evil.example"},
        {"Referer": "http://localhost.evil/"},
    ]
    for headers in strangers:
        answer = browser.post(PAGE, data=TYPED, headers=headers)
        assert answer.status_code == 400
        assert "重新提交" not in answer.text
        assert "欧阳" in answer.text


def test_passwords_are_never_shown_again(browser: FlaskClient) -> None:
    fields = {
        "current_password": "old secret words",
        "password": "new secret words",
        "password_again": "new secret words",
    }
    answer = browser.post("/account/password", data=fields, headers=HERE)
    assert answer.status_code == 400
    assert "secret words" not in answer.text
    assert "重新提交" not in answer.text


def test_a_script_is_told_in_json(browser: FlaskClient) -> None:
    headers = {**HERE, "X-Requested-With": "fetch"}
    answer = browser.post(PAGE, data=TYPED, headers=headers)
    assert (answer.status_code, answer.json and answer.json["code"]) == (400, "csrf")
    token = csrf_of(browser.get(PAGE).text)
    _end_sessions()
    answer = browser.post(PAGE, data={"csrf_token": token, **TYPED}, headers=headers)
    assert (answer.status_code, answer.json and answer.json["code"]) == (401, "not_signed_in")


def test_what_is_too_large_is_said_to_be(browser: FlaskClient) -> None:
    answer = browser.post(PAGE, data={"name": "x" * 5_000_000}, headers=HERE)
    assert answer.status_code == 413
    assert "这次提交了 4.8 MB，每次最多 4 MB。" in answer.text
    assert "后退" in answer.text
    assert "xxx" not in answer.text
    told = browser.post(PAGE, data={"name": "x" * 5_000_000}, headers={**HERE, **FETCH})
    assert told.status_code == 413
    assert "4.8 MB" in str(told.json)
    file = "multipart/form-data; boundary=x"
    answer = browser.post(PAGE, data=b"x" * 5_000_000, content_type=file, headers=HERE)
    assert "文件压缩" in answer.text


def test_nobody_gets_the_hint_without_a_form(client: FlaskClient, app: APIFlask) -> None:
    answer = client.post("/account/contacts", data={})
    assert answer.status_code == 401
    assert "请登录后再做一次" in answer.text
