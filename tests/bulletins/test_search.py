"""What a search finds, for whom and in which order, on either engine."""

from collections.abc import Sequence
from datetime import timedelta

import pytest
from apiflask import APIFlask
from sqlalchemy import select, text

from bulletins import services
from bulletins.models import Bulletin
from bulletins.queries import glance, hits, search
from bulletins.search.criteria import Criteria
from bulletins.services import indexing
from config import clock
from config.database import db, writing
from tests.bulletins.corrections import correcting
from tests.bulletins.finding import indexed, titles
from tests.bulletins.numbering import code_of
from tests.bulletins.papers import published, submitted
from tests.bulletins.queries import counted
from tests.worlds import World

BODY = """各单位：

请按**产品质量**法和 GB/T 9704-2012 办理，不合格率须在５%以下。

联系人：张𠮷明，电话 0311-86000000。
"""


@pytest.fixture
def paper(world: World) -> str:
    """One paper from the province to everybody below, indexed."""
    title = "关于2018年食品安全监督抽查的通知"
    published(world, title=title, body=BODY)
    indexed()
    return title


FOUND = (
    *("食", "知", "食品", "食品安", "食品安全", "食品安全监督抽查的通知", "品安"),
    *("2018", "2018年", "2018年食品", "年食", "通知 产品质量", "质量法", "明"),
    *("gb", "GB/T", "GB/T 9704", "9704-2012", "ＧＢ", "２０１８", "5%以下", "张𠮷明", "𠮷"),
    *('"食品安全监督"', "“产品质量法”", "「质量」", '"9704 2012"', "河北省市场监督管理局"),
    *("须在5", "86000000", "食品安全，9704", "食品、9704", "通知。"),
)
NOT_FOUND = (
    *("食安", "品全", "食品质量", "安全抽查", "质量 缺席", "知产", "食品 \u4e00"),
    *("201", "8年", "970", "20129704", "8600000", "各单位请", "法办", "bt", "吉明"),
    '"通知 产品质量"',
)


def test_words_of_any_length_are_found_exactly(world: World, paper: str) -> None:
    for words in FOUND:
        assert titles(world, "county", words) == [paper], words
    for words in NOT_FOUND:
        assert titles(world, "county", words) == [], words


def test_long_texts_are_found_whole(world: World) -> None:
    parts = [f"第{number}项检查内容合格，" for number in range(3000)]
    parts[2500] = "第2500项检查内容不合格，"
    long = "冀" * 3000 + "末"
    published(world, title="长文", body="".join(parts) + "\n\n" + long)
    indexed()
    for words in (
        "第1项检查",
        "第299项检查内容合格",
        "不合格",
        "第2999项",
        "冀末",
        "冀" * 99 + "末",
    ):
        assert titles(world, "county", words) == ["长文"], words
    for words in ('"不合格，第2502项检查"', "末冀"):
        assert titles(world, "county", words) == [], words


def test_only_what_one_may_read(world: World) -> None:
    county, city = world.agencies["county"], world.agencies["city"]
    published(world, title="检查甲", to_all=False, to_agencies=[city])
    published(world, "city", title="检查乙", to_all=False, to_agencies=[county])
    indexed()
    found = {name: titles(world, name, "检查") for name in world.agencies}
    assert {name: one for name, one in found.items() if one} == {
        "province": ["检查甲"],
        "city": ["检查乙", "检查甲"],
        "county": ["检查乙"],
    }


def test_titles_come_first_then_the_newest(world: World) -> None:
    for title, body in (("电梯一", "正文"), ("第二", "电梯"), ("电梯三", "正文"), ("第四", "电梯")):
        published(world, title=title, body=body)
    indexed()
    assert titles(world, "county", "电梯") == ["电梯三", "电梯一", "第四", "第二"]
    assert titles(world, "county", "电梯", sort="time") == ["第四", "电梯三", "第二", "电梯一"]


def test_document_numbers_are_found_before_what_mentions_them(world: World) -> None:
    code = code_of(world)
    numbered = [published(world, title=f"第{one}件", organ_code_id=code) for one in (1, 2)]
    number = numbered[0].number
    assert number is not None
    published(world, title="引用", body=f"根据{number}办理。")
    indexed()
    assert titles(world, "county", number) == ["第1件", "引用"]
    assert titles(world, "county", "冀质监") == ["第2件", "第1件", "引用"]


def test_a_correction_is_found_by_what_it_says_now(world: World, paper: str) -> None:
    bulletin = db.session.scalars(select(Bulletin)).one()
    correcting(world, bulletin, title=paper, body="改为锅炉安全。")
    services.submit(world.actor("province-clerk"), bulletin.id)
    indexed()
    assert titles(world, "county", "产品质量") == [paper]
    services.sign(world.actor("province-approver"), bulletin.id)
    indexed()
    assert titles(world, "county", "锅炉") == [paper]
    assert titles(world, "county", "产品质量") == []


def test_narrowed_by_type_issuer_and_days(world: World) -> None:
    with clock.shifted(timedelta(days=-800)):
        published(world, title="检查旧", type="opinion")
    published(world, title="检查新")
    published(world, "city", title="检查市")
    indexed()
    today = clock.now().date()
    narrowed: Sequence[tuple[dict[str, object], list[str]]] = (
        ({"type": "opinion"}, ["检查旧"]),
        ({"issuer": world.agencies["city"]}, ["检查市"]),
        ({"since": today - timedelta(days=2)}, ["检查市", "检查新"]),
        ({"until": today - timedelta(days=700)}, ["检查旧"]),
        ({"type": "opinion", "since": today - timedelta(days=2)}, []),
    )
    for criteria, expected in narrowed:
        assert titles(world, "county", "检查", **criteria) == expected
        assert titles(world, "county", "", **criteria) == expected


def test_indexing_twice_changes_nothing(world: World, paper: str) -> None:
    bulletin_id = db.session.scalars(select(Bulletin.id)).one()
    with writing():
        indexing.index_papers([bulletin_id])
    assert titles(world, "county", "食品") == [paper]
    rows = db.session.scalar(text("SELECT count(*) FROM fts_papers"))
    with writing():
        indexing.index_papers([bulletin_id])
    assert db.session.scalar(text("SELECT count(*) FROM fts_papers")) == rows


def test_the_index_is_made_anew(app: APIFlask, world: World, paper: str) -> None:
    published(world, title="没有处理过的食品通知")
    with writing():
        db.session.execute(text("DELETE FROM fts_papers"))
    assert titles(world, "county", "食品") == []
    result = app.test_cli_runner().invoke(args=["search", "rebuild"])
    assert result.exit_code == 0, result.output
    assert "2 papers can be searched" in result.output
    assert titles(world, "county", "食品") == ["没有处理过的食品通知", paper]


def test_a_search_costs_the_same_queries_however_many_are_found(world: World) -> None:
    for number in range(4):
        published(world, title=f"检查{number}")
    indexed()
    with counted() as few:
        titles(world, "county", "检查3")
    with counted() as many:
        titles(world, "county", "检查")
    assert len(few) == len(many) <= 6


def test_narrowed_by_topic_and_sector_as_the_version_in_force_is_filed(world: World) -> None:
    published(world, title="检查甲", topics=["food"], sectors=["care"])
    published(world, title="检查乙", topics=["food", "metrology"])
    published(world, title="检查丙")
    indexed()
    for narrowed, expected in (
        ({"topic": "food"}, ["检查乙", "检查甲"]),
        ({"topic": "metrology"}, ["检查乙"]),
        ({"topic": "food", "sector": "care"}, ["检查甲"]),
        ({"topic": "metrology", "sector": "care"}, []),
        ({"topic": "nonsense"}, []),
    ):
        assert titles(world, "county", "检查", **narrowed) == expected
        assert titles(world, "county", "", **narrowed) == expected


def test_names_of_topics_and_sectors_are_words(world: World) -> None:
    published(world, title="甲", topics=["food"], sectors=["care"])
    published(world, title="乙", topics=["metrology"])
    indexed()
    for words in ("养老", "食品安全", "household", "养老 food"):
        assert titles(world, "county", words) == ["甲"], words
    assert titles(world, "county", "计量") == ["乙"]


def test_a_joint_paper_counts_for_each_of_its_issuers(world: World) -> None:
    cities = [world.agencies["city"], world.agencies["other_city"]]
    paper = submitted(world, "city", title="联合检查", joint_agencies=cities[1:])
    services.cosign(world.actor("other_city-approver"), paper.id)
    services.sign(world.actor("city-approver"), paper.id)
    published(world, "city", title="检查")
    indexed()
    found = search.hits(world.agencies["county"], Criteria(q="检查"))
    assert dict(found.issuers) == {cities[0]: 2, cities[1]: 1}
    assert titles(world, "county", "检查", issuer=cities[1]) == ["联合检查"]
    assert titles(world, "county", "检查", issuer=cities[0]) == ["检查", "联合检查"]


def test_few_and_many_readable_papers_are_found_alike(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    city = world.agencies["city"]
    for number in range(4):
        published(world, title=f"检查{number}", to_all=False, to_agencies=[city])
    published(world, title="都查检查", body="电梯")
    indexed()

    def found() -> list[list[str]]:
        names = ("province", "city", "county", "unrelated")
        return [titles(world, name, q) for name in names for q in ("检查", "检查 电梯", "电梯")]

    few = found()
    assert few[3] == ["都查检查", "检查3", "检查2", "检查1", "检查0"]
    assert few[6:] == [["都查检查"]] * 3 + [[]] * 3
    monkeypatch.setattr(glance, "FEW", 0)
    assert found() == few


@pytest.mark.parametrize("walked", [2, 8000])
def test_frequent_words_find_the_same_as_rare_ones(
    world: World, monkeypatch: pytest.MonkeyPatch, walked: int
) -> None:
    city = world.agencies["city"]
    for number in range(5):
        title = f"检查{number}" if number % 2 else f"其{number}"
        published(world, title=title, body="检查电梯", to_all=False, to_agencies=[city])
    published(world, title="电梯检查", body="锅炉")
    indexed()

    def found() -> list[list[str]]:
        names = ("province", "city", "county", "unrelated")
        wanted = ("检查", "检查 电梯", "锅炉 检查", "锅炉", "缺席 检查")
        each = [titles(world, name, q) for name in names for q in wanted]
        return [*each, titles(world, "city", "检查", type="notice", sort="time")]

    rare = found()
    assert rare[5] == ["电梯检查", "检查3", "检查1", "其4", "其2", "其0"]
    monkeypatch.setattr(hits, "_WALKED", walked)
    for frequent in (1, 3, 6):  # all words that are found, all but one, none but one
        monkeypatch.setattr(glance, "FREQUENT", frequent)
        assert found() == rare


def test_no_more_than_a_thousand_are_looked_at_the_newest_first(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(search, "COUNTED_AT_MOST", 3)
    for title in ("检查旧", "检查一", "其二", "检查三"):
        published(world, title=title, body="检查")
    indexed()
    found = search.hits(world.agencies["county"], Criteria(q="检查"))
    assert found.more
    assert titles(world, "county", "检查") == ["检查三", "检查一", "其二"]
