"""Whom rules reach: the one statement against a simple model, on random trees."""

from dataclasses import dataclass
from datetime import date, timedelta
from itertools import count

import pytest
from apiflask import APIFlask
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from agencies import tree
from agencies.models import Agency
from agencies.states import AgencyKind, Level
from bulletins import audience
from bulletins.audience import Rule
from bulletins.inputs import AudienceInput
from bulletins.services.addressing import check_reach
from bulletins.states import Part, RuleKind
from config import clock
from config.database import db, writing
from config.errors import Invalid
from tests.worlds import World

TODAY = date(2026, 3, 2)
LEVELS = (Level.PROVINCE, Level.CITY, Level.COUNTY)
KINDS = (AgencyKind.BUREAU, AgencyKind.ENTERPRISE)
_codes = count()


@dataclass(frozen=True)
class Node:
    """An agency of a random tree; ``parent`` is the index of one before it."""

    parent: int | None
    level: Level
    kind: AgencyKind
    ended_on: date | None


@st.composite
def trees(draw: st.DrawFn) -> list[Node]:
    nodes = []
    for index in range(draw(st.integers(2, 9))):
        nodes.append(
            Node(
                draw(st.integers(0, index - 1)) if index else None,
                draw(st.sampled_from(LEVELS)),
                draw(st.sampled_from(KINDS)),
                draw(st.sampled_from([None, None, None, TODAY, TODAY + timedelta(days=1)])),
            )
        )
    return nodes


@dataclass(frozen=True)
class Line:
    """A rule whose agency is an index into the tree."""

    part: Part
    kind: RuleKind
    agency: int
    level: Level | None
    agency_kind: AgencyKind | None


INDEXES = st.one_of(st.just(0), st.integers(0, 8))
LINES = st.lists(
    st.builds(
        Line,
        st.sampled_from(Part),
        st.sampled_from(RuleKind),
        INDEXES,
        st.sampled_from([None, None, None, *LEVELS]),
        st.sampled_from([None, None, *KINDS]),
    ),
    min_size=1,
    max_size=6,
)


def _is_under(nodes: list[Node], index: int | None, upper: int) -> bool:
    while index is not None:
        if index == upper:
            return True
        index = nodes[index].parent
    return False


def _names(nodes: list[Node], line: Line, index: int) -> bool:
    if line.kind == RuleKind.AGENCY:
        return line.agency == index
    return (
        _is_under(nodes, index, line.agency)
        and line.level in (None, nodes[index].level)
        and line.agency_kind in (None, nodes[index].kind)
    )


def _expected(nodes: list[Node], issuer: int, lines: list[Line]) -> dict[int, str]:
    reached = {}
    for index, node in enumerate(nodes):
        below = index != issuer and _is_under(nodes, index, issuer)
        living = node.ended_on is None or node.ended_on > TODAY
        parts = {line.part for line in lines if _names(nodes, line, index)}
        if (below or index == nodes[issuer].parent) and living and Part.EXCEPT not in parts:
            if Part.TO in parts:
                reached[index] = "to"
            elif Part.CC in parts:
                reached[index] = "cc"
    return reached


def _planted(nodes: list[Node]) -> list[int]:
    ids: list[int] = []
    with writing():
        for node in nodes:
            agency = Agency(
                code=f"T{next(_codes)}",
                name="机构",
                level=node.level,
                kind=node.kind,
                parent_id=None if node.parent is None else ids[node.parent],
                ended_on=node.ended_on,
                created_at=clock.now(),
            )
            tree.plant(agency)
            ids.append(agency.id)
    return ids


@settings(
    max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(nodes=trees(), issuer=INDEXES, lines=LINES)
@example(
    nodes=[
        Node(None, Level.CITY, AgencyKind.BUREAU, None),
        Node(0, Level.CITY, AgencyKind.BUREAU, None),
    ],
    issuer=0,
    lines=[Line(part, RuleKind.SUBTREE, 0, None, None) for part in (Part.CC, Part.TO)],
)
def test_rules_reach_whom_a_simple_model_says(
    app: APIFlask, nodes: list[Node], issuer: int, lines: list[Line]
) -> None:
    issuer %= len(nodes)
    lines = [
        Line(one.part, one.kind, one.agency % len(nodes), one.level, one.agency_kind)
        for one in lines
    ]
    ids = _planted(nodes)
    rules = [
        Rule(one.part, one.kind, ids[one.agency], one.level, one.agency_kind)
        if one.kind == RuleKind.SUBTREE
        else Rule(one.part, one.kind, ids[one.agency])
        for one in lines
    ]
    found = db.session.execute(audience.recipients(ids[issuer], rules, TODAY)).all()
    expected = _expected(nodes, issuer, lines)
    assert dict(found) == {ids[index]: part for index, part in expected.items()}
    counted = dict(db.session.execute(audience.counting(ids[issuer], rules, TODAY)).all())
    parts = list(expected.values())
    assert counted == {part: parts.count(part) for part in set(parts)}


def test_flat_fields_become_rules() -> None:
    rules = AudienceInput.model_validate(
        {
            "to_levels": ["county", "city", "city"],
            "to_kinds": ["bureau"],
            "cc_subtrees": [7],
            "cc_agencies": [9, 8, 9],
            "except_agencies": [4],
            "except_levels": ["county"],
            "except_subtrees": [5, 6],
        }
    ).rules(1)
    tree_, single = RuleKind.SUBTREE, RuleKind.AGENCY
    assert rules == [
        Rule(Part.TO, tree_, 1, Level.CITY, AgencyKind.BUREAU),
        Rule(Part.TO, tree_, 1, Level.COUNTY, AgencyKind.BUREAU),
        Rule(Part.CC, tree_, 7),
        Rule(Part.CC, single, 8),
        Rule(Part.CC, single, 9),
        Rule(Part.EXCEPT, tree_, 5, Level.COUNTY),
        Rule(Part.EXCEPT, tree_, 6, Level.COUNTY),
        Rule(Part.EXCEPT, single, 4),
    ]


def test_everybody_is_not_narrowed_by_what_else_is_ticked() -> None:
    data = AudienceInput.model_validate({"to_all": True, "to_levels": ["city"]})
    assert Rule(Part.TO, RuleKind.SUBTREE, 1) in data.rules(1)


REFUSED = [
    ("city", "to_agencies", "sibling_city", "唐山市市场监督管理局"),
    ("city", "cc_agencies", "unrelated", "山西省市场监督管理局"),
    ("city", "to_agencies", "city", "石家庄市市场监督管理局"),
    ("county", "to_agencies", "province", "河北省市场监督管理局"),
    ("county", "to_agencies", "sibling", "桥西区市场监督管理局"),
    ("city", "to_subtrees", "province", "河北省市场监督管理局"),
    ("city", "except_agencies", "unrelated", "山西省市场监督管理局"),
    ("province", "to_agencies", None, "编号 987654321"),
    ("province", "to_subtrees", None, "编号 987654321"),
]


@pytest.mark.parametrize(("issuer", "field", "named", "shown"), REFUSED)
def test_whoever_is_out_of_reach_is_named_at_the_field(
    world: World, issuer: str, field: str, named: str | None, shown: str
) -> None:
    ids = {**world.agencies, "sibling_city": world.agencies["other_city"]}
    data = AudienceInput.model_validate({field: [ids[named] if named else 987654321]})
    with pytest.raises(Invalid) as caught:
        check_reach(world.agencies[issuer], data.rules(world.agencies[issuer]))
    assert list(caught.value.errors) == [field]
    assert shown in str(caught.value.errors[field])


def test_the_agency_right_above_may_be_addressed(world: World) -> None:
    data = AudienceInput.model_validate({"to_agencies": [world.agencies["city"]]})
    rules = data.rules(world.agencies["county"])
    check_reach(world.agencies["county"], rules)
    found = db.session.execute(audience.recipients(world.agencies["county"], rules, TODAY)).all()
    assert [tuple(row) for row in found] == [(world.agencies["city"], "to")]
