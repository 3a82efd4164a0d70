"""Whom a task reaches, who leads, until when, on what ground."""

from datetime import UTC, date, datetime
from typing import Any

import pytest
import time_machine
from apiflask import APIFlask
from pydantic import ValidationError
from sqlalchemy import func, select

from agencies.models import Agency
from agencies.states import Level
from config.database import db, writing
from config.errors import Forbidden, Invalid, NotFound
from config.journal import Entry
from coordination import services
from coordination.inputs import AddressInput, TaskInput
from coordination.models import Assignment
from tests.bulletins.queries import counted
from tests.coordination.tasks import given, grow, parts
from tests.worlds import World

FRIDAY = datetime(2026, 3, 6, 4, tzinfo=UTC)


def test_each_agency_named_leads_its_own_part(world: World) -> None:
    task = given(world, "province-clerk", "city", "county", title="  燃气   安全排查 ")
    assert parts(task, world) == {"city": "lead", "county": "lead"}
    assert (task.title, task.body_html) == (
        "燃气 安全排查",
        "<p>请<strong>逐户</strong>排查。</p>",
    )


def test_one_leads_and_the_others_assist(world: World) -> None:
    ids = world.agencies
    task = given(
        world, "province-approver", "county", "sibling", leading="one", lead_id=ids["city"]
    )
    assert parts(task, world) == {"city": "lead", "county": "assisting", "sibling": "assisting"}
    alone = given(world, leading="one", lead_id=ids["county"])
    assert parts(alone, world) == {"county": "lead"}


@pytest.mark.parametrize(
    ("fields", "reached"),
    [
        (
            {"to_all": True},
            {"city", "other_city", "county", "sibling", "other_county", "enterprise"},
        ),
        ({"to_levels": ["city"]}, {"city", "other_city"}),
        (
            {"to_levels": ["county"], "to_kinds": ["bureau"]},
            {"county", "sibling", "other_county"},
        ),
        ({"to_kinds": ["enterprise"]}, {"enterprise"}),
    ],
)
def test_groups_are_reached_by_level_kind_and_place(
    world: World, fields: dict[str, Any], reached: set[str]
) -> None:
    task = given(world, to_agencies=[], **fields)
    assert set(parts(task, world)) == reached


def test_exceptions_are_left_out_and_a_subtree_can_be_named(world: World) -> None:
    ids = world.agencies
    task = given(world, to_agencies=[], to_subtrees=[ids["city"]], except_agencies=[ids["sibling"]])
    assert set(parts(task, world)) == {"city", "county"}


def test_an_ended_agency_gets_nothing(world: World) -> None:
    with writing():
        db.session.get_one(Agency, world.agencies["sibling"]).ended_on = date(2020, 1, 1)
    task = given(world, to_agencies=[], to_levels=["county"], to_kinds=["bureau"])
    assert set(parts(task, world)) == {"county", "other_county"}
    with pytest.raises(Invalid):
        given(world, "province-clerk", "sibling")


@pytest.mark.parametrize("stranger", ["province", "unrelated", "other_county", "city"])
def test_a_city_reaches_only_what_stands_below_it(world: World, stranger: str) -> None:
    with pytest.raises(Invalid) as refused:
        given(world, "city-clerk", "county", stranger)
    assert refused.value.errors == {"to_agencies": "有 1 个机构不在本机构之下，不能向其下达任务。"}
    assert not db.session.scalar(select(func.count()).select_from(Assignment))
    assert not db.session.scalar(select(func.count()).where(Entry.kind == "task.assigned"))


def test_the_count_before_sending_leaves_out_whoever_is_out_of_reach(world: World) -> None:
    ids = [world.agencies[name] for name in ("province", "unrelated", "city", "county")]
    counted_ahead = services.reached(world.actor("city-clerk"), AddressInput(to_agencies=ids))
    assert counted_ahead == {"lead": 1}


def test_forged_ids_are_refused_wherever_they_stand(world: World) -> None:
    for field in ("to_subtrees", "except_agencies", "to_agencies"):
        fields: dict[str, Any] = {"to_levels": ["county"], field: [2**62]}
        with pytest.raises(Invalid):
            given(world, **fields)
    with pytest.raises(Invalid):
        given(world, leading="one", lead_id=world.agencies["unrelated"])


def test_nobody_addressed_is_refused(world: World) -> None:
    nothing: list[dict[str, Any]] = [{}, {"to_levels": ["township"]}]
    for fields in nothing:
        with pytest.raises(Invalid) as refused:
            given(world, to_agencies=[], **fields)
        assert refused.value.errors == {"to_agencies": "请至少选择一个下级机构。"}


def test_one_must_lead(world: World) -> None:
    with pytest.raises(Invalid) as refused:
        given(world, leading="one")
    assert set(refused.value.errors) == {"lead_id"}


@pytest.mark.parametrize("kind", ["reader", "liaison", "duty"])
def test_only_clerks_and_approvers_give_tasks(world: World, kind: str) -> None:
    with pytest.raises(Forbidden):
        given(world, f"province-{kind}")


@time_machine.travel(FRIDAY, tick=False)
def test_a_deadline_is_the_end_of_a_day_where_the_issuer_is(world: World) -> None:
    by_days = given(world, days=3)
    by_date = given(world, days=None, due_on=date(2026, 3, 6))
    assert by_days.due_at == datetime(2026, 3, 11, 16, tzinfo=UTC)
    assert by_date.due_at == datetime(2026, 3, 6, 16, tzinfo=UTC)


@time_machine.travel(FRIDAY, tick=False)
@pytest.mark.parametrize(
    ("fields", "field", "message"),
    [
        ({"days": None}, "days", "请填写期限：几个工作日，或者截止日期。"),
        ({"due_on": date(2026, 3, 9)}, "due_on", "工作日数和截止日期只填一项。"),
        (
            {"days": None, "due_on": date(2026, 3, 5)},
            "due_on",
            "截止日期已经过去，请选今天或以后的日期。",
        ),
        ({"days": None, "due_on": date.max}, "due_on", "截止日期太远，请选三年以内的日期。"),
    ],
)
def test_a_deadline_that_can_not_be(
    world: World, fields: dict[str, Any], field: str, message: str
) -> None:
    with pytest.raises(Invalid) as refused:
        given(world, **fields)
    assert refused.value.errors == {field: message}


IMPOSSIBLE: list[dict[str, Any]] = [
    {"title": ""},
    {"title": " \t "},
    {"title": "题" * 201},
    {"title": "正常\u202e常正"},
    {"title": "机密★一年"},
    {"body": "文" * 20_001},
    {"body": "退格\x08"},
    {"body": "密级：秘密"},
    {"days": 0},
    {"days": 251},
    {"days": 10**30},
    {"lead_id": 2**63},
    {"to_agencies": [0]},
    {"to_levels": ["galaxy"]},
    {"surprise": 1},
]


def test_input_that_no_task_can_have(app: APIFlask) -> None:
    right = {"title": "题", "to_agencies": [1], "days": 1}
    assert TaskInput.model_validate(right).days == 1
    for fields in IMPOSSIBLE:
        with pytest.raises(ValidationError):
            TaskInput.model_validate(right | fields)


def test_a_bulletin_that_the_agency_does_not_have_is_no_ground(world: World) -> None:
    with pytest.raises(NotFound):
        given(world, bulletin_id=2**62)


def test_a_task_for_3227_agencies_is_one_insert(world: World) -> None:
    data = TaskInput(title="全省排查", days=5, to_levels=[Level.COUNTY])
    actor = world.actor("province-clerk")
    with counted() as few:
        services.assign(actor, data)
    grow(world, 3_223)
    actor = world.actor("province-clerk")
    with counted() as many:
        task = services.assign(actor, data)
    count = select(func.count()).where(Assignment.task_id == task.id)
    assert db.session.scalar(count) == 3_227
    inserts = [one for one in many if "INSERT INTO assignments" in one]
    entries = [one for one in many if "INSERT INTO journal" in one]
    assert len(inserts) == 1
    assert len(entries) == 7
    assert len(many) - len(entries) == len(few) - 1
    told = db.session.scalars(
        select(Entry).where(Entry.kind == "task.assigned", Entry.subject_id == task.id)
    ).all()
    ids = [number for entry in told for number in entry.facts["assignments"]]  # type: ignore[union-attr]
    kept = select(Assignment.id).where(Assignment.task_id == task.id)
    assert sorted(ids) == sorted(db.session.scalars(kept))
