"""Reminding just those who wait; nobody twice within a day."""

from collections.abc import Callable
from datetime import timedelta

import pytest
import time_machine
from flask.testing import FlaskClient
from sqlalchemy import insert, select

from bulletins import services
from bulletins.models import Receipt
from bulletins.services.reminders import Reminded
from bulletins.states import Waiting
from config import clock
from config.database import db, writing
from config.errors import Conflict, DomainError, Forbidden, NotFound
from config.journal import Entry
from tests.bulletins.papers import drafted, more_agencies, published, receipt_of
from tests.worlds import World, csrf_of


def _reminded() -> list[list[int]]:
    entries = db.session.scalars(
        select(Entry).where(Entry.kind == "bulletin.reminded").order_by(Entry.id)
    )
    return [entry.facts["receipts"] for entry in entries]  # type: ignore[misc]


def test_just_those_who_wait_are_reminded_and_the_journal_names_them(world: World) -> None:
    bulletin = published(world)
    other = published(world)
    opened = receipt_of(world, "county", bulletin)
    services.open_receipt(world.actor("county-clerk"), opened.id)
    done = receipt_of(world, "city", bulletin)
    services.acknowledge(world.actor("city-clerk"), done.id)
    clerk = world.actor("province-clerk")
    assert services.remind(clerk, bulletin.id, Waiting.UNACKNOWLEDGED) == Reminded(5, 0)
    (named,) = _reminded()
    assert opened.id in named
    assert done.id not in named
    assert db.session.get_one(Receipt, done.id).reminded_at is None
    assert receipt_of(world, "county", other).reminded_at is None


def test_whoever_was_reminded_within_a_day_is_left_out(world: World) -> None:
    bulletin = published(world)
    services.acknowledge(world.actor("county-clerk"), receipt_of(world, "county", bulletin).id)
    clerk = world.actor("province-clerk")
    assert services.remind(clerk, bulletin.id, Waiting.UNACKNOWLEDGED) == Reminded(5, 0)
    assert services.remind(clerk, bulletin.id, Waiting.UNOPENED) == Reminded(1, 5)
    with pytest.raises(Conflict) as caught:
        services.remind(clerk, bulletin.id, Waiting.UNOPENED)
    assert "24 小时" in str(caught.value)
    with time_machine.travel(clock.now() + timedelta(hours=24, seconds=1)):
        assert services.remind(clerk, bulletin.id, Waiting.UNOPENED) == Reminded(6, 0)
    assert len(_reminded()) == 3


def test_nobody_left_to_remind(world: World) -> None:
    bulletin = published(world, needs_acknowledgement=False)
    with pytest.raises(Conflict) as caught:
        services.remind(world.actor("province-clerk"), bulletin.id, Waiting.UNACKNOWLEDGED)
    assert "没有需要提醒" in str(caught.value)
    with pytest.raises(Conflict):
        services.remind(world.actor("province-clerk"), drafted(world).id, Waiting.UNOPENED)
    assert _reminded() == []


def test_nobody_left_it_says_so_on_the_list(
    world: World, browser_of: Callable[[int], FlaskClient]
) -> None:
    paper = published(world)
    services.remind(world.actor("province-clerk"), paper.id, Waiting.UNOPENED)
    browser = browser_of(world.people["province-clerk"])
    here = f"/bulletins/{paper.id}/receipts/unopened"
    sent = {"csrf_token": csrf_of(browser.get(here).text), "which": "unopened"}
    answer = browser.post(f"/bulletins/{paper.id}/remind", data=sent)
    assert (answer.status_code, answer.headers["Location"]) == (302, here)
    assert "24 小时内都已催过" in browser.get(here).text


@pytest.mark.parametrize(
    ("name", "error"),
    [
        ("province-reader", Forbidden),
        ("city-clerk", NotFound),
        ("unrelated-clerk", NotFound),
        ("system", NotFound),
    ],
)
def test_only_the_issuers_working_seats_remind(
    world: World, name: str, error: type[DomainError]
) -> None:
    bulletin = published(world)
    with pytest.raises(error):
        services.remind(world.actor(name), bulletin.id, Waiting.UNOPENED)
    assert _reminded() == []


def test_an_entry_names_at_most_500_receipts(world: World) -> None:
    bulletin = published(world)
    template = receipt_of(world, "county", bulletin)
    rows = [
        {
            "bulletin_id": bulletin.id,
            "version": 1,
            "agency_id": agency_id,
            "part": template.part,
            "needs_acknowledgement": True,
            "sent_at": template.sent_at,
        }
        for agency_id in more_agencies(world.agencies["city"], 1_000)
    ]
    with writing():
        db.session.execute(insert(Receipt), rows)
    reminded = services.remind(world.actor("province-clerk"), bulletin.id, Waiting.UNOPENED)
    assert reminded.count == 1_006
    assert [len(named) for named in _reminded()] == [500, 500, 6]
