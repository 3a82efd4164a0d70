"""Cookies and tokens that are old, copied, forged or somebody else's; where a page leads onward."""

import html
import re
from datetime import timedelta
from urllib.parse import quote, urljoin, urlsplit

import pytest
import time_machine
from itsdangerous import URLSafeTimedSerializer
from werkzeug.test import TestResponse

from agencies.actors import COOKIE_KEY
from config import clock
from tests.security.conftest import TESTED_AT
from tests.security.house import Caller, House, cookie_of
from tests.security.persons import PASSWORD
from tests.security.tables import TABLE
from tests.security.tables.rows import Row
from tests.security.test_hostile_requests import address, caller

RETURNED = "/notifications/returned/{returned}"
UNSUBSCRIBING = "/unsubscribe/{unsubscribe}"
"""One click in a mail program has no cookie and no token (RFC 8058); the address is signed."""

CALLBACKS = "/notifications/sms/"
"""Clouds call these; their secret word is their token, and a form is not what clouds send."""

FORMS = [row for row in TABLE if not row.is_api and row.method == "POST"]
DRAFT = "/bulletins/drafts/new"
TYPED = {"title": "关于<检查>的通知", "body": "各单位：\n\n请**认真**落实。", "urgency": "urgent"}


def _kept(response: TestResponse) -> bool:
    page = html.unescape(response.text)
    return all(words in page for words in (TYPED["title"], TYPED["body"]))


@pytest.mark.parametrize("row", FORMS, ids=str)
def test_every_form_wants_its_token(quick_house: House, row: Row) -> None:
    """None, an old one, somebody else's, rubbish: nothing is done, and a page says so."""
    house, role = quick_house, caller(row)
    path = address(house, row)
    stranger = house.callers["duty" if role != "duty" else "clerk"].csrf
    _cookie, old = cookie_of(house.app, {})
    for token in ("", "x", old, stranger, stranger + "x", "ü" * 10):
        headers = {"X-CSRFToken": token.encode().decode("latin-1")}
        response = house.call(role, "POST", path, headers=headers, data={"csrf_token": token})
        if (
            row.path == RETURNED
        ):  # a mail server brings back what came: its secret path is its token
            assert response.status_code == 204
        elif row.path == UNSUBSCRIBING:
            assert response.status_code == 200
        elif row.path.startswith(CALLBACKS):
            assert response.status_code == 404
            assert not house.keeper.changed()
        else:
            assert response.status_code == (401 if role == "anonymous" else 400)
            assert "没有保存" in response.text
            assert not house.keeper.changed()


def test_a_form_without_token_keeps_what_was_typed(quick_house: House) -> None:
    headers = {"X-CSRFToken": ""}
    response = quick_house.call("clerk", "POST", DRAFT, headers=headers, data=TYPED)
    assert response.status_code == 400
    assert _kept(response)


def test_a_strangers_form_is_not_offered_to_be_sent_again(quick_house: House) -> None:
    """Another site's form must not get our reader to send it with a click on our own page."""
    for origin in ("https://evil.example", "null", ""):
        headers = {"X-CSRFToken": "", "Origin": origin, "Referer": origin}
        response = quick_house.call("clerk", "POST", DRAFT, headers=headers, data=TYPED)
        assert _kept(response)
        assert f'action="{DRAFT}"' not in response.text


def _end_session(house: House, role: str) -> None:
    assert house.call(role, "POST", "/sign-out").status_code == 303


@pytest.mark.parametrize("way", ["signed out", "expired"])
def test_a_session_that_ended_while_typing(house: House, way: str) -> None:
    """What was typed stands on the page that asks to sign in; a password never does."""
    if way == "signed out":
        _end_session(house, "clerk")
    with time_machine.travel(TESTED_AT + timedelta(hours=1 if way == "signed out" else 24 * 370)):
        response = house.call("clerk", "POST", DRAFT, data={**TYPED, "password": "geheim"})
    assert response.status_code == 401
    assert _kept(response)
    assert "geheim" not in response.text


def test_autosaving_after_the_session_ended(quick_house: House) -> None:
    """The page's script is told in JSON, so that it keeps the words in the browser."""
    _end_session(quick_house, "clerk")
    headers = {"X-Requested-With": "fetch"}
    response = quick_house.call(
        "clerk", "POST", "/bulletins/drafts/autosave", headers=headers, data=TYPED
    )
    assert (response.status_code, response.json["code"]) == (401, "not_signed_in")  # type: ignore[index]


def test_a_cookie_copied_before_sign_out_is_dead(house: House) -> None:
    assert house.call("clerk", "GET", "/inbox").status_code == 200
    _end_session(house, "clerk")
    assert house.call("clerk", "GET", "/inbox").location == "/sign-in?next=/inbox"
    assert house.call("clerk", "POST", "/bulletins/preview", data=TYPED).status_code == 401


@pytest.mark.parametrize(
    ("role", "path"),
    [
        ("system", "/people/{self}/deactivate"),
        ("security", "/people/{self}/lock"),
        ("security", "/people/{self}/end-sign-ins"),
    ],
)
def test_an_administrator_ends_sessions_at_once(quick_house: House, role: str, path: str) -> None:
    house = quick_house
    assert house.call(role, "POST", house.filled(path, "clerk")).status_code == 303
    assert house.call("clerk", "GET", "/inbox").status_code == 302


def test_another_password_ends_the_other_sessions(quick_house: House) -> None:
    house = quick_house
    signed_in = house.client.post(
        "/sign-in",
        data={"username": "county-clerk", "password": PASSWORD},
        headers=_headers(house.callers["anonymous"]),
    )
    cookie = re.search("session=([^;]+)", signed_in.headers["Set-Cookie"])
    assert cookie
    assert house.client.get("/inbox", headers={"Cookie": cookie[0]}).status_code == 200
    new = "荷塘月色-清华园-1927"
    form = {"current_password": PASSWORD, "password": new, "password_again": new}
    assert house.call("clerk", "POST", "/account/password", data=form).status_code == 303
    assert house.call("clerk", "GET", "/inbox").status_code == 200
    assert house.client.get("/inbox", headers={"Cookie": cookie[0]}).status_code == 302


def _headers(caller: Caller) -> dict[str, str]:
    return {"Cookie": f"session={caller.cookie}", "X-CSRFToken": caller.csrf}


def test_cookies_that_we_never_gave(house: House) -> None:
    """Forged, garbled, of another key, holding what no session of ours holds."""
    good = house.callers["clerk"].cookie
    other_key = URLSafeTimedSerializer("another key", salt="cookie-session")
    contents: list[object] = ["", "x", 5, None, ["security-clerk"], {"a": 1}, "\0", "a" * 3000]
    cookies = [
        "x",
        "",
        "..",
        "ü",
        "\xff\xfe",
        "%00",
        "a" * 9000,
        good[:-1],
        good[:-20] + "A" * 20,
        other_key.dumps({COOKIE_KEY: "security-clerk"}),
        *(cookie_of(house.app, {COOKIE_KEY: content})[0] for content in contents),
    ]
    for cookie in cookies:
        response = house.client.get("/inbox", headers={"Cookie": f"session={cookie}"})
        assert response.location == "/sign-in?next=/inbox", cookie[:50]
    for language in ("fr", "", 5, ["zh"], {"zh": 1}, "../zh"):
        content = {COOKIE_KEY: "security-clerk", "language": language}
        cookie, _csrf = cookie_of(house.app, content)
        response = house.client.get("/inbox", headers={"Cookie": f"session={cookie}"})
        assert response.status_code == 200, language
        assert '<html lang="zh' in response.text, language


def test_keys_that_we_never_gave(house: House) -> None:
    good = house.callers["clerk"].key
    for word in ("", "x", good[:-1], good + "x", good.upper(), "\xff" * 40, "a" * 9000, "ct_"):
        for scheme in ("Bearer", "Basic", ""):
            headers = {"Authorization": f"{scheme} {word}"}
            response = house.client.get("/api/v1/me", headers=headers)
            assert response.status_code == 401, word[:50]


@pytest.mark.parametrize("language", ["fr", "", "ZH", "zh-CN", "../en", "\0", "en\r\nX-Evil: 1"])
def test_unknown_languages(quick_house: House, language: str) -> None:
    response = quick_house.call("anonymous", "GET", f"/language?lang={quote(language)}&next=/help")
    assert response.location == "/help"
    assert "X-Evil" not in response.headers
    assert "language" not in response.headers.get("Set-Cookie", "")
    form = {"language": language}
    refused = quick_house.call("clerk", "POST", "/account/language", data=form)
    assert refused.status_code == 422


ELSEWHERE = (
    "https://evil.example/",
    "//evil.example",
    "///evil.example",
    "/\\evil.example",
    "\\\\evil.example",
    "/\t/evil.example",
    "/\n/evil.example",
    "\t//evil.example",
    " //evil.example",
    "/ /evil.example",
    "http:evil.example",
    "https:/evil.example",
    "javascript:alert(1)",
    "data:text/html,x",
    "//evil.example@localhost/",
    "/%5cevil.example\r\nLocation: https://evil.example",
    "/\u2028/evil.example",
    "evil.example",
    "/" + "a" * 5000,
)


def _leads_here(location: str) -> bool:
    """Whether a browser that reads blanks and backslashes as it does stays on this site."""
    read = re.sub(r"[\t\r\n]", "", location).strip().replace("\\", "/")
    target = urlsplit(urljoin("https://ours.example/sign-in", read))
    return (target.scheme, target.netloc) == ("https", "ours.example")


@pytest.mark.parametrize("elsewhere", ELSEWHERE, ids=ascii)
def test_nothing_leads_elsewhere(quick_house: House, elsewhere: str) -> None:
    word = quote(elsewhere, safe="")
    form = {"username": "county-clerk", "password": PASSWORD, "next": elsewhere}
    for response in (
        quick_house.call("clerk", "GET", f"/sign-in?next={word}"),
        quick_house.call("clerk", "GET", f"/language?lang=en&next={word}"),
        quick_house.call("anonymous", "POST", "/sign-in", data=form),
        quick_house.call("anonymous", "POST", f"/sign-in?next={word}", data=form),
        quick_house.call("anonymous", "GET", f"/inbox?next={word}"),
    ):
        assert response.location
        assert _leads_here(response.location), response.location
    page = quick_house.call("anonymous", "GET", f"/sign-in?next={word}").text
    for link in re.findall(r'(?:href|action)="([^"]*)"', page):
        assert _leads_here(html.unescape(link)), link


def test_a_way_onward_is_kept(quick_house: House) -> None:
    """The rules against leading elsewhere leave our own pages alone."""
    form = {"username": "county-clerk", "password": PASSWORD, "next": "/inbox?show=unopened"}
    response = quick_house.call("anonymous", "POST", "/sign-in", data=form)
    assert response.location == "/inbox?show=unopened"
    assert clock.now() > TESTED_AT
