"""What relays add to papers is found by those below them, and by nobody else."""

import re

import pytest
from apiflask import APIFlask
from flask.testing import FlaskClient
from sqlalchemy import select, text

from bulletins import services
from bulletins.models import Bulletin, Relay
from bulletins.queries import glance, relay_hits, search
from bulletins.search.criteria import Criteria
from bulletins.services import indexing
from config.database import db, writing
from tests.bulletins.browsing import Browsers
from tests.bulletins.corrections import correcting
from tests.bulletins.finding import indexed, titles
from tests.bulletins.papers import more_agencies, receipt_of
from tests.bulletins.queries import counted
from tests.bulletins.relays import relayed, to_cities
from tests.bulletins.test_api import Caller
from tests.worlds import World

NOTE = "请各县**结合锅炉**实际抓好落实。"
ADDITIONS = "一、每周三报送梯控台账。\n\n二、联系人张三。"


@pytest.fixture
def paper(world: World) -> Bulletin:
    """A paper of the province that the city has handed down with words of its own; indexed."""
    bulletin = to_cities(world, title="电梯检查的通知", body="全面检查。")
    relayed(world, bulletin, note=NOTE, additions=ADDITIONS)
    indexed()
    return bulletin


def _finders(world: World, words: str) -> dict[str, list[str]]:
    found = {name: titles(world, name, words) for name in world.agencies}
    return {name: some for name, some in found.items() if some}


def test_words_of_a_relay_are_found_by_those_below_and_by_who_added_them(
    world: World, paper: Bulletin
) -> None:
    for words in ("结合锅炉", "锅炉", "梯控台账", "报送 电梯", "张三", "检查的通知 周三"):
        finders = _finders(world, words)
        assert finders.keys() == {"city", "county", "sibling"}, words
        assert all(some == [paper.title] for some in finders.values()), words
    for words in ("锅炉 缺席", "锅炉张三"):
        assert _finders(world, words) == {}, words


def test_words_stand_partly_in_relays_and_partly_in_the_paper(world: World) -> None:
    [township] = more_agencies(world.agencies["county"], 1)
    county = [world.agencies["county"]]
    bulletin = to_cities(world, title="电梯通知", body="全面检查。", topics=["food"])
    relayed(world, bulletin, note="锅炉", to_all=False, to_agencies=county)
    relayed(world, bulletin, "county", note="每周三报台账")
    relayed(world, bulletin, note="只给别的县看的食堂。")
    indexed()
    of_city = ("锅炉 检查", "检查 锅炉 电梯", "锅炉 食品安全", "全面检查 锅炉 锅")
    for words in of_city:
        assert _finders(world, words) == {one: ["电梯通知"] for one in ("city", "county")}, words
    for words in ("锅炉 检查", "锅炉 周三", "台账 锅炉 全面"):
        found = search.hits(township, Criteria(q=words))
        assert [row.type for row in found.rows] == ["notice"], words
    for words in ("锅炉 缺席", "锅炉 检查 缺席", "锅炉检查", "台账 食堂"):
        assert _finders(world, words) == {}, words
    assert _finders(world, "食堂 检查").keys() == {"city", "sibling"}
    assert _finders(world, "锅炉 食堂").keys() == {"city"}
    assert _finders(world, "锅炉 台账").keys() == {"county"}
    assert titles(world, "county", "锅炉 检查", type="opinion") == []


def test_nobody_else_learns_that_the_words_exist(
    world: World, paper: Bulletin, browser_of: Browsers
) -> None:
    for name in ("province", "other_city", "other_county"):
        found = search.hits(world.agencies[name], Criteria(q="锅炉"))
        assert (len(found.rows), found.more, found.types, found.issuers) == (0, False, [], [])
        browser = browser_of(world.people[f"{name}-reader"])
        assert browser.get("/search?q=锅炉").text.count("锅炉") == browser.get(
            "/search?q=缺席"
        ).text.count("缺席")


def test_only_those_below_whom_it_reached_find_them(world: World) -> None:
    bulletin = to_cities(world, title="甲")
    relayed(world, bulletin, note="锅炉", to_all=False, to_agencies=[world.agencies["county"]])
    indexed()
    assert _finders(world, "锅炉").keys() == {"city", "county"}
    relayed(world, bulletin, note="电梯")
    indexed()
    assert "county" not in _finders(world, "电梯")
    assert "other_city" not in _finders(world, "电梯")


def test_words_of_all_relays_on_the_way_are_found(world: World) -> None:
    [township] = more_agencies(world.agencies["county"], 1)
    bulletin = to_cities(world, title="甲")
    relayed(world, bulletin, note="锅炉", to_all=False, to_agencies=[world.agencies["county"]])
    relayed(world, bulletin, "county", note="电梯")
    indexed()
    for words, found_above in (("锅炉", True), ("电梯", False)):
        found = search.hits(township, Criteria(q=words))
        assert [row.issuers for row in found.rows] == [str(world.agencies["province"])], words
        assert ("city" in _finders(world, words)) is found_above
        assert "sibling" not in _finders(world, words)


def test_a_paper_is_listed_and_counted_once(world: World, paper: Bulletin) -> None:
    both = to_cities(world, title="锅炉", body="锅炉")
    relayed(world, both, note="锅炉", additions="锅炉")
    indexed()
    found = search.hits(world.agencies["county"], Criteria(q="锅炉"))
    assert titles(world, "county", "锅炉") == ["锅炉", paper.title]
    assert dict(found.types) == {"notice": 2}
    assert dict(found.issuers) == {world.agencies["province"]: 2}
    assert len(found.relays) == 1
    for narrowed, expected in (({"type": "opinion"}, 0), ({"type": "notice"}, 2)):
        assert len(titles(world, "county", "锅炉", **narrowed)) == expected


def test_the_page_says_whose_words_they_are_and_leads_to_them(
    world: World, paper: Bulletin, browser_of: Browsers
) -> None:
    city = _relaying()
    for name in ("county", "city"):
        browser = browser_of(world.people[f"{name}-reader"])
        page = browser.get("/search?q=锅炉").text
        hit = re.search(r"<li>\s*<h2>.*?</li>", page, re.S)
        assert hit is not None
        assert "转发附言" in hit[0]
        assert f'<span class="muted">{city}</span>' in hit[0]
        assert "请各县结合<mark>锅炉</mark>实际" in hit[0]
        url = f"/inbox/{receipt_of(world, name, paper).id}"
        assert f'href="{url}"' in hit[0]
        assert "结合锅炉" in browser.get(url).text


def _relaying() -> str:
    """The name of the agency that relays."""
    return db.session.scalars(select(Relay)).one().agency.name


def test_a_correction_keeps_the_words_of_the_relay(world: World, paper: Bulletin) -> None:
    correcting(world, paper, title="更正后的通知", body="全面检查。")
    services.submit(world.actor("province-clerk"), paper.id)
    services.sign(world.actor("province-approver"), paper.id)
    indexed()
    assert titles(world, "county", "锅炉 更正后") == ["更正后的通知"]
    assert titles(world, "county", "锅炉 电梯") == []
    assert titles(world, "other_city", "锅炉") == []


def test_the_index_is_made_anew_with_the_relays(
    app: APIFlask, world: World, paper: Bulletin
) -> None:
    with writing():
        db.session.execute(text("DELETE FROM fts_relays"))
    assert titles(world, "county", "锅炉") == []
    result = app.test_cli_runner().invoke(args=["search", "rebuild"])
    assert result.exit_code == 0, result.output
    assert titles(world, "county", "锅炉") == [paper.title]
    rows = db.session.scalar(text("SELECT count(*) FROM fts_relays"))
    with writing():
        indexing.index_papers([paper.id])
    assert db.session.scalar(text("SELECT count(*) FROM fts_relays")) == rows


@pytest.mark.parametrize("frequent", [1, 2, 20])
def test_frequent_words_of_relays_are_found_alike(
    world: World, monkeypatch: pytest.MonkeyPatch, frequent: int
) -> None:
    for number in range(3):
        bulletin = to_cities(world, title=f"第{number}")
        relayed(world, bulletin, note="锅炉" if number else "锅炉 电梯")
    indexed()
    monkeypatch.setattr(glance, "FREQUENT", frequent)
    assert titles(world, "county", "锅炉") == ["第2", "第1", "第0"]
    assert titles(world, "county", "锅炉 电梯") == ["第0"]
    assert titles(world, "county", "锅炉 认真") == ["第2", "第1", "第0"]
    assert titles(world, "county", "电梯 认真") == ["第0"]
    assert titles(world, "other_city", "锅炉") == []
    monkeypatch.setattr(relay_hits, "_WALKED", 1)
    assert titles(world, "county", "锅炉")[:1] == ["第2"]


def test_the_same_queries_with_and_without_relays(world: World) -> None:
    to_cities(world, title="锅炉")
    indexed()
    with counted() as without:
        assert titles(world, "city", "锅炉") == ["锅炉"]
    for number in range(3):
        relayed(world, to_cities(world, title=f"第{number}"), note="锅炉")
    indexed()
    with counted() as many:
        assert len(titles(world, "city", "锅炉")) == 4
    with counted() as mixed:
        assert len(titles(world, "city", "锅炉 认真")) == 4
    # without any words of relays nobody asks for them
    assert len(without) + 1 == len(many) == len(mixed) <= 4


def test_the_same_through_the_api(world: World, client: FlaskClient, paper: Bulletin) -> None:
    city = _relaying()
    for name, expected in (("county", [(paper.id, city)]), ("other_city", [])):
        answer = Caller(world, client, f"{name}-clerk")("GET", "/search?q=梯控").json
        assert [(one["bulletin_id"], one["relayed_by"]) for one in answer["items"]] == expected
        assert answer["total"] == len(expected) == len(answer["facets"]["type"])
