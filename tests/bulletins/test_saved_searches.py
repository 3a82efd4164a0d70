"""Searches kept by an agency: followed for its digests, read as a feed at a private address."""

import re
from datetime import datetime
from xml.etree import ElementTree

import pytest
from apiflask import APIFlask
from flask.testing import FlaskClient
from sqlalchemy import select

from agencies.models import Seat, Tenure
from agencies.states import SeatKind
from bulletins import services
from bulletins.decisions import VoidInput
from bulletins.models import SavedSearch, SearchFeed, SearchMatch
from bulletins.search.criteria import SavedInput
from bulletins.search.section import SECTIONS
from bulletins.services import matching, searches
from config import clock, journal
from config.database import db, writing
from config.errors import Invalid, NotFound
from config.journal import Entry
from config.sections import Span
from tests.bulletins.browsing import Browsers, post
from tests.bulletins.finding import indexed
from tests.bulletins.papers import published, receipt_of, submitted
from tests.bulletins.relays import relayed, to_cities
from tests.worlds import World

ATOM = "{http://www.w3.org/2005/Atom}"
[SECTION] = SECTIONS


def kept(world: World, agency: str = "county", q: str = "电梯", **given: object) -> SavedSearch:
    """A followed search of the agency."""
    data = SavedInput.model_validate({"q": q, "followed": True, **given})
    return searches.save(world.actor(f"{agency}-clerk"), data)


def told(world: World, agency: str, after: int = 0) -> list[tuple[str, str]]:
    """Titles and remarks that the agency's digest lists after a position."""
    part = SECTION.compose([world.agencies[agency]], Span(after, journal.head()))
    items = part[world.agencies[agency]].items if part else ()
    return [(item.text, item.remark) for item in items]


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
        matching.match(paper.id, source)
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


def test_who_narrowed_by_days_is_told_that_they_are_not_kept(
    world: World, browser_of: Browsers
) -> None:
    published(world, title="电梯检查")
    indexed()
    clerk = browser_of(world.people["county-clerk"])
    told = "日期不会保存"
    assert told not in clerk.get("/search?q=电梯").text
    for narrowed in ("since=2001-11-01", "until=2099-12-31"):
        assert told in clerk.get(f"/search?q=电梯&{narrowed}").text
    given = {"q": "电梯", "since": "2001-11-01"}
    refused = post(clerk, "/searches", "/search?q=电梯", **given, name="梯" * 51)
    assert refused.status_code == 422
    assert told in refused.text
    assert re.search(r'name="since"[^>]*value="2001-11-01"', refused.text)
    assert post(clerk, "/searches", "/search?q=电梯", **given).status_code == 303
    assert "2001" not in clerk.get("/searches").text


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
    feed = client.get(_feed_of(world, "county-reader", both)).text
    assert "电梯一" in feed
    assert "电梯二" not in feed
    with pytest.raises(Invalid):
        kept(world, topic="care")


def _feed_of(world: World, name: str, search: SavedSearch) -> str:
    return f"/feeds/{searches.issue_feed(world.actor(name), search.id)}.atom"


def test_a_feed_is_valid_and_names_what_was_found(world: World, client: FlaskClient) -> None:
    search = kept(world, name="<电梯> & 锅炉")
    papers = [published(world, title=f"<b>电梯</b>{number} & 检查") for number in range(2)]
    published(world, title="食品")
    published(world, "other_city", title="电梯外地")
    indexed()
    answer = client.get(_feed_of(world, "county-reader", search))
    assert answer.status_code == 200
    assert answer.mimetype == "application/atom+xml"
    root = ElementTree.fromstring(answer.data)
    assert root.tag == f"{ATOM}feed"
    entries = root.findall(f"{ATOM}entry")
    # RFC 4287, 4.1: what a feed and an entry must have, each once
    for element in (root, *entries):
        for name in ("id", "title", "updated", "author"):
            assert len(element.findall(ATOM + name)) == 1, name
        at = element.findtext(f"{ATOM}updated") or ""
        assert datetime.fromisoformat(at).tzinfo is not None
    assert root.findtext(f"{ATOM}title") == "<电梯> & 锅炉"
    expected = [f"<b>电梯</b>{number} & 检查" for number in (1, 0)]
    assert [entry.findtext(f"{ATOM}title") for entry in entries] == expected
    assert len({entry.findtext(f"{ATOM}id") for entry in entries}) == 2
    link = entries[1].find(f"{ATOM}link")
    assert link is not None
    assert link.get("rel") == "alternate"
    assert link.get("href", "").endswith(f"/inbox/{receipt_of(world, 'county', papers[0]).id}")
    assert "认真" not in answer.text
    tagged = {"If-None-Match": answer.headers["ETag"]}
    address = _feed_of(world, "county-clerk", search)
    assert client.get(address).status_code == 200
    assert client.get(address, headers=tagged).status_code in (200, 304)


def test_a_void_paper_says_so_in_the_feed_and_the_digest(world: World, client: FlaskClient) -> None:
    address = _feed_of(world, "county-reader", kept(world))
    paper = published(world, title="电梯检查")
    indexed()
    indexed()
    services.void(world.actor("province-approver"), paper.id, VoidInput(reason="数字有误。"))
    assert "<title>【已撤销】电梯检查</title>" in client.get(address).text
    assert told(world, "county") == [("电梯检查", "已撤销，检索“电梯”")]


def test_a_feed_ends_with_its_address_its_seat_and_its_search(
    world: World, client: FlaskClient
) -> None:
    search, reader = kept(world), world.actor("county-reader")
    first = _feed_of(world, "county-reader", search)
    second = _feed_of(world, "county-reader", search)
    assert client.get(first).status_code == 404
    assert client.get(second).status_code == 200
    searches.end_feed(reader, search.id)
    assert client.get(second).status_code == 404

    left = _feed_of(world, "county-duty", search)
    with writing():
        seat = select(Seat.id).where(
            Seat.agency_id == world.agencies["county"], Seat.kind == SeatKind.DUTY
        )
        tenure = db.session.scalars(select(Tenure).where(Tenure.seat_id.in_(seat))).one()
        tenure.ended_at = clock.now()
    assert client.get(left).status_code == 404

    moved = _feed_of(world, "county-clerk", search)
    with writing():
        db.session.get_one(SavedSearch, search.id).agency_id = world.agencies["city"]
    assert client.get(moved).status_code == 404
    with writing():
        db.session.get_one(SavedSearch, search.id).agency_id = world.agencies["county"]
    assert client.get(moved).status_code == 200
    searches.remove(world.actor("county-clerk"), search.id)
    assert client.get(moved).status_code == 404
    for forged in ("x", "é" * 50, "%00", "a" * 5000):
        assert client.get(f"/feeds/{forged}.atom").status_code == 404


def test_the_secret_is_shown_once_and_kept_as_a_hash(
    app: APIFlask, world: World, browser_of: Browsers
) -> None:
    search = kept(world)
    reader = browser_of(world.people["county-reader"])
    page = post(reader, f"/searches/{search.id}/feed", "/searches")
    secret = re.search(r"/feeds/([\w-]{40,})\.atom", page.text)
    assert page.status_code == 201
    assert secret
    assert secret[1] not in reader.get("/searches").text
    feed = db.session.scalars(select(SearchFeed)).one()
    assert secret[1] not in str(vars(feed))
    assert all(secret[1] not in body for body in db.session.scalars(select(Entry.body)))
    assert app.test_client().get(f"/feeds/{secret[1]}.atom").status_code == 200


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
