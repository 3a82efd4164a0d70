"""Requests that no page of ours would send: never a failure of the server, always said in words."""

import gzip
import io
import json
import re
from collections.abc import Iterator
from dataclasses import replace
from itertools import cycle
from urllib.parse import quote

import pytest
import time_machine
from werkzeug.test import TestResponse

from tests.security.conftest import TESTED_AT
from tests.security.house import House
from tests.security.queries import HOSTILE_VALUES, MARKS, QUERIES, RESERVED
from tests.security.tables import TABLE
from tests.security.tables.rows import Row

CHINESE = re.compile(r"[\u4e00-\u9fff]")
WORDS = ("%00", "%ff", "..%2f..%2fetc%2fpasswd", "x" * 3000)
NUMBERS = ("9" * 19, "9" * 5000, "-1", "١")
FORMS = [row for row in TABLE if not row.is_api and row.method == "POST"]
OPERATIONS = [row for row in TABLE if row.is_api]
NAMING = [row for row in TABLE if re.fullmatch(r"[^?]*{\w+}[^{]*", row.path)]
WORDED = (
    *("invitation", "special_day", "unsubscribe", "confirming", "join", "report", "returned"),
)
SAMPLE = ("/sign-in", "/agencies/import", "/bulletins/drafts/new", "/tasks/new", "/recipients/new")
FILES = ("/attachments", "/questions", "/answers")
"""How the addresses of forms end that take files, and with them hundreds of megabytes."""
URLENCODED = "application/x-www-form-urlencoded"
DEEP = 10_000

BODIES = {
    "nothing": b"",
    "half": b'{"title": "',
    "no JSON": "标题".encode(),
    "a list": b"[]",
    "a number": b"5",
    "a word": b'"title"',
    "deep lists": b"[" * DEEP + b"]" * DEEP,
    "deep objects": b'{"a":' * DEEP + b"1" + b"}" * DEEP,
    "a deep field": b'{"title":' + b"[" * DEEP + b"]" * DEEP + b"}",
    "broken UTF-8": b'{"title": "\xff\xfe"}',
    "a long number": b'{"percent": ' + b"9" * 5000 + b"}",
    "packed": gzip.compress(b"{}"),
}


def caller(row: Row) -> str:
    """Somebody who may, so that what is hostile is looked at and not only turned away."""
    some = [one for one in ("clerk", *row.who) if one in row.who]
    return next((one for one in some if row.but.get(one, 200) < 400), some[0])


def address(house: House, row: Row) -> str:
    """The row's address with a thing that is there for its caller."""
    relation = next((one for one in ("own", "mine") if one in row.sees), None)
    return house.path(row, caller(row), relation if row.thing else None)


def _told(response: TestResponse) -> bool:
    """Whether a refusal says what is the matter, in Chinese."""
    if not 400 <= response.status_code < 500:
        return False
    said = response.get_json()["message"] if response.is_json else response.text
    return bool(CHINESE.search(said))


def _lead_nowhere(house: House, row: Row) -> None:
    """NUL, broken UTF-8, numbers that no column holds: there is no such page."""
    head, _, tail = row.path.rpartition(f"{{{row.thing}}}")
    for word in (*WORDS, *NUMBERS):
        path = house.filled(head, caller(row)) + word + tail
        response = house.call(caller(row), row.method, path)
        # 405 where a page for reading has the same address
        assert response.status_code in (404, 405), f"{word[:30]}: {response.status_code}"
        assert _told(response)
    assert not house.keeper.changed()


@pytest.mark.parametrize("row", NAMING, ids=str)
def test_paths(quick_house: House, row: Row) -> None:
    _lead_nowhere(quick_house, row)


@pytest.mark.parametrize("row", [row for row in NAMING if row.thing in WORDED], ids=str)
def test_paths_with_words_on_postgresql(postgresql_house: House, row: Row) -> None:
    """Words are looked up where numbers are refused by the address."""
    postgresql_house.keeper.restore()  # other tests write on the same server
    with time_machine.travel(TESTED_AT):
        _lead_nowhere(postgresql_house, row)


@pytest.mark.parametrize("word", WORDS)
def test_files(quick_house: House, word: str) -> None:
    for folder in ("/static/", "/bootstrap/static/", "/static/../", "/"):
        assert quick_house.call("anonymous", "GET", folder + word).status_code == 404


@pytest.mark.parametrize("path", QUERIES)
def test_queries(house: House, path: str) -> None:
    """What is in the address after the question mark is anybody's."""
    row = next(row for row in TABLE if row.method == "GET" and row.path.partition("?")[0] == path)
    clean = address(house, replace(row, path=path))
    wrong = []
    for name in QUERIES[path]:
        for value in HOSTILE_VALUES if name not in ("after", "before") else MARKS:
            response = house.call(caller(row), "GET", f"{clean}?{name}={value}")
            if response.status_code >= 400 and not _told(response):
                wrong.append(f"{name}={value[:40]}: {response.status_code}")
    assert not wrong, "\n".join(wrong)
    house.keeper.restore()


@pytest.mark.parametrize("name", RESERVED)
@pytest.mark.parametrize(
    ("role", "path"), [("system", "/people"), ("system", "/api/v1/people?limit=1"), ("clerk", "/")]
)
def test_queries_never_reach_into_our_own_addresses(
    quick_house: House, role: str, path: str, name: str
) -> None:
    """Links to the next page carry the query on; nothing of it may lead elsewhere."""
    mark = "&" if "?" in path else "?"
    for value in ("javascript", "1", "evil.example"):
        response = quick_house.call(role, "GET", f"{path}{mark}{name}={value}")
        assert response.status_code == 200
        for link in re.findall(r'(?:href|action)="([^"]*)"', response.text):
            assert re.match(r"/(?![/\\])|\?|#|$", link), link


def _operations_document(house: House) -> Iterator[tuple[Row, list[str]]]:
    """Each operation of the API with the names that its document says its query has."""
    paths = house.call("anonymous", "GET", "/api/openapi.json").get_json()["paths"]
    for row in OPERATIONS:
        plain = re.sub(r"{\w+}", "{}", row.path.partition("?")[0])
        for path, operations in paths.items():
            operation = operations.get(row.method.lower())
            if operation and re.sub(r"{\w+}", "{}", path) == plain:
                some = operation.get("parameters", [])
                yield row, [one["name"] for one in some if one["in"] == "query"]


def test_queries_of_the_api(quick_house: House) -> None:
    house, wrong = quick_house, []
    for row, names in _operations_document(house):
        path = address(house, row).partition("?")[0]
        for name in names:
            for value in HOSTILE_VALUES if name != "after" else MARKS:
                response = house.call(caller(row), row.method, f"{path}?{name}={value}")
                if response.status_code >= 400 and not _told(response):
                    wrong.append(f"{row} {name}={value[:40]}: {response.status_code}")
        house.keeper.restore()
    assert not wrong, "\n".join(wrong)


@pytest.mark.parametrize("row", [row for row in OPERATIONS if row.json is not None], ids=str)
def test_json(quick_house: House, row: Row) -> None:
    path, wrong = address(quick_house, row), []
    kinds = cycle(("application/json", "application/json; charset=utf-16", "text/plain", ""))
    for (name, body), kind in zip(BODIES.items(), kinds, strict=False):
        response = quick_house.call(caller(row), row.method, path, data=body, content_type=kind)
        if not (response.is_json and _told(response)):
            wrong.append(f"{name}: {response.status_code} {response.text[:100]}")
    assert not quick_house.keeper.changed()
    assert not wrong, "\n".join(wrong)


def _send(house: House, row: Row, kind: str, body: bytes) -> None:
    response = house.call(caller(row), "POST", address(house, row), data=body, content_type=kind)
    assert response.status_code < 500, f"{kind} {body[:30]!r}"
    house.keeper.restore()


@pytest.mark.parametrize("row", FORMS, ids=str)
def test_forms_of_a_strange_kind(quick_house: House, row: Row) -> None:
    """Not a form at all, or one of half characters."""
    _send(quick_house, row, "application/json", json.dumps({"title": "a"}).encode())
    _send(quick_house, row, URLENCODED, b"title=%ff%fe&body=%80&%ff=%ff&=")


@pytest.mark.parametrize("row", [row for row in FORMS if row.path in SAMPLE], ids=str)
def test_broken_forms(quick_house: House, row: Row) -> None:
    """Thousands of fields, other alphabets, parts without beginning or end."""
    multipart = "multipart/form-data"
    for kind, body in (
        (URLENCODED, b"&".join(b"title=%d" % n for n in range(20_000))),
        (f"{URLENCODED}; charset=utf-16", b"title=a"),
        (multipart, b"--x\r\n"),
        (f"{multipart}; boundary=x", b"--x\r\nContent-Disposition: form-data; name="),
        (f"{multipart}; boundary=x", b"--x\r\n\r\n\r\n--x--"),
        (f"{multipart}; boundary=" + "x" * 500, b"--x"),
    ):
        _send(quick_house, row, kind, body)


@pytest.mark.parametrize(
    "row", [row for row in FORMS if row.form and not row.path.endswith(FILES)], ids=str
)
def test_too_large(quick_house: House, row: Row) -> None:
    """More than is read at all: a page says so, and nothing was written."""
    size = 33 * 2**20 if row.path.startswith("/agencies/import") else 5 * 2**20
    response = quick_house.call(
        caller(row),
        "POST",
        address(quick_house, row),
        data=io.BytesIO(b"title=" + b"a" * size),
        content_type=URLENCODED,
    )
    assert response.status_code == 413
    assert "太大" in response.text
    assert not quick_house.keeper.changed()


@pytest.mark.parametrize("path", ["/", "/inbox", "/sign-in", "/api/v1/receipts", "/nowhere"])
@pytest.mark.parametrize("role", ["anonymous", "clerk"])
def test_too_large_json(quick_house: House, role: str, path: str) -> None:
    """Wherever it is sent, and whoever sends it: it is refused, and fails nowhere."""
    response = quick_house.call(
        role,
        "POST",
        path,
        data=io.BytesIO(b'["' + b"a" * (5 * 2**20) + b'"]'),
        content_type="application/json",
    )
    assert 400 <= response.status_code < 500
    assert not quick_house.keeper.changed()


@pytest.mark.parametrize("method", ["PUT", "TRACE"])
def test_methods(quick_house: House, method: str) -> None:
    adapter = quick_house.app.url_map.bind("localhost")
    for row in TABLE:
        path = address(quick_house, row)
        if method not in adapter.allowed_methods(path.partition("?")[0]):
            response = quick_house.call(caller(row), method, path)
            assert response.status_code == 405, str(row)
            assert response.headers["Allow"]
            assert _told(response)


@pytest.mark.parametrize("host", ["", "a b", "<script>", "[::1", "evil.example", "x" * 5000, "a:b"])
def test_hosts(quick_house: House, host: str) -> None:
    for path in ("/", "/sign-in", "/static/app.css", "/api/v1/me", "/settings/digests/mail"):
        response = quick_house.call("clerk", "GET", path, headers={"Host": host})
        assert response.status_code < 500


def test_origins_and_referers(quick_house: House) -> None:
    """They are read where a form came too late."""
    for word in ("http://[", "http://[::1", "//", "\xff", "null", "javascript:alert(1)"):
        for scheme in ("http", "https"):
            response = quick_house.call(
                "clerk",
                "POST",
                "/bulletins/drafts/new",
                data={"title": "通知"},
                headers={"Origin": word, "Referer": word, "X-CSRFToken": ""},
                base_url=f"{scheme}://localhost",
            )
            assert response.status_code == 400
            assert "通知" in response.text
            assert f'href="{quote(word)}' not in response.text
