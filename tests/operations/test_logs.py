"""Logs: every line an event, with the request's id; nothing of anybody in them."""

import json

import pytest
from sqlalchemy import select, text

from app import create_app
from config import journal
from config.database import db, writing
from config.journal import Entry
from config.settings import Settings

SECRET = "13800001111-zhangsan-hunter2"


def _events(capsys: pytest.CaptureFixture[str]) -> list[dict[str, object]]:
    return [json.loads(line) for line in capsys.readouterr().err.splitlines()]


def _fails() -> str:
    password = SECRET
    db.session.execute(text("SELECT 1 WHERE :word = 'x'"), {"word": password})
    db.session.execute(text("SELECT nothing FROM nowhere WHERE x = :word"), {"word": password})
    return password


def _tells() -> str:
    with writing():
        journal.record("paper.published", subject=("paper", 1))
    return "told"


def test_a_request_keeps_its_id_in_logs_answer_and_journal(
    settings: Settings, capsys: pytest.CaptureFixture[str]
) -> None:
    app = create_app(settings)
    _tells.permission = None  # type: ignore[attr-defined]
    app.add_url_rule("/tells", view_func=_tells)
    answer = app.test_client().get(f"/tells?phone={SECRET}", headers={"User-Agent": SECRET})
    number = answer.headers["X-Request-Id"]
    events = _events(capsys)
    assert [event["request_id"] for event in events] == [number]
    assert events[0]["endpoint"] == "_tells"
    assert SECRET not in json.dumps(events)
    with app.app_context():
        entry = db.session.scalars(select(Entry)).one()
        assert json.loads(entry.body)["request"] == number
        db.session.remove()
        db.engine.dispose()


def test_a_failure_is_logged_without_values(
    settings: Settings, capsys: pytest.CaptureFixture[str]
) -> None:
    app = create_app(settings)
    _fails.permission = None  # type: ignore[attr-defined]
    app.add_url_rule("/fails", view_func=_fails)
    answer = app.test_client().get("/fails")
    assert answer.status_code in (500, 503)
    assert SECRET not in answer.text
    events = _events(capsys)
    assert {event["request_id"] for event in events} == {answer.headers["X-Request-Id"]}
    failure = next(event for event in events if "exception" in event)
    assert failure["level"] == "error"
    assert SECRET not in json.dumps(events, ensure_ascii=False)
    with app.app_context():
        db.engine.dispose()
