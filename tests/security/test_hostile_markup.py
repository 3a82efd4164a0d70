"""Markup that somebody types, wherever it is shown again: words like any other, never active."""

import csv
import io
import re
from html.parser import HTMLParser
from urllib.parse import urlsplit

import pytest
from sqlalchemy import update

from agencies.models import Agency, Person
from config.database import db, writing
from tests.security.fields import FIELDS
from tests.security.house import ROLES, House
from tests.security.tables import TABLE
from tests.security.test_hostile_requests import address, caller

LINKS = (
    "javascript:alert(1)",
    "JaVaScRiPt:alert(1)",
    "java\tscript:alert(1)",
    "java\nscript:alert(1)",
    "java&#10;script:alert(1)",
    "java&Tab;script:alert(1)",
    "&#106;avascript:alert(1)",
    "&#x6A;avascript&colon;alert(1)",
    "javascript&#58;alert(1)",
    "\x01javascript:alert(1)",
    " javascript:alert(1)",
    "\u3000javascript:alert(1)",
    "%6aavascript:alert(1)",
    "java%0ascript:alert(1)",
    "java\\script:alert(1)",
    "javascript://a.example/%0aalert(1)",
    "javascript:1",
    "feed:javascript:alert(1)",
    "view-source:javascript:alert(1)",
    "jar:javascript:alert(1)",
    "data:text/html,<script>alert(1)</script>",
    "data:text/html;base64,PHNjcmlwdD4=",
    "data:1",
    "vbscript:msgbox(1)",
    "file:///etc/passwd",
    "//evil.example/",
    "/\\evil.example/",
    "///evil.example/",
    "http:evil.example",
    "https:/evil.example",
    'https://a.example/"onmouseover="alert(1)',
    "https://a.example/'onmouseover='alert(1)",
    "https://a.example/><script>alert(1)</script>",
)
WORDS = (
    "[按此]({})",
    '[按此]({} "题")',
    "[按此](<{}>)",
    "![图]({})",
    "<{}>",
    "[按此]: {}\n\n[按此]",
    '<a href="{}">按此</a>',
    "[**[按此]({})**](https://a.example)",
)
BLOCKS = (
    "<script>alert(1)</script>",
    "<scr<script>ipt>alert(1)</scr</script>ipt>",
    "<img src=x onerror=alert(1)>",
    "<svg/onload=alert(1)>",
    "<div><div><iframe src=//a.example></iframe></div></div>",
    '<p style="position:fixed" onclick="x()">整页</p>',
    "<style>*{display:none}</style>",
    "<form action=//a.example><input name=password></form>",
    "<base href=//a.example>",
    "<meta http-equiv=refresh content=0;//a.example>",
    "<!--><script>alert(1)</script>-->",
    "<![CDATA[<script>alert(1)</script>]]>",
    "<?php ?><script>alert(1)</script>",
    "<math><mtext></form><form><mglyph><style></math><img src onerror=alert(1)>",
    "`<script>alert(1)</script>`",
    "```\n<script>alert(1)</script>\n```",
    "    <script>alert(1)</script>",
    "|<script>|\n|---|\n|<img src=x onerror=alert(1)>|",
    "<" * 5000,
    "<a>" * 2000,
    "&lt;script&gt;alert(1)&lt;/script&gt;",
    "<p/onclick=alert(1)>",
    "\ufeff<script>alert(1)</script>",
)
RENDERED = re.compile(
    r"p|br|hr|h[1-6]|[uo]l|li|blockquote|pre|code|em|strong|t[rhd]|a|t(able|head|body)"
)
SAFE_LINK = re.compile(r"(?:https?://|mailto:|tel:|/(?![/\\])|#)", re.IGNORECASE)


class Reader(HTMLParser):
    """Reads a page as a browser does, and keeps what is active or of a stranger's making."""

    def __init__(self, *, is_page: bool) -> None:
        super().__init__()
        self._is_page = is_page
        self.active: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag == "evil" or not (self._is_page or RENDERED.fullmatch(tag)):
            self.active.append(tag)
        if tag == "script" and not (dict(attrs).get("src") or "").startswith("/static/"):
            self.active.append("script")
        for name, value in attrs:
            self._read(tag, name, value or "")

    def _read(self, tag: str, name: str, value: str) -> None:
        if name.startswith("on") or name in ("style", "srcdoc"):
            self.active.append(f"{tag} {name}")
        if name in ("href", "src", "action", "formaction") and not self._is_safe(value):
            self.active.append(f"{tag} {name}={value}")

    def _is_safe(self, link: str) -> bool:
        own = self._is_page and (not link or link.startswith("?"))
        return bool(own or SAFE_LINK.match(link)) and urlsplit(link).scheme != "javascript"


def _active(page: str, *, is_page: bool = True) -> list[str]:
    reader = Reader(is_page=is_page)
    reader.feed(page)
    reader.close()
    return reader.active


@pytest.mark.parametrize("words", WORDS)
def test_links_lead_nowhere_active(quick_house: House, words: str) -> None:
    for link in LINKS:
        form = {"body": words.replace("{}", link)}
        page = quick_house.call("clerk", "POST", "/bulletins/preview", data=form)
        refused = page.status_code == 422  # for its control characters
        assert not _active(page.text, is_page=refused), page.text


def test_blocks_are_shown_as_they_stand(quick_house: House) -> None:
    for block in BLOCKS:
        page = quick_house.call("clerk", "POST", "/bulletins/preview", data={"body": block})
        assert not _active(page.text, is_page=False), block[:100]
    page = quick_house.call("clerk", "POST", "/bulletins/preview", data={"body": BLOCKS[0]})
    assert "&lt;script&gt;alert(1)" in page.text


EVIL = """"'><evil onload=x>{{7*7}}%s%(a)s{0}"""
"""What breaks out of an attribute, a template, and three ways to fill in words."""


def test_what_was_typed_is_only_words_on_every_page(quick_house: House) -> None:
    """Typed into every field that takes it, then every page is read by everybody."""
    house, typed = quick_house, 0
    for field in FIELDS:
        if not field.named and not field.row.is_api:
            row = field.row
            role, path = caller(row), address(house, row)
            form = house.filled(row.form or {}, role, "own") | {field.name: EVIL}
            typed += house.call(role, "POST", path, data=form).status_code < 400
    assert typed > 15
    with house.app.app_context(), writing():
        db.session.execute(update(Person).values(name=EVIL))
        db.session.execute(update(Agency).values(name=EVIL, contact_name=EVIL))
    wrong = []
    for row in TABLE:
        if row.method == "GET" and not row.is_api:
            for role in {row.who[0], row.who[-1], caller(row)}:
                page = house.call(role, "GET", address(house, row))
                if page.status_code >= 500:
                    wrong.append(f"{role} {row}: {page.status_code}")
                if page.mimetype == "text/html":
                    wrong += [f"{role} {row}: {one}" for one in _active(page.text)]
    assert not wrong, "\n".join(wrong)


FORMULAS = (
    "=1+1",
    "+1",
    "-1",
    "@SUM(A1)",
    "\t=1",
    "\r=1",
    "=cmd|' /C calc'!A0",
    "＝1+1",
    "＋1",
    "－1",
    "＠A",
)


@pytest.mark.parametrize(
    ("role", "path"),
    [("clerk", "/bulletins/{published}/receipts.csv"), ("system", "/agencies/export.csv")],
)
def test_tables_hold_no_formulas(quick_house: House, role: str, path: str) -> None:
    """A spreadsheet runs what begins like one."""
    house = quick_house
    for formula in FORMULAS:
        with house.app.app_context(), writing():
            db.session.execute(update(Person).values(name=formula))
            db.session.execute(update(Agency).values(name=formula, contact_name=formula))
        table = house.call(role, "GET", house.filled(path, role, "own"))
        text = table.data.decode("utf-8-sig")
        cells = [cell for line in csv.reader(io.StringIO(text)) for cell in line]
        assert any(formula.strip() in cell for cell in cells)
        assert not [cell for cell in cells if cell.startswith(tuple("=+-@\t\r＝＋－＠"))], formula
        assert re.fullmatch(r"attachment; filename=[\w.-]+", table.headers["Content-Disposition"])
        assert table.headers["X-Content-Type-Options"] == "nosniff"


def test_every_answer_carries_the_headers_that_keep_browsers_in_bounds(quick_house: House) -> None:
    for row in TABLE:
        for role in ROLES[:1] + ROLES[3:4]:
            response = quick_house.call(role, row.method, address(quick_house, row))
            policy = response.headers["Content-Security-Policy"]
            assert "unsafe-eval" not in policy
            assert "default-src 'self'" in policy or "default-src 'none'" in policy
            assert response.headers["X-Content-Type-Options"] == "nosniff"
            assert response.headers["X-Frame-Options"] in ("DENY", "SAMEORIGIN")
            if "static" not in row.path:
                assert response.headers["Cache-Control"] == "no-store", str(row)
    quick_house.keeper.restore()
