"""The private Atom feed of a saved search."""

import re
from datetime import datetime
from xml.etree import ElementTree

from apiflask import APIFlask
from flask.testing import FlaskClient
from sqlalchemy import select

from agencies.models import Seat, Tenure
from agencies.states import SeatKind
from bulletins import services
from bulletins.decisions import VoidInput
from bulletins.models import SavedSearch, SearchFeed
from bulletins.services import searches
from config import clock
from config.database import db, writing
from config.journal import Entry
from tests.bulletins.browsing import Browsers, post
from tests.bulletins.finding import feed_of, indexed, kept, told
from tests.bulletins.papers import published, receipt_of
from tests.worlds import World

ATOM = "{http://www.w3.org/2005/Atom}"


def test_a_feed_is_valid_and_names_what_was_found(world: World, client: FlaskClient) -> None:
    search = kept(world, name="<电梯> & 锅炉")
    papers = [published(world, title=f"<b>电梯</b>{number} & 检查") for number in range(2)]
    published(world, title="食品")
    published(world, "other_city", title="电梯外地")
    indexed()
    answer = client.get(feed_of(world, "county-reader", search))
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
    address = feed_of(world, "county-clerk", search)
    assert client.get(address).status_code == 200
    assert client.get(address, headers=tagged).status_code in (200, 304)


def test_a_void_paper_says_so_in_the_feed_and_the_digest(world: World, client: FlaskClient) -> None:
    address = feed_of(world, "county-reader", kept(world))
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
    first = feed_of(world, "county-reader", search)
    second = feed_of(world, "county-reader", search)
    assert client.get(first).status_code == 404
    assert client.get(second).status_code == 200
    searches.end_feed(reader, search.id)
    assert client.get(second).status_code == 404

    left = feed_of(world, "county-duty", search)
    with writing():
        seat = select(Seat.id).where(
            Seat.agency_id == world.agencies["county"], Seat.kind == SeatKind.DUTY
        )
        tenure = db.session.scalars(select(Tenure).where(Tenure.seat_id.in_(seat))).one()
        tenure.ended_at = clock.now()
    assert client.get(left).status_code == 404

    moved = feed_of(world, "county-clerk", search)
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
    assert page.status_code == 303
    secret = re.search(r"/feeds/([\w-]{40,})\.atom", reader.get("/searches").text)
    assert secret
    assert secret[1] not in reader.get("/searches").text
    feed = db.session.scalars(select(SearchFeed)).one()
    assert secret[1] not in str(vars(feed))
    assert all(secret[1] not in body for body in db.session.scalars(select(Entry.body)))
    assert app.test_client().get(f"/feeds/{secret[1]}.atom").status_code == 200
