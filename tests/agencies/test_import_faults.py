"""Every wrong line of a file, however many there are, without importing or keeping the file."""

import csv
from collections.abc import Callable
from io import BytesIO
from pathlib import Path

from flask.testing import FlaskClient
from sqlalchemy import func, select
from werkzeug.test import TestResponse

from agencies.models import Agency
from config.database import db
from tests.agencies.browsing import send, text_of
from tests.agencies.test_import import FILE, HEAD
from tests.agencies.test_tokens import Api, api, key_of
from tests.worlds import World

__all__ = ["api"]

Browser = Callable[[int], FlaskClient]


def _files(folder: Path) -> set[Path]:
    """All files there, but for those of the database itself."""
    return {path for path in folder.rglob("*") if "sqlite3" not in path.name}


def test_every_wrong_line_is_given_as_a_file(
    world: World, browser_of: Browser, tmp_path: Path
) -> None:
    browser = browser_of(world.people["system"])

    def upload(data: bytes, to: str = "/faults.csv", name: str = "a.csv") -> TestResponse:
        file = (BytesIO(data), name)
        answer = send(browser, "/agencies/import", f"/agencies/import{to}", file=file)
        answer.request.environ["wsgi.input"].close()
        return answer

    wrong = [f"W{number},坏,city,77" for number in range(5000)]
    data = "\n".join(["code,name,level,parent_code", *wrong, ",无码,city,"]).encode()
    before = _files(tmp_path)
    page = upload(data, "")
    assert page.status_code == 422
    assert len(page.data) < 60_000
    assert "有 5001 处错误" in text_of(page)
    answer = upload(data)
    assert (answer.status_code, answer.mimetype) == (200, "text/csv")
    assert "attachment" in answer.headers["Content-Disposition"]
    rows = list(csv.reader(answer.data.decode("utf-8-sig").splitlines()))
    assert rows[0] == ["行号", "原因"]
    assert rows[1:] == [
        *([str(number), "找不到上级 77。"] for number in range(2, 5002)),
        ["5002", "编码为空，或不是 1 到 32 个字母、数字、点和横线。"],
    ]
    assert upload(b"PK\x03\x04").data.count(b"\r\n") == 2  # a fault of the file as a whole
    assert _files(tmp_path) == before
    fine = upload(FILE.encode())
    assert (fine.status_code, fine.location) == (303, "/agencies/import")
    assert "没有发现错误，可以导入" in text_of(browser.get("/agencies/import"))
    assert db.session.scalar(select(func.count()).where(Agency.code == "130101")) == 0
    assert upload(b"", name="").status_code == 422


def test_the_api_checks_without_importing(world: World, api: Api) -> None:
    key = key_of(world, "system")

    def check(text: str) -> object:
        files = {"file": (BytesIO(text.encode()), "a.csv")}
        status, said = api(key, "POST", "/agencies/import/check", data=files)
        assert status == 200
        return said["faults"]

    assert check(f"{HEAD}\n5,坏,city,77,,,,\n") == [{"line": 2, "reason": "找不到上级 77。"}]
    assert check(FILE) == []
    assert db.session.scalar(select(func.count()).where(Agency.code == "130101")) == 0
