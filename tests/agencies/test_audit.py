"""The auditor's page: what everybody did, found by filter, and whether the record is whole."""

from collections.abc import Callable
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from apiflask import APIFlask
from flask.testing import FlaskClient
from sqlalchemy import event, text

from agencies.actors import console
from agencies.records import RecordFilter, records
from agencies.services import people
from config import settling
from config.database import db, writing
from tests.agencies.browsing import press, text_of
from tests.worlds import World

Browser = Callable[[int], FlaskClient]


@pytest.fixture
def auditor(world: World, browser_of: Browser) -> FlaskClient:
    """The auditor's browser."""
    return browser_of(world.people["audit"])


def test_entries_are_found_by_what_by_whom_where_and_when(
    world: World, auditor: FlaskClient
) -> None:
    people.rename(world.actor("system"), world.people["county-clerk"], "新")

    def found(**query: object) -> str:
        page = auditor.get("/journal", query_string=query)
        assert page.status_code == 200
        return text_of(page)

    assert "person.renamed" in found()
    assert "person.renamed" in found(kind="person.renamed")
    assert "seat.taken" not in found(kind="person.renamed")
    subject = world.people["county-clerk"]
    assert "person.renamed" in found(subject_kind="person", subject_id=subject)
    assert "person.renamed" not in found(subject_kind="person", subject_id=subject + 1)
    assert "person.renamed" in found(username="SYSTEM")
    assert "person.renamed" not in found(username="audit")
    assert "seat.taken" in found(agency="130102")
    assert "没有符合条件" in found(agency="999")
    assert "没有符合条件" in found(until_day="2000-01-01")
    assert "person.renamed" in found(from_day="2000-01-01", until_day="9999-12-31")
    assert "admin system" in found(kind="person.renamed")


@pytest.mark.parametrize(
    ("wanted", "index"),
    [
        ({"username": "audit"}, "ix_journal_person"),
        ({"from_day": "2000-01-01", "until_day": "2000-01-02"}, "ix_journal_at"),
    ],
)
def test_people_and_days_are_found_by_index(
    app: APIFlask, world: World, wanted: dict[str, str], index: str
) -> None:
    asked: list[tuple[str, Any]] = []

    def note(_connection: object, _cursor: object, sql: str, values: Any, *_rest: object) -> None:
        asked.append((sql, values))

    db.session.rollback()
    if db.engine.name == "postgresql":  # so few rows are read as a whole otherwise
        db.session.execute(text("SET LOCAL enable_seqscan = off"))
        db.session.execute(text("SET LOCAL enable_bitmapscan = off"))
        db.session.execute(text("SET LOCAL enable_sort = off"))
    event.listen(db.engine, "before_cursor_execute", note)
    with app.test_request_context("/journal"):
        records(RecordFilter.model_validate(wanted), ZoneInfo("Asia/Shanghai"))
        event.remove(db.engine, "before_cursor_execute", note)
    sql, values = asked[-1]
    explain = "EXPLAIN " if db.engine.name == "postgresql" else "EXPLAIN QUERY PLAN "
    plan = db.session.connection().exec_driver_sql(explain + sql, values).all()
    assert index in str(plan)


def test_a_wrong_filter_is_said_to_be_wrong(auditor: FlaskClient) -> None:
    for wrong in ("from_day=x", "subject_id=x", "subject_id=-1", f"subject_id={2**64}"):
        page = auditor.get(f"/journal?{wrong}")
        assert page.status_code == 422
    assert auditor.get("/journal?after=x").status_code == 400


def test_the_chain_is_checked_and_a_change_is_named(world: World, auditor: FlaskClient) -> None:
    assert "全部完整" in text_of(press(auditor, "/journal/verify"))
    settling.settle_all()
    for spoilt in ("{}", "rubbish", '["kind"]'):
        with writing():
            change = text("UPDATE journal SET body = :body WHERE position = 3")
            db.session.execute(change, {"body": spoilt})
        assert "position 3 was altered" in text_of(press(auditor, "/journal/verify"))


def test_only_the_auditor_reads_the_journal(world: World, browser_of: Browser) -> None:
    for name in ("system", "security", "province-approver"):
        browser = browser_of(world.people[name])
        assert browser.get("/journal").status_code == 403
        assert press(browser, "/journal/verify").status_code == 403


def test_what_the_operator_does_has_no_person(world: World, auditor: FlaskClient) -> None:
    people.rename(console(), world.people["county-clerk"], "新")
    assert "admin" not in text_of(auditor.get("/journal?kind=person.renamed")).split("详情")[1]
