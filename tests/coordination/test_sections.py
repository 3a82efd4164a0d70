"""What digests tell of tasks, to whom, and once."""

from datetime import UTC, datetime

import pytest
import time_machine

from agencies.models import Agency
from config import journal, settling
from config.database import db, writing
from config.journal import Entry
from config.sections import Span
from coordination import sections, services
from coordination.inputs import CancelInput, SendBackInput, SubmissionInput
from tests.bulletins.queries import counted
from tests.coordination.tasks import given, grow, part_of, submitted
from tests.worlds import World

FRIDAY = datetime(2026, 3, 6, 4, tzinfo=UTC)


def _span() -> Span:
    """Everything that was settled since the last time."""
    after = journal.head()
    settling.settle_all()
    return Span(after, journal.head())


@pytest.fixture(autouse=True)
def _settled(world: World) -> None:
    settling.settle_all()


def test_near_and_overdue_are_told_as_they_stand(world: World) -> None:
    with time_machine.travel(FRIDAY, tick=False):
        for title, days in (("三天", 3), ("四天", 4), ("一天", 1)):
            given(world, title=title, days=days)
    ids = [world.agencies["county"], world.agencies["sibling"]]
    with time_machine.travel(FRIDAY, tick=False):
        told = sections.due(ids, Span(0, 0))
    assert set(told) == {world.agencies["county"]}
    part = told[world.agencies["county"]]
    assert [(item.text, item.urgent) for item in part.items] == [("一天", False), ("三天", False)]
    assert part.items[0].remark == "2026-03-09 到期"
    with time_machine.travel(FRIDAY.replace(day=10), tick=False):
        part = sections.due(ids, Span(0, 0))[world.agencies["county"]]
    assert part.total == 3
    assert part.items[0].urgent
    assert part.items[0].remark == "已逾期，期限 2026-03-09"


def test_what_waits_for_judgement_or_is_over_is_not_due(world: World) -> None:
    task = given(world, days=1)
    row = submitted(task, world)
    county = world.agencies["county"]
    assert county not in sections.due([county], Span(0, 0))
    services.send_back(world.actor("province-clerk"), row.id, SendBackInput(text="补"))
    assert sections.due([county], Span(0, 0))[county].items[0].path == f"/tasks/{row.id}"
    services.submit(world.actor("county-clerk"), row.id, SubmissionInput(text="好"))
    services.close(world.actor("province-clerk"), row.id)
    assert county not in sections.due([county], Span(0, 0))


def test_news_are_told_in_their_own_span_only(world: World) -> None:
    county, sibling = world.agencies["county"], world.agencies["sibling"]
    first = given(world, title="甲")
    span_one = _span()
    given(world, "province-clerk", "county", "sibling", title="乙")
    span_two = _span()
    assert [item.text for item in sections.news([county], span_one)[county].items] == ["甲"]
    told = sections.news([county, sibling], span_two)
    assert {agency: [item.text for item in part.items] for agency, part in told.items()} == {
        county: ["乙"],
        sibling: ["乙"],
    }
    assert not sections.news([county], _span())
    services.cancel(world.actor("province-clerk"), first.id, CancelInput(reason="停"))
    part = sections.news([county], _span())[county]
    assert [(item.text, item.remark) for item in part.items] == [("甲", "已取消")]


def test_given_and_cancelled_in_one_span_is_no_news(world: World) -> None:
    task = given(world)
    services.cancel(world.actor("province-clerk"), task.id, CancelInput(reason="停"))
    assert not sections.news([world.agencies["county"]], _span())


@pytest.mark.parametrize("closed", [False, True])
def test_what_was_given_and_done_in_one_span_is_no_news(world: World, closed: bool) -> None:
    row = submitted(given(world), world)
    if closed:
        services.close(world.actor("province-clerk"), row.id)
    assert not sections.news([world.agencies["county"]], _span())


def test_sent_back_is_news_until_it_is_handed_in_again(world: World) -> None:
    county = world.agencies["county"]
    row = submitted(given(world), world)
    _span()
    services.send_back(world.actor("province-clerk"), row.id, SendBackInput(text="补"))
    span = _span()
    assert sections.news([county], span)[county].items[0].remark.startswith("退回重办")
    services.submit(world.actor("county-clerk"), row.id, SubmissionInput(text="好"))
    assert not sections.news([county], span)


def test_a_task_for_many_is_told_once_though_its_entries_fall_into_two_spans(
    world: World,
) -> None:
    grow(world, 600)
    given(world, to_agencies=[], to_levels=["county"])
    span = _span()
    entries = db.session.scalars(
        db.select(Entry).where(Entry.kind == "task.assigned").order_by(Entry.position)
    ).all()
    assert len(entries) == 2
    assert all(entry.position is not None for entry in entries)
    cut = entries[0].position or 0
    agency_ids = [world.agencies["county"], world.agencies["enterprise"]]
    early = sections.news(agency_ids, Span(span.after, cut))
    late = sections.news(agency_ids, Span(cut, span.upto))
    assert set(early) == set(agency_ids)
    assert not late


def test_answers_wait_for_the_issuer_by_task(world: World) -> None:
    task = given(world, "province-clerk", "county", "sibling")
    submitted(task, world, "county")
    submitted(task, world, "sibling")
    given(world, "city-clerk", "county")
    ids = [world.agencies["province"], world.agencies["city"]]
    told = sections.answers(ids, Span(0, 0))
    assert set(told) == {world.agencies["province"]}
    part = told[world.agencies["province"]]
    assert (part.total, len(part.items)) == (1, 1)
    assert part.items[0].remark == "2 家已报送，待审核"
    assert part.items[0].path == f"/tasks/issued/{task.id}?state=submitted"


def test_a_few_items_stand_for_many(world: World) -> None:
    county = world.agencies["county"]
    for number in range(7):
        given(world, title=f"任务{number}", days=1)
    span = _span()
    for part in (sections.due([county], span)[county], sections.news([county], span)[county]):
        assert (part.total, len(part.items)) == (7, 5)


def test_any_number_of_agencies_is_one_question(world: World) -> None:
    given(world, to_agencies=[], to_levels=["county", "city"], days=1)
    submitted(given(world), world)
    span = _span()
    for compose in (sections.due, sections.news, sections.answers, sections.overdue):
        with counted() as one:
            compose([world.agencies["county"]], span)
        with counted() as all_of_them:
            compose(list(world.agencies.values()), span)
        limit = 4 if compose is sections.due else 1  # the calendar and the zones are asked too
        assert len(one) == len(all_of_them) <= limit


def test_an_issuer_is_told_which_of_its_tasks_are_overdue_below(world: World) -> None:
    with time_machine.travel(FRIDAY, tick=False):
        task = given(world, "province-clerk", "county", "sibling", "other_county", days=1)
        answered = part_of(task, world, "other_county")
        given(world, "city-clerk", "county", days=9)
    ids = [world.agencies[name] for name in ("province", "city", "county")]
    with time_machine.travel(FRIDAY, tick=False):
        assert not sections.overdue(ids, Span(0, 0))
    with time_machine.travel(FRIDAY.replace(day=12), tick=False):
        services.accept(world.actor("other_county-clerk"), answered.id)
        services.submit(world.actor("other_county-clerk"), answered.id, SubmissionInput(text="好"))
        told = sections.overdue(ids, Span(0, 0))
    assert set(told) == {world.agencies["province"]}
    part = told[world.agencies["province"]]
    assert (part.total, len(part.items)) == (1, 1)
    assert part.items[0].remark == "2 家逾期未报送"
    assert part.items[0].path == f"/tasks/issued/{task.id}?state=overdue"
    services.cancel(world.actor("province-clerk"), task.id, CancelInput(reason="停"))
    with time_machine.travel(FRIDAY.replace(day=12), tick=False):
        assert not sections.overdue(ids, Span(0, 0))


def test_of_many_overdue_tasks_the_first_few_are_listed(world: World) -> None:
    with time_machine.travel(FRIDAY, tick=False):
        for number in range(7):
            given(world, title=f"任务{number}", days=1)
    with time_machine.travel(FRIDAY.replace(day=12), tick=False):
        part = sections.overdue([world.agencies["province"]], Span(0, 0))[
            world.agencies["province"]
        ]
    assert (part.total, len(part.items)) == (7, 5)


def test_a_deadline_is_told_as_the_agency_counts_its_days(world: World) -> None:
    """Midnight at the end of Wednesday in Shanghai is Thursday already in Tokyo."""
    county, sibling = world.agencies["county"], world.agencies["sibling"]
    with writing():
        db.session.get_one(Agency, county).timezone = "Asia/Tokyo"
    with time_machine.travel(FRIDAY, tick=False):
        given(world, "province-clerk", "county", "sibling", days=3)
        told = sections.due([county, sibling], Span(0, 0))
    assert set(told) == {sibling}
    assert told[sibling].items[0].remark == "2026-03-11 到期"
    with time_machine.travel(FRIDAY.replace(day=9), tick=False):
        told = sections.due([county, sibling], Span(0, 0))
    assert told[county].items[0].remark == "2026-03-12 到期"
    assert told[sibling].items[0].remark == "2026-03-11 到期"
