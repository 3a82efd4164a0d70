"""Refusals in the form that whoever called can read: programs by address, people as pages."""

import pytest
from flask.testing import FlaskClient

from tests.conftest import CALLBACK_WORD
from tests.worlds import World

SMS = f"/notifications/sms/{CALLBACK_WORD}"
LARGE = b"[" + b" " * 600_000 + b"]"
JSON, TEXT, PAGE = "application/json", "text/plain", "text/html"


@pytest.mark.parametrize(
    ("method", "path", "body", "status", "form"),
    [
        ("POST", f"{SMS}/aliyun/reports", LARGE, 413, JSON),
        ("POST", f"{SMS}/tencent/replies", LARGE, 413, JSON),
        ("POST", f"{SMS}/aliyun/reports", b"no list", 404, JSON),
        ("POST", f"{SMS}/nobody/reports", b"[]", 404, JSON),
        ("POST", "/notifications/sms/wrong/aliyun/reports", b"[]", 404, JSON),
        ("GET", f"{SMS}/aliyun/reports", b"", 405, JSON),
        ("POST", f"{SMS}/aliyun/nothing", b"[]", 404, JSON),
        ("GET", "/notifications/sms/wrong/kannel/replies?from=1&text=1", b"", 404, TEXT),
        ("GET", "/notifications/kannel/wrong?type=1", b"", 404, TEXT),
        ("POST", "/notifications/kannel/wrong", b"", 405, TEXT),
        ("POST", "/notifications/returned/wrong", b"From: x", 404, TEXT),
        ("GET", "/notifications/nothing%0Ahere", b"", 404, TEXT),
        ("GET", "/feeds/wrong.atom", b"", 404, TEXT),
        ("GET", "/api/v1/nothing", b"", 404, JSON),
        ("GET", "/api/v1/inbox", b"", 401, JSON),
        ("POST", "/healthz", b"", 405, JSON),
        ("POST", "/metrics", b"", 405, TEXT),
        ("GET", "/nothing", b"", 404, PAGE),
        ("GET", "/apis", b"", 404, PAGE),
        ("GET", "/feeds/1/revoke", b"", 405, PAGE),
    ],
)
def test_whoever_calls_can_read_why_it_was_refused(
    world: World, client: FlaskClient, method: str, path: str, body: bytes, status: int, form: str
) -> None:
    answer = client.open(path, method=method, data=body, content_type=JSON)
    assert (answer.status_code, answer.mimetype) == (status, form)
    if form != PAGE:
        assert "<" not in answer.text
    if form == JSON:
        assert answer.json
        assert answer.json["message"]
    if status == 413:
        assert "512 KB" in answer.text
