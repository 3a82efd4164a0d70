"""Searches kept by an agency: followed for its digests, read as a feed at a private address."""

import re
from datetime import timedelta

import pytest
from flask import current_app
from flask.testing import FlaskClient
from sqlalchemy import select

from bulletins import services
from bulletins.models import SavedSearch, SearchMatch
from bulletins.search.criteria import SavedInput
from bulletins.services import matching, searches
from config import clock, journal
from config.database import db, writing
from config.errors import Invalid, NotFound
from config.journal import Entry
from config.sections import Span
from tests.bulletins.browsing import Browsers, post
from tests.bulletins.corrections import correcting
from tests.bulletins.finding import SECTION, feed_of, indexed, kept, told
from tests.bulletins.papers import more_agencies, published, receipt_of, submitted
from tests.bulletins.relays import relayed, to_cities
from tests.bulletins.test_api import Caller
from tests.worlds import World


def test_what_a_followed_search_finds_stands_in_the_digest(world: World) -> None:
    published(world, title="电梯旧闻")
    kept(world, name="特种设备")
    kept(world, "sibling", q="锅炉")
    kept(world, q="电梯 检查", type="letter")
    paper = published(world, title="电梯检查")
    published(world, title="食品检查", body="电 梯")
    indexed()
    indexed()  # the matches have entries of their own, which are settled now
    assert told(world, "county") == [("电梯检查", "检索“特种设备”")]
    assert told(world, "sibling") == []
    items = SECTION.compose([world.agencies["county"]], Span(0, journal.head()))
    [item] = items[world.agencies["county"]].items
    assert item.path == f"/inbox/{receipt_of(world, 'county', paper).id}"


def test_a_match_found_late_stands_at_its_own_position(world: World) -> None:
    kept(world)
    paper = published(world, title="电梯检查")
    source = db.session.scalars(
        select(Entry).where(Entry.kind == "bulletin.published", Entry.subject_id == paper.id)
    ).one()
    indexed()
    indexed()
    assert source.position is not None
    assert told(world, "county", after=source.position) == [("电梯检查", "检索“电梯”")]
    with writing():
        matching.match(paper.id)
    assert len(db.session.scalars(select(SearchMatch)).all()) == 1


def test_what_is_followed_no_more_finds_nothing(world: World) -> None:
    search = kept(world)
    clerk = world.actor("county-clerk")
    searches.follow(clerk, search.id, followed=False)
    published(world, title="电梯一")
    indexed()
    searches.follow(clerk, search.id, followed=True)
    published(world, title="电梯二")
    indexed()
    indexed()
    assert [title for title, _remark in told(world, "county")] == ["电梯二"]
    searches.remove(clerk, search.id)
    assert told(world, "county") == []


def test_as_the_index_finds_so_do_followed_searches(world: World) -> None:
    words = ("梯", "电梯检", '"GB/T 7588"', "7588-2020", "河北省", "通知 电梯", "2020年")
    others = ("电检", "758", "检查检查", "梯检测")
    for q in (*words, *others):
        kept(world, q=q)
    published(world, title="电梯检查的通知", body="按 **GB/T 7588**-2020 执行，2020年起。")
    indexed()
    found = db.session.scalars(
        select(SavedSearch.q).join(SearchMatch, SearchMatch.search_id == SavedSearch.id)
    )
    assert set(found) == set(words)


def test_too_many_or_empty_ones_are_refused(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(searches, "MOST", 1)
    kept(world)
    with pytest.raises(Invalid):
        kept(world)
    with pytest.raises(ValueError, match="检索"):
        SavedInput.model_validate({"q": "。"})


def test_another_agencys_search_is_none(world: World) -> None:
    search, other = kept(world), world.actor("city-clerk")
    for attempt in (
        lambda: searches.follow(other, search.id, followed=False),
        lambda: searches.remove(other, search.id),
        lambda: searches.issue_feed(other, search.id),
    ):
        with pytest.raises(NotFound):
            attempt()


def test_pages_save_follow_and_remove(world: World, browser_of: Browsers) -> None:
    published(world, title="电梯检查")
    indexed()
    clerk = browser_of(world.people["county-clerk"])
    post(clerk, "/searches", "/search?q=电梯", q="电梯", name="梯", followed="1")
    page = clerk.get("/searches").text
    assert "关注中" in page
    again = re.search(r'<a href="(/search\?[^"]*)">梯</a>', page)
    assert again
    assert "检查" in clerk.get(again[1].replace("&amp;", "&")).text
    search_id = db.session.scalars(select(SavedSearch.id)).one()
    post(clerk, f"/searches/{search_id}/follow", "/searches", followed="0")
    assert "未关注" in clerk.get("/searches").text
    post(clerk, f"/searches/{search_id}/remove", "/searches")
    assert "还没有保存的检索" in clerk.get("/searches").text
    reader = browser_of(world.people["county-reader"]).get("/search?q=电梯").text
    assert "保存此检索" not in reader


def test_days_are_kept_as_they_were_typed(
    world: World, browser_of: Browsers, client: FlaskClient
) -> None:
    today = clock.today(current_app.extensions["settings"].zone)
    with clock.shifted(timedelta(days=-800)):
        published(world, title="电梯旧闻")
    clerk = browser_of(world.people["county-clerk"])
    given = {"q": "电梯", "since": str(today - timedelta(days=9)), "name": "梯"}
    before = str(today - timedelta(days=1))
    assert "已过" not in clerk.get(f"/search?q=电梯&since={given['since']}").text
    assert "已过" in clerk.get(f"/search?q=电梯&until={before}").text
    turned = f"/search?q=电梯&since={given['since']}&until=2001-11-01"
    assert "截止日期早于起始日期" in clerk.get(turned).text
    for wrong in ({"name": "梯" * 51}, {"until": "2001-11-01"}):
        refused = post(clerk, "/searches", "/search?q=电梯", **{**given, **wrong})
        assert refused.status_code == 422
        assert re.search(rf'name="since"[^>]*value="{given["since"]}"', refused.text)
    assert post(clerk, "/searches", "/search?q=电梯", **given, followed="1").status_code == 303
    past = kept(world, name="旧", until=before)
    published(world, title="电梯检查")
    indexed()
    indexed()
    page = clerk.get("/searches").text
    assert f"电梯 · 发布自 {given['since']} 起" in page
    assert f"电梯 · 发布至 {before} 止" in page
    again = re.search(r'<a href="(/search\?[^"]*)">梯</a>', page)
    assert again
    found = clerk.get(again[1].replace("&amp;", "&")).text
    assert "检查" in found
    assert "旧闻" not in found
    assert told(world, "county") == [("电梯检查", "检索“梯”")]
    [item] = [one for one in _listed(world, client) if one["name"] == "梯"]
    assert (item["since"], item["until"]) == (given["since"], None)
    feed = client.get(feed_of(world, "county-reader", past)).text
    assert "旧闻" in feed
    assert "检查" not in feed


def _listed(world: World, client: FlaskClient) -> list[dict[str, object]]:
    answer = Caller(world, client, "county-clerk")("GET", "/searches")
    items: list[dict[str, object]] = answer.json["items"]
    return items


def test_a_refused_search_gives_back_what_was_typed(world: World, browser_of: Browsers) -> None:
    published(world, title="电梯检查", topics=["equipment"])
    indexed()
    clerk = browser_of(world.people["county-clerk"])
    given = {"q": "电梯", "type": "notice", "topic": "equipment"}
    answer = post(clerk, "/searches", "/search?q=电梯", **given, name="梯" * 51)
    assert answer.status_code == 422
    assert f'value="{"梯" * 51}"' in answer.text
    assert "不能超过 50 个字" in answer.text
    for name, value in given.items():
        assert re.search(rf'<input type="hidden" name="{name}"[^>]*value="{value}"', answer.text)
    assert "<mark>电梯</mark>检查" in answer.text
    assert db.session.scalars(select(SavedSearch)).all() == []
    answer = post(clerk, "/searches", "/search?q=电梯", q="电梯", topic="care", name="梯")
    assert answer.status_code == 422
    assert 'value="梯"' in answer.text


def test_topic_sector_and_issuer_narrow_what_is_followed(world: World, client: FlaskClient) -> None:
    both = kept(world, name="两者", topic="food", sector="care")
    kept(world, q="", name="计量", topic="metrology")
    kept(world, q="", name="唐山", issuer=world.agencies["other_city"])
    for title, topics, sectors in (
        ("电梯一", ["food"], ["care"]),
        ("电梯二", ["food"], []),
        ("三", ["metrology"], []),
    ):
        published(world, title=title, topics=topics, sectors=sectors)
    paper = submitted(world, "city", title="四", joint_agencies=[world.agencies["other_city"]])
    services.cosign(world.actor("other_city-approver"), paper.id)
    services.sign(world.actor("city-approver"), paper.id)
    indexed()
    indexed()
    assert told(world, "county") == [
        ("电梯一", "检索“两者”"),
        ("三", "检索“计量”"),
        ("四", "检索“唐山”"),
    ]
    feed = client.get(feed_of(world, "county-reader", both)).text
    assert "电梯一" in feed
    assert "电梯二" not in feed
    with pytest.raises(Invalid):
        kept(world, topic="care")


def test_relayed_papers_are_found_for_those_below(world: World) -> None:
    kept(world)
    paper = to_cities(world, title="电梯检查")
    indexed()
    indexed()
    assert told(world, "county") == []
    relayed(world, paper, "city")
    indexed()
    indexed()
    assert told(world, "county") == [("电梯检查", "检索“电梯”")]


def test_words_that_relays_add_are_told_once_to_those_below(
    world: World, client: FlaskClient
) -> None:
    for name in ("province", "city", "county", "sibling", "other_county"):
        search = kept(world, name, q="锅炉 检查", name="炉")
        if name == "county":
            address = feed_of(world, "county-reader", search)
    paper = to_cities(world, title="检查")
    relayed(world, paper, note="锅炉", to_all=False, to_agencies=[world.agencies["county"]])
    [signed] = db.session.scalars(select(Entry).where(Entry.kind == "relay.signed"))
    indexed()
    indexed()
    relayed(world, paper, "city", additions="另报锅炉。")
    indexed()
    indexed()
    assert signed.position is not None
    for name in ("county", "sibling"):
        assert told(world, name, after=signed.position) == [("检查", "检索“炉”")], name
    for name in ("province", "city", "other_county"):
        assert told(world, name) == [], name
    feed = client.get(address).text
    assert feed.count("<entry>") == 1
    came = receipt_of(world, "county", paper).sent_at.isoformat(timespec="seconds")
    assert f"<updated>{came}</updated>" in feed.split("<entry>")[1]
    with writing():
        matching.match(paper.id)
    assert len(db.session.scalars(select(SearchMatch)).all()) == 2


def test_words_of_all_relays_on_the_way_count_and_only_what_came_since(world: World) -> None:
    [township] = more_agencies(world.agencies["county"], 1)
    followed = kept(world, "sibling", q="缺席").followed_entry_id
    clerk = world.people["county-clerk"]
    with writing():
        search = SavedSearch(
            agency_id=township, name="甲", q="锅炉 台账 检查", followed_entry_id=followed
        )
        search.created_at, search.created_by = clock.now(), clerk
        db.session.add(search)
    paper = to_cities(world, title="检查")
    kept(world, "city", q="检查")  # the paper is there already
    relayed(world, paper, note="锅炉", to_all=False, to_agencies=[world.agencies["county"]])
    relayed(world, paper, "county", note="台账")
    indexed()
    assert db.session.scalars(select(SearchMatch.search_id)).all() == [search.id]
    correcting(world, paper, title="检查更正", body="全面检查。")
    services.submit(world.actor("province-clerk"), paper.id)
    services.sign(world.actor("province-approver"), paper.id)
    indexed()
    found = db.session.execute(select(SearchMatch.search_id, SearchMatch.version)).all()
    assert {tuple(row) for row in found if row.search_id == search.id} == {
        (search.id, 1),
        (search.id, 2),
    }
