"""Deadlines that come near or pass: journalled once each, by the schedule."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from alembic import command
from apiflask import APIFlask
from sqlalchemy import func, select

from agencies.models import Agency
from agencies.ports import ENTRY_WORDS
from config import migrating
from config.database import db, writing
from config.journal import Entry
from coordination import services
from coordination.inputs import CancelInput, SendBackInput, SubmissionInput
from coordination.models import Assignment
from coordination.services import passing, tell_deadlines
from coordination.states import Told
from tests.bulletins.queries import counted
from tests.coordination.tasks import given, grow, part_of, submitted
from tests.worlds import World

MONDAY = datetime(2026, 3, 2, 4, tzinfo=UTC)  # noon in Shanghai


@pytest.fixture(autouse=True)
def clock() -> Iterator[time_machine.Traveller]:
    with time_machine.travel(MONDAY, tick=False) as moved:
        yield moved


def told() -> list[tuple[str, int]]:
    """What the journal tells of deadlines: the kind, and of how many assignments."""
    db.session.rollback()
    kinds = ("task.due_soon", "task.overdue")
    rows = db.session.scalars(select(Entry).where(Entry.kind.in_(kinds)).order_by(Entry.id))
    return [(row.kind, len(row.facts["assignments"])) for row in rows]  # type: ignore[arg-type]


def test_near_and_overdue_are_each_told_once(world: World, clock: time_machine.Traveller) -> None:
    task = given(world, "province-clerk", "county", "sibling", days=5)  # Monday in a week
    assert tell_deadlines() == 0
    clock.move_to(MONDAY.replace(day=3, hour=15, minute=59))
    assert tell_deadlines() == 0
    clock.move_to(MONDAY.replace(day=3, hour=16))  # Wednesday has begun in Shanghai
    assert (tell_deadlines(), tell_deadlines()) == (2, 0)
    clock.move_to(datetime(2026, 3, 9, 16, tzinfo=UTC))  # Monday is over at this very moment
    assert tell_deadlines() == 0
    clock.shift(timedelta(seconds=1))
    assert (tell_deadlines(), tell_deadlines()) == (2, 0)
    assert told() == [("task.due_soon", 2), ("task.overdue", 2)]
    entry = db.session.scalars(select(Entry).where(Entry.kind == "task.overdue")).one()
    assert (entry.subject_kind, entry.subject_id) == ("task", task.id)
    assert entry.facts["assignments"] == [
        part_of(task, world, name).id for name in ("county", "sibling")
    ]


def test_whoever_was_given_little_time_was_told_so_by_that(
    world: World, clock: time_machine.Traveller
) -> None:
    given(world, days=3)
    assert tell_deadlines() == 0
    clock.move_to(MONDAY.replace(day=6))
    assert tell_deadlines() == 1
    assert told() == [("task.overdue", 1)]


def test_after_an_outage_over_both_only_the_later_is_told(
    world: World, clock: time_machine.Traveller
) -> None:
    given(world, days=10)
    clock.shift(timedelta(days=40))
    assert tell_deadlines() == 1
    assert told() == [("task.overdue", 1)]


def test_what_is_handed_in_closed_or_cancelled_is_not_told(
    world: World, clock: time_machine.Traveller
) -> None:
    submitted(given(world, days=10), world)
    closed = submitted(given(world, days=10), world)
    services.close(world.actor("province-clerk"), closed.id)
    dropped = given(world, days=10)
    services.cancel(world.actor("province-clerk"), dropped.id, CancelInput(reason="停"))
    clock.shift(timedelta(days=40))
    assert tell_deadlines() == 0


def test_a_new_deadline_passes_anew_and_an_old_one_does_not(
    world: World, clock: time_machine.Traveller
) -> None:
    row = part_of(given(world, days=10), world)
    judge, clerk = world.actor("province-clerk"), world.actor("county-clerk")
    clock.shift(timedelta(days=40))
    assert tell_deadlines() == 1
    services.accept(clerk, row.id)
    services.submit(clerk, row.id, SubmissionInput(text="好"))
    services.send_back(judge, row.id, SendBackInput(text="补"))
    assert tell_deadlines() == 0
    services.submit(clerk, row.id, SubmissionInput(text="好"))
    services.send_back(judge, row.id, SendBackInput(text="再补", days=5))
    assert tell_deadlines() == 0
    clock.shift(timedelta(days=4))
    assert tell_deadlines() == 1
    clock.shift(timedelta(days=10))
    assert tell_deadlines() == 1
    assert told() == [("task.overdue", 1), ("task.due_soon", 1), ("task.overdue", 1)]


def test_each_agency_counts_its_own_days(world: World, clock: time_machine.Traveller) -> None:
    """The end of Monday in Shanghai is Tuesday's first hour in Tokyo."""
    with writing():
        db.session.get_one(Agency, world.agencies["county"]).timezone = "Asia/Tokyo"
    task = given(world, "province-clerk", "county", "sibling", days=5)

    def known() -> list[str]:
        tell_deadlines()
        return [part_of(task, world, name).told for name in ("county", "sibling")]

    clock.move_to(MONDAY.replace(day=3, hour=15, minute=59))  # Wednesday in Tokyo alone
    assert known() == [Told.NOTHING, Told.NOTHING]
    clock.move_to(MONDAY.replace(day=3, hour=16))
    assert known() == [Told.NOTHING, Told.NEAR]
    clock.move_to(MONDAY.replace(day=4, hour=15))
    assert known() == [Told.NEAR, Told.NEAR]


def test_many_are_told_in_few_statements_and_entries(
    world: World, clock: time_machine.Traveller, monkeypatch: pytest.MonkeyPatch
) -> None:
    grow(world, 60)
    monkeypatch.setattr(passing, "BATCH", 25)
    given(world, to_agencies=[], to_levels=["county"], days=10)
    clock.shift(timedelta(days=40))
    total = db.session.scalar(select(func.count(Assignment.id))) or 0
    assert total > 60
    with counted() as seen:
        assert tell_deadlines() == total
    assert [count for _kind, count in told()] == [25, 25, total - 50]
    assert len([one for one in seen if one.startswith(("INSERT", "UPDATE"))]) == 6
    with counted() as seen:
        assert tell_deadlines() == 0
    assert not [one for one in seen if one.startswith(("INSERT", "UPDATE", "BEGIN IMMEDIATE"))]


def test_the_auditor_reads_both_in_words() -> None:
    assert str(ENTRY_WORDS["task.due_soon"]) == "任务临近期限"
    assert str(ENTRY_WORDS["task.overdue"]) == "任务逾期"


def test_what_was_late_or_near_before_the_upgrade_is_not_told(
    app: APIFlask, world: World, clock: time_machine.Traveller
) -> None:
    tasks = [given(world, title=str(days), days=days) for days in (1, 5, 15)]
    late, near, far = (part_of(task, world).id for task in tasks)
    waiting = submitted(given(world, days=2), world).id
    clock.move_to(datetime(2026, 3, 5, 17, tzinfo=UTC))
    db.session.remove()
    with db.engine.connect() as connection, migrating.unchecked(connection):
        config = migrating.alembic_config()
        config.attributes["connection"] = connection
        command.downgrade(config, "0032")
        migrating.upgrade(connection)
    rows = [db.session.get_one(Assignment, one) for one in (late, near, far)]
    assert [row.told for row in rows] == [Told.LATE, Told.NEAR, Told.NOTHING]
    assert tell_deadlines() == 0
    services.send_back(world.actor("province-clerk"), waiting, SendBackInput(text="补"))
    assert tell_deadlines() == 0
    clock.shift(timedelta(days=40))
    assert tell_deadlines() == 2
