"""What sanitisers are tested with, as people's words everywhere: a real browser finds nothing."""

import re
from collections.abc import Collection, Iterator
from importlib.metadata import version
from itertools import chain
from typing import Any
from xml.etree import ElementTree

import pytest
from flask import render_template
from playwright.sync_api import Browser
from sqlalchemy import select

from bulletins.models import Bulletin
from bulletins.services import official
from config import text
from config.database import db
from config.errors import DomainError
from notifications.models import Message
from notifications.services.telling import compose_notices
from tests.bulletins.asking import answered, asked
from tests.bulletins.finding import indexed
from tests.bulletins.papers import published as published_paper
from tests.bulletins.papers import receipt_of
from tests.bulletins.relays import relayed
from tests.notifications.hours import handle
from tests.security import published
from tests.security.house import House
from tests.security.judging import Judged, judged

ATOM = "{http://www.w3.org/2005/Atom}"
FEED = {
    "feed": {"id", "title", "updated", "link", "author", "entry"},
    "entry": {"id", "title", "updated", "author", "category", "link"},
    "author": {"name"},
}
PLAIN = ["平常的话。", "**要紧**的话，见 https://a.example/ 。"]

SHARP = re.compile(r"script|\bon\w+ *=|style|svg|math|frame|form|<!|data:|&#", re.I)
"""What is tried in every place; how a plain link is drawn is tried once."""


@pytest.fixture(scope="module")
def cases() -> list[str]:
    """Every piece of every collection."""
    try:
        found = published.cases()
    except published.Unfetched as error:
        pytest.fail(str(error), pytrace=False)
    assert all(len(some) > 100 for some in found.values()), "a collection is read wrongly"
    return list(dict.fromkeys(chain.from_iterable(found.values())))


def test_the_collection_is_of_the_version_that_we_run() -> None:
    assert published.versions()["bleach"] == version("bleach")


def _written(cases: list[str]) -> Iterator[str]:
    """Each piece as it stands, and its addresses in all the ways of writing a link."""
    yield from cases
    for link in dict.fromkeys(chain.from_iterable(map(published.addresses, cases))):
        yield f"[按此]({link}) <{link}> ![图]({link})"
        yield f'<a href="{link}">按此</a>'


def _documents(parts: list[str]) -> list[str]:
    """Pages of many parts each; a browser reads few large ones sooner."""
    packs = [parts[at : at + 25] for at in range(0, len(parts), 25)]
    return [f"<!doctype html><body><p>{'<p>'.join(pack)}</body>" for pack in packs[::2]]


def _nothing_active(found: Judged, usual: Collection[str] = ()) -> None:
    assert not found.scripts
    assert not found.asked
    strange = [sorted(set(some).difference(usual)) for some in found.active]
    assert not any(strange), [one for one in strange if one][:5]


def test_the_browser_finds_what_is_active(chromium: Browser, cases: list[str]) -> None:
    """As they stand the pieces are active, or the tests below would prove nothing."""
    found = judged(chromium, [f"<!doctype html><body>{one}" for one in cases[::6]])
    assert sum(bool(some) for some in found.active) > 30
    assert len(found.scripts) > 10
    assert found.asked


def test_text_that_is_shown_as_html(
    chromium: Browser, quick_house: House, cases: list[str]
) -> None:
    shown = []
    for one in _written(cases):
        answer = quick_house.call("clerk", "POST", "/bulletins/preview", data={"body": one})
        assert answer.status_code == 200, one
        shown.append(answer.text)
    assert len(shown) > 700
    _nothing_active(judged(chromium, _documents(shown)))


def _packs(cases: list[str]) -> Iterator[list[str]]:
    """As many pieces as a title holds."""
    pack: list[str] = []
    for one in (text.harmless(one) for one in cases):
        if len(" ".join([*pack, one])) > 190 and pack:
            yield pack
            pack = []
        pack.append(one)
    yield pack


def _told(house: House, packs: list[list[str]]) -> Bulletin:
    """An urgent paper with these pieces in all its parts; as a title holds one pack, every other
    pack has a paper of its own for its title, which is drawn as that of the others.
    """
    world = house.world
    titles = [f"检查 {' '.join(pack)}"[:200].strip() for pack in packs]
    body = "\n\n".join(chain.from_iterable(packs))
    to: dict[str, Any] = {"to_all": False, "to_agencies": [world.agencies["county"]]}
    for title in titles[1:]:
        published_paper(world, title=title, urgency="urgent", **to)
    given = {**to, "to_agencies": [world.agencies["city"]], "urgency": "urgent"}
    paper = published_paper(world, title=titles[0], body=body, **given)
    relayed(world, paper, note=body, additions=body, **to)
    question = asked(world, paper, text=body[:1000].strip(), for_all=True)
    answered(world, "province", [question], text=body, topic=titles[0], for_all=True)
    return paper


def _everywhere(house: House, packs: list[list[str]]) -> dict[str, list[str]]:
    """Every place that shows papers, as HTML or a feed, once all of these are published."""
    told = []
    with house.app.app_context():
        handle()
        for at in range(0, len(packs), 4):
            try:
                told.append(_told(house, packs[at : at + 4]))
            except DomainError as error:
                pytest.fail(f"{packs[at : at + 4]}: {error} {getattr(error, 'errors', '')}")
        handle()
        indexed()
        while compose_notices():
            pass
        receipts = [receipt_of(house.world, "county", paper) for paper in told]
        ids = [(one.id, one.bulletin_id) for one in receipts]
        pdfs = [_of_pdf(house, receipt) for receipt, _paper in ids]
        mails = list(db.session.scalars(select(Message.html).where(Message.html != "")))
    secret = house.filled("{feed_secret}", "reader")
    return {
        "papers": [_read(house, f"/inbox/{receipt}") for receipt, _paper in ids],
        "answers": [_read(house, f"/bulletins/{paper}/questions") for _receipt, paper in ids],
        "sheets": [_read(house, f"/inbox/{receipt}/official") for receipt, _paper in ids],
        "pdfs": pdfs,
        "lists": [_read(house, "/inbox"), _read(house, "/search?q=alert")],
        "digests": [_read(house, "/settings/digests/mail/preview")],
        "mails": mails,
        "feeds": [_read(house, f"/feeds/{secret}.atom")],
    }


def _of_pdf(house: House, receipt_id: int) -> str:
    """The document of which the PDF is made."""
    with house.app.test_request_context():
        paper = official.received(house.world.actor("county-reader"), receipt_id)
        return render_template("bulletins/official_pdf.html", paper=paper)


def _read(house: House, path: str) -> str:
    page = house.call("reader", "GET", path)
    assert page.status_code == 200, path
    return page.text


def test_every_place_that_shows_a_paper(
    chromium: Browser, quick_house: House, cases: list[str]
) -> None:
    """Nothing is there that is not there with plain words too."""
    plain = _everywhere(quick_house, [PLAIN] * 5)
    quick_house.keeper.restore()
    packs = list(_packs([one for one in cases if SHARP.search(one)]))
    assert len(packs) > 40
    hostile = _everywhere(quick_house, packs)
    assert len(hostile["mails"]) >= len(packs)
    for feed in hostile.pop("feeds"):
        _only_words(feed)
    for place, documents in hostile.items():
        usual = judged(chromium, plain[place])
        _nothing_active(judged(chromium, documents), set(chain.from_iterable(usual.active)))


def _only_words(feed: str) -> None:
    """A feed of RFC 4287 without content, its titles plain text, its links to this site."""
    root, seen = ElementTree.fromstring(feed), 0
    for one in root.iter():
        name = one.tag.removeprefix(ATOM)
        assert {child.tag.removeprefix(ATOM) for child in one} <= FEED.get(name, set())
        assert set(one.attrib) <= {"rel", "type", "href", "term"}
        if name == "title":
            assert "type" not in one.attrib
            seen += "<" in (one.text or "")
        if name == "link":
            assert one.attrib["href"].startswith("http://127.0.0.1:8000/")
    assert seen > 3
