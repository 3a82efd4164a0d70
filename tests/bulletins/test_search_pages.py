"""The page of a search: highlights, facets, pages, and whatever somebody may type."""

import re
from urllib.parse import quote

import pytest
from flask.testing import FlaskClient

from tests.bulletins.browsing import Browsers
from tests.bulletins.finding import indexed
from tests.bulletins.papers import published, receipt_of
from tests.worlds import World


@pytest.fixture
def reader(world: World, browser_of: Browsers) -> FlaskClient:
    """Somebody of the county who reads."""
    return browser_of(world.people["county-reader"])


def _found(page: str) -> list[str]:
    headings = re.findall(r"<h2>.*?<a href=\"[^\"]*\">(.*?)</a></h2>", page)
    return [re.sub(r"</?mark>", "", heading) for heading in headings]


def test_found_words_are_marked_and_lead_to_the_paper(world: World, reader: FlaskClient) -> None:
    body = "开头。" * 60 + "请**认真**落实 <script>alert(1)</script> 电梯 & 锅炉检查。"
    paper = published(world, title="<b>电梯</b>检查", body=body)
    indexed()
    page = reader.get("/search", query_string={"q": "电梯 认真落实"}).text
    assert "&lt;b&gt;<mark>电梯</mark>&lt;/b&gt;检查" in page
    assert "<mark>认真落实</mark> &lt;script&gt;" in page
    assert "<mark>电梯</mark> &amp; 锅炉" in page
    assert "<script>alert" not in page
    assert f'href="/inbox/{receipt_of(world, "county", paper).id}"' in page


def test_the_issuer_is_led_to_its_own_page(world: World, browser_of: Browsers) -> None:
    paper = published(world, title="电梯检查")
    indexed()
    page = browser_of(world.people["province-reader"]).get("/search?q=电梯").text
    assert f'href="/bulletins/{paper.id}"' in page


def test_facets_count_and_narrow(world: World, reader: FlaskClient) -> None:
    for number in range(3):
        published(world, title=f"检查{number}")
    published(world, "city", title="检查意见", type="opinion")
    indexed()
    page = reader.get("/search?q=检查").text
    facet = re.search(
        r'<a href="([^"]*type=opinion[^"]*)"><span>意见</span><span class="num">1<', page
    )
    assert facet
    assert '<span>通知</span><span class="num">3<' in page
    narrowed = reader.get(facet[1].replace("&amp;", "&")).text
    assert _found(narrowed) == ["检查意见"]
    given_up = re.search(r'<a href="([^"]*)" aria-current="true"><span>意见', narrowed)
    assert given_up
    assert len(_found(reader.get(given_up[1].replace("&amp;", "&")).text)) == 4


def test_pages_go_on_by_key(world: World, reader: FlaskClient) -> None:
    for number in range(60):
        published(world, title=f"检查第{number}号", body="正文" if number % 2 else "检查")
    indexed()
    url, pages = "/search?q=检查", []
    while url:
        page = reader.get(url).text
        pages.append(_found(page))
        older = re.search(r'href="([^"]*after=[^"]*)"', page)
        url = older[1].replace("&amp;", "&") if older else ""
    assert [len(one) for one in pages] == [25, 25, 10]
    assert len({title for one in pages for title in one}) == 60
    newer = re.search(r'href="([^"]*before=[^"]*)"', page)
    assert newer
    assert _found(reader.get(newer[1].replace("&amp;", "&")).text) == pages[1]


HOSTILE = (
    *('"', '""', "'", "*", "食*", "(", ")", "食 AND (", "NEAR(食 品)", "title:食", "食 OR 品"),
    *("^食", "食:*", "!食", "& |", "食\\", "%", "_", "食';--", "{title}", "\0", "食\0品", "-食"),
    *("\ud800", "食\udfff", "\ufffe", "'a' <-> 'b'", "食" * 100, '"' * 100, "a " * 50),
    *("<script>alert(1)</script>", "\u200b", "😀", "ﷺ" * 90, "ß" * 90, "１" * 90, "a'b"),
    *("\u202e食", "食 " * 50),
)
UNSEEKABLE = (
    *(f"q={'食' * 100_000}", f"q={'a' * 101}", "q=。"),
    *("type=nonsense", "issuer=x", "issuer=0", f"issuer={2**70}", "since=nonsense"),
    *("since=99999-01-01", "sort=x"),
)


def test_whatever_is_typed_is_answered(world: World, reader: FlaskClient) -> None:
    published(world, title="食品检查")
    indexed()
    for words in HOSTILE:
        raw = quote(words.encode("utf-8", "surrogatepass"))
        answer = reader.get(f"/search?q={raw}")
        assert answer.status_code in (200, 422), words
        assert "<script>alert" not in answer.text


def test_what_cannot_be_sought_is_said(world: World, reader: FlaskClient) -> None:
    for query in UNSEEKABLE:
        answer = reader.get(f"/search?{query}")
        assert answer.status_code == 422, query[:20]
        assert "notice-danger" in answer.text


def test_forged_marks_are_refused(world: World, reader: FlaskClient) -> None:
    for mark in ("x", "bnVsbA", "WzEsMiwzXQ", "WyJhIiwiYiJd"):
        for name in ("after", "before"):
            assert reader.get(f"/search?q=食&{name}={mark}").status_code == 400


def test_every_seat_has_the_box_and_administrators_none(world: World, browser_of: Browsers) -> None:
    for name in ("county-reader", "county-duty", "province-approver"):
        assert 'class="top-search"' in browser_of(world.people[name]).get("/").text
    assert 'class="top-search"' not in browser_of(world.people["system"]).get("/").text


def test_topics_and_sectors_count_and_narrow(world: World, reader: FlaskClient) -> None:
    published(world, title="检查甲", topics=["food"], sectors=["care"])
    published(world, title="检查乙", topics=["food"])
    indexed()
    page = reader.get("/search?q=检查").text
    assert re.search(r'topic=food"><span>食品安全</span><span class="num">2<', page)
    facet = re.search(r'<a href="([^"]*sector=care)"><span>养老家政</span>', page)
    assert facet
    assert _found(reader.get(facet[1].replace("&amp;", "&")).text) == ["检查甲"]
    answer = reader.get("/search?q=检查&topic=" + "x" * 21)
    assert answer.status_code == 422
