"""The bell: what an agency was told of, counted anew for each person, cheap to ask."""

import re
from collections.abc import Callable
from datetime import timedelta

import pytest
import time_machine
from flask.testing import FlaskClient
from sqlalchemy import select

from agencies.models import Agency
from bulletins import services as bulletins
from bulletins.decisions import VoidInput
from bulletins.questions.inputs import AnswerInput, QuestionInput
from bulletins.questions.states import QuestionKind
from bulletins.services import askers, questions
from bulletins.states import Urgency, Waiting
from config.database import db, writing
from config.journal import Entry
from coordination import services as tasks
from coordination.inputs import CancelInput, SendBackInput
from notifications.models import Alert, AlertCursor
from notifications.services import alerts
from tests.bulletins.papers import published, receipt_of
from tests.bulletins.papers import submitted as submitted_paper
from tests.coordination.tasks import given, part_of, submitted
from tests.notifications.hours import handle
from tests.worlds import World

Browsers = Callable[[int], FlaskClient]


def rung(world: World) -> list[tuple[str, str]]:
    """Every alert, as the agency's name in the small province and its kind."""
    handle()
    names = {number: name for name, number in world.agencies.items()}
    rows = db.session.execute(select(Alert.agency_id, Alert.kind).order_by(Alert.id))
    return [(names[row.agency_id], row.kind) for row in rows]


def count_of(browser: FlaskClient) -> int:
    """How many alerts the page is told when it asks."""
    told = browser.get("/alerts/count").json
    assert told is not None
    return int(told["count"])


BELOW = {"city", "other_city", "county", "sibling", "other_county", "enterprise"}


@pytest.mark.parametrize("urgency", [Urgency.URGENT, Urgency.FLASH])
def test_an_urgent_paper_rings_in_every_agency_that_got_it(world: World, urgency: Urgency) -> None:
    published(world, urgency=urgency)
    assert sorted(rung(world)) == sorted((name, "urgent") for name in BELOW)


def test_an_ordinary_paper_does_not_ring(world: World) -> None:
    published(world)
    assert rung(world) == []


def test_a_reminder_rings_in_those_that_are_reminded(world: World) -> None:
    paper = published(world)
    for name in BELOW - {"county"}:
        bulletins.acknowledge(world.actor(f"{name}-clerk"), receipt_of(world, name, paper).id)
    bulletins.remind(world.actor("province-clerk"), paper.id, Waiting.UNACKNOWLEDGED)
    assert rung(world) == [("county", "reminder")]


def test_what_is_void_rings_wherever_it_went(world: World) -> None:
    paper = published(world)
    bulletins.void(world.actor("province-approver"), paper.id, VoidInput(reason="有误"))
    assert sorted(rung(world)) == sorted((name, "ended") for name in BELOW)


def test_who_issued_a_paper_with_its_host_hears_that_it_is_over(
    world: World, browser_of: Browsers
) -> None:
    paper = submitted_paper(world, "city", joint_agencies=[world.agencies["other_city"]])
    bulletins.cosign(world.actor("other_city-approver"), paper.id)
    bulletins.sign(world.actor("city-approver"), paper.id)
    bulletins.void(world.actor("city-approver"), paper.id, VoidInput(reason="有误"))
    told = rung(world)
    assert told.count(("other_city", "ended")) == 1
    assert ("city", "ended") not in told  # the host itself ended it
    partner = browser_of(world.people["other_city-clerk"])
    assert count_of(partner) == 1
    assert f'href="/joint/{paper.id}"' in partner.get("/alerts").text
    assert "已撤销" in partner.get(f"/joint/{paper.id}").text


def test_each_step_of_a_task_rings_on_the_other_side(world: World) -> None:
    row = submitted(given(world), world)
    judge = world.actor("province-clerk")
    tasks.send_back(judge, row.id, SendBackInput(text="请补充。"))
    submitted_again = part_of(row.task, world)
    assert submitted_again.id == row.id
    tasks.cancel(judge, row.task_id, CancelInput(reason="政策调整。"))
    assert rung(world) == [
        ("county", "task"),
        ("province", "submitted"),
        ("county", "sent_back"),
        ("county", "cancelled"),
    ]


def test_a_deadline_rings_when_it_is_near_and_when_it_has_passed(
    world: World, browser_of: Browsers, clock: time_machine.Traveller
) -> None:
    task = given(world, "province-clerk", "county", "sibling", days=10)
    submitted(task, world, "sibling")
    for days in (12, 40):
        clock.shift(timedelta(days=days))
        tasks.tell_deadlines()
        handle()
    assert [one for one in rung(world) if one[1] not in ("task", "submitted")] == [
        ("county", "due_soon"),
        ("county", "overdue"),
        ("province", "overdue_below"),
    ]
    page = browser_of(world.people["county-clerk"]).get("/alerts").text
    assert page.count(f'href="/tasks/{part_of(task, world).id}"') == 3
    issuer = browser_of(world.people["province-clerk"])
    page = issuer.get("/alerts").text
    assert "下级任务逾期" in page
    overdue = re.search(r'href="(/tasks/issued/[^"]*)"', page)
    assert overdue
    shown = issuer.get(overdue[1]).text
    assert db.session.get_one(Agency, world.agencies["county"]).name in shown


def test_who_answered_before_the_bell_is_rung_is_left_in_peace(
    world: World, clock: time_machine.Traveller
) -> None:
    task = given(world, days=10)
    clock.shift(timedelta(days=40))
    tasks.tell_deadlines()
    submitted(task, world)
    assert [kind for _agency, kind in rung(world)] == ["task", "submitted"]


def test_each_side_of_a_task_sees_the_other_one_named(world: World, browser_of: Browsers) -> None:
    submitted(given(world), world)
    handle()
    for clerk, other in (("county-clerk", "province"), ("province-clerk", "county")):
        name = db.session.get_one(Agency, world.agencies[other]).name
        page = browser_of(world.people[clerk]).get("/alerts").text
        assert re.findall('data-label="来自" class="keep">(.*?)<', page) == [name]


def test_a_question_rings_at_the_issuer_and_its_answer_with_whoever_asked(world: World) -> None:
    paper = published(world)
    asked = [
        questions.ask(
            world.actor(f"{name}-clerk"),
            paper.id,
            QuestionInput(kind=QuestionKind.QUESTION, text="期限可否延长？"),
        )
        for name in ("city", "county", "sibling")
    ]
    public = QuestionInput(kind=QuestionKind.QUESTION, text="可否分批？", for_all=True)
    asked.append(questions.ask(world.actor("county-clerk"), paper.id, public))
    for name in ("sibling", "other_city"):
        askers.join_question(world.actor(f"{name}-clerk"), asked[-1].id)
    said = AnswerInput(questions=[one.id for one in asked[1:]], text="不能。")
    questions.answer(world.actor("province-clerk"), paper.id, said)
    assert rung(world) == [
        ("province", "question"),
        ("province", "question"),
        ("province", "question"),
        ("province", "question"),
        ("other_city", "answer"),
        ("county", "answer"),
        ("sibling", "answer"),
    ]


def test_whoever_asked_too_hears_that_a_question_was_withdrawn(world: World) -> None:
    said = QuestionInput(kind=QuestionKind.QUESTION, text="可否分批？", for_all=True)
    question = questions.ask(world.actor("county-clerk"), published(world).id, said)
    askers.join_question(world.actor("sibling-clerk"), question.id)
    questions.withdraw_question(world.actor("county-clerk"), question.id)
    assert rung(world) == [("province", "question"), ("sibling", "withdrawn")]


def test_what_is_handled_twice_rings_once(world: World) -> None:
    published(world, urgency=Urgency.URGENT)
    before = rung(world)
    entry = db.session.scalars(select(Alert.entry_id).limit(1)).one()
    with writing():
        alerts.of_arrival(db.session.get_one(Entry, entry))
    assert rung(world) == before


def test_the_count_is_each_persons_own_and_goes_when_they_look(
    world: World, browser_of: Browsers
) -> None:
    published(world, urgency=Urgency.URGENT, title="关于汛期安全的紧急通知")
    handle()
    clerk = browser_of(world.people["county-clerk"])
    reader = browser_of(world.people["county-reader"])
    assert clerk.get("/alerts/count").json == {
        "count": 1,
        "text": "1",
        "words": "有 1 条新提醒",
    }
    page = clerk.get("/alerts").text
    receipt_id = db.session.scalars(
        select(Alert.receipt_id).where(Alert.agency_id == world.agencies["county"])
    ).one()
    assert "关于汛期安全的紧急通知" in page
    assert f'href="/inbox/{receipt_id}"' in page
    assert 'class="fresh"' in page
    assert 'class="fresh"' not in clerk.get("/alerts").text
    assert count_of(clerk) == 0
    assert count_of(reader) == 1


def test_seen_never_goes_back(world: World) -> None:
    actor = world.actor("county-clerk")
    for upto in (7, 3):
        alerts.see(actor, upto)
    assert db.session.scalars(select(AlertCursor.seen)).all() == [7]


def test_an_administrator_has_no_bell(world: World, browser_of: Browsers) -> None:
    browser = browser_of(world.people["system"])
    assert "data-bell" not in browser.get("/").text
    assert browser.get("/alerts/count").status_code == 403
