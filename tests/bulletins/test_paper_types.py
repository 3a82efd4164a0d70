"""The rules of the types of papers, as the 条例 sets them: pure."""

import pytest

from agencies.states import AgencyKind
from bulletins import labels, paper_types
from bulletins.paper_types import Addressed, Fault, Particular, Relation, Stand
from bulletins.states import BulletinType, Part

OFFICIAL = "决议 决定 命令 公报 公告 通告 意见 通知 通报 报告 请示 批复 议案 函 纪要".split()
EVERYDAY = "信息 典型案例 经验做法 培训通知 政策解读".split()


def _addressed(*lines: tuple[str, str, int], is_organ: bool = True) -> list[Addressed]:
    return [
        Addressed(Part(part), Relation(relation), is_organ, count)
        for part, relation, count in lines
    ]


def test_the_fifteen_official_types_and_five_of_every_day() -> None:
    named = {True: [], False: []}  # type: dict[bool, list[str]]
    for kind, rules in paper_types.TYPES.items():
        named[rules.is_official].append(labels.kind(kind))
    assert named == {True: OFFICIAL, False: EVERYDAY}
    assert set(paper_types.TYPES) == set(BulletinType)


@pytest.mark.parametrize(
    ("kind", "ways"),
    [
        ("resolution", "down"),
        ("decision", "down"),
        ("order", "down"),
        ("communique", "down"),
        ("announcement", "down"),
        ("proclamation", "down"),
        ("opinion", "up down peer"),
        ("notice", "down"),
        ("bulletin", "down"),
        ("report", "up"),
        ("request", "up"),
        ("reply", "down"),
        ("motion", ""),
        ("letter", "peer"),
        ("minutes", "down peer"),
        ("information", "up down peer"),
        ("case", "up down peer"),
        ("experience", "up down peer"),
        ("training", "down"),
        ("interpretation", "up down peer"),
    ],
)
def test_a_type_goes_its_ways_only(kind: str, ways: str) -> None:
    open_ways = {
        relation
        for relation in Relation
        if not paper_types.faults(kind, _addressed(("to", relation, 1)))
    }
    assert open_ways == set(ways.split())


def test_whoever_is_no_organ_stands_in_no_line_of_command() -> None:
    for way in Relation:
        assert not paper_types.faults("letter", _addressed(("to", way, 1), is_organ=False))


@pytest.mark.parametrize("kind", ["report", "request", "opinion"])
def test_upward_to_one_agency_and_never_copied_down(kind: str) -> None:
    assert paper_types.faults(kind, _addressed(("to", "up", 2))) == [Fault.SEVERAL]
    copied = _addressed(("to", "up", 1), ("cc", "down", 4))
    assert paper_types.faults(kind, copied) == [Fault.COPIED_DOWN]
    beside = _addressed(("to", "up", 1), ("cc", "up", 1), ("cc", "peer", 2))
    assert paper_types.faults(kind, beside) == []


def test_an_important_notice_may_be_copied_to_the_agency_above() -> None:
    copied = _addressed(("to", "down", 9), ("cc", "up", 1))
    assert paper_types.faults("notice", copied) == []


@pytest.mark.parametrize(
    ("kind", "needed"),
    [
        ("request", {Particular.CONTACT_NAME, Particular.CONTACT_PHONE}),
        ("reply", {Particular.REFERS_TO}),
        ("minutes", {Particular.HELD_ON, Particular.PARTICIPANTS}),
        (
            "training",
            {
                Particular.HELD_ON,
                Particular.PLACE,
                Particular.PARTICIPANTS,
                Particular.ENROL_BY,
            },
        ),
        ("interpretation", {Particular.REFERS_TO}),
        ("notice", set()),
    ],
)
def test_what_a_type_must_state(kind: str, needed: set[Particular]) -> None:
    assert set(paper_types.of(kind).needs) == needed


@pytest.mark.parametrize(
    ("kind", "title", "word"),
    [
        ("report", "关于增拨检测经费的请示", "请示"),
        ("information", "关于增拨检测经费的请示", "请示"),
        ("notice", "关于开展专项检查的通报（第三期）", "通报"),
        ("request", "关于增拨检测经费的请示", None),
        ("letter", "关于协助调查的复函", None),
        ("notice", "关于印发《质量工作报告》的通知", None),
        ("training", "关于举办培训班的通知", None),
        ("notice", "停业整顿令", None),
        ("information", "我市一季度工作报告", None),
    ],
)
def test_a_title_ends_with_its_type(kind: str, title: str, word: str | None) -> None:
    assert paper_types.other_word(kind, title) == word


def test_a_motion_goes_to_a_congress_and_to_nobody_else() -> None:
    to = [Addressed(Part.TO, Relation.PEER, False, 1, is_congress=True)]
    assert paper_types.faults("motion", to) == []
    bureau = [Addressed(Part.TO, Relation.PEER, True, 1)]
    assert paper_types.faults("motion", bureau) == [Fault.NO_CONGRESS]
    assert paper_types.of("motion").by == {AgencyKind.GOVERNMENT}


def test_why_a_type_can_not_go_to_one_agency() -> None:
    above, higher = (Stand(Relation.UP, direct, True, False) for direct in (True, False))
    beside = Stand(Relation.PEER, False, True, False)
    below, company = (Stand(Relation.DOWN, False, organ, False) for organ in (True, False))
    to, cc = Part.TO, Part.CC
    expected = {
        ("notice", to): [Fault.UPWARD, Fault.OVER, Fault.BESIDE, None, None],
        ("notice", cc): [None, Fault.OVER, None, None, None],
        ("information", cc): [None, Fault.OVER, Fault.BESIDE, None, None],
        ("request", to): [None, None, Fault.BESIDE, Fault.DOWNWARD, Fault.DOWNWARD],
        ("letter", to): [Fault.IN_LINE, Fault.IN_LINE, None, Fault.IN_LINE, None],
    }
    for (kind, part), faults in expected.items():
        stands = (above, higher, beside, below, company)
        assert [paper_types.barrier(kind, part, one) for one in stands] == faults, (kind, part)
