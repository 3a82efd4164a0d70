"""Whom the sheet names as addressed and copied, where the text itself addresses nobody: 7.3.2."""

from typing import Any

import pytest

from agencies.states import AgencyKind, Level
from bulletins import collective
from bulletins.collective import MOST_NAMES, Organ
from bulletins.official import Official
from bulletins.services import official as layouts
from tests.bulletins.browsing import Browsers, post
from tests.bulletins.papers import drafted, published
from tests.worlds import World

CITIES = ["石家庄市市场监督管理局", "唐山市市场监督管理局", "保定市市场监督管理局"]
COUNTIES = ["长安区市场监督管理局", "正定县市场监督管理局", "定州市市场监督管理局"]


def organs(
    names: list[str], level: Level, kind: AgencyKind = AgencyKind.BUREAU, missing: str = ""
) -> list[Organ]:
    """Agencies below the issuer, all of them addressed but for ``missing``."""
    return [Organ(name, level, kind, True, name != missing) for name in names]


@pytest.mark.parametrize(
    ("below", "words"),
    [
        (organs(CITIES, Level.CITY), "各市市场监督管理局"),
        (organs(COUNTIES, Level.COUNTY), "各县（市、区）市场监督管理局"),
        (
            organs([*CITIES, "延边州市场监督管理局", "两江新区管委会市场监督管理局"], Level.CITY),
            "各市（州）市场监督管理局，两江新区管委会市场监督管理局",
        ),
        (
            organs(CITIES, Level.CITY) + organs(COUNTIES, Level.COUNTY),
            "各市、县（市、区）市场监督管理局",
        ),
        (
            organs(["广东省药监局", "广西壮族自治区药监局", "重庆市药监局"], Level.PROVINCE),
            "各省、自治区、直辖市药监局",
        ),
        (
            organs([*CITIES, "河北雄安新区管理委员会"], Level.CITY),
            "各市市场监督管理局，河北雄安新区管理委员会",
        ),
        (
            organs(
                [*CITIES, *(f"{one}江市市场监督管理局" for one in "甲乙丙丁")],
                Level.CITY,
                missing=CITIES[1],
            ),
            "各市市场监督管理局（唐山市市场监督管理局除外）",
        ),
        (organs(CITIES, Level.CITY, missing=CITIES[1]), f"{CITIES[0]}、{CITIES[2]}"),
        (
            organs(CITIES, Level.CITY)
            + organs(["办公室", "法规处"], Level.PROVINCE, AgencyKind.OFFICE),
            "各市市场监督管理局，各内设机构",
        ),
        (organs(["华北商会", "质量促进会"], Level.CITY), "华北商会、质量促进会"),
    ],
)
def test_organs_of_one_kind_have_a_collective_name(below: list[Organ], words: str) -> None:
    assert collective.words(below) == words


def test_of_many_that_no_collective_name_fits_their_number_is_told() -> None:
    names = [f"第{number}商会" for number in range(MOST_NAMES + 2)]
    words = collective.words(organs(names, Level.CITY))
    assert words == "、".join(names[:MOST_NAMES]) + f"等{MOST_NAMES + 2}个单位"


def _sheet(world: World, **given: Any) -> Official:
    paper = published(world, **{"body": "请认真落实。", **given})
    return layouts.issued(world.actor("province-clerk"), paper.id)


def test_the_sheet_names_who_gets_the_paper_and_no_rule(world: World) -> None:
    cities = _sheet(world, to_all=False, to_levels=["city"], cc_levels=["county"])
    assert cities.to == "各市市场监督管理局"
    assert cities.cc == "各区市场监督管理局，冀东水泥有限公司"
    one = _sheet(world, to_all=False, to_subtrees=[world.agencies["city"]])
    assert one.to == "石家庄市市场监督管理局、长安区市场监督管理局、桥西区市场监督管理局"


@pytest.mark.parametrize(
    ("kind", "word"), [("announcement", "公告"), ("proclamation", "通告"), ("communique", "公报")]
)
def test_what_speaks_to_the_public_names_nobody(world: World, kind: str, word: str) -> None:
    sheet = _sheet(world, type=kind, title=f"关于开展检查的{word}")
    assert sheet.to == ""


def test_the_clerk_sees_it_before(world: World, browser_of: Browsers) -> None:
    clerk = browser_of(world.people["province-clerk"])
    for kind, is_named in (("notice", True), ("announcement", False)):
        typed = {"type": kind, "to_levels": "city"}
        answer = post(clerk, "/bulletins/reach", "/bulletins/drafts/new", **typed)
        assert answer.json is not None
        assert ("文面主送写作“各市市场监督管理局”" in answer.json["text"]) is is_named
    for body, is_named in (("请认真落实。", True), ("各市局：\n\n请认真落实。", False)):
        draft = drafted(world, to_all=False, to_levels=["city"], body=body)
        for page in (f"/bulletins/drafts/{draft.id}", f"/bulletins/{draft.id}"):
            told = "文面主送写作“各市市场监督管理局”" in clerk.get(page).text
            assert told is is_named
