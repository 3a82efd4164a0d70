"""Links in what a relay adds are looked at as a paper's are; who never answers holds up no PDF."""

import socket
from collections.abc import Iterator, Mapping

import pytest
from apiflask import APIFlask
from flask.testing import FlaskClient
from sqlalchemy import select

from bulletins import services
from bulletins.models import LinkReading, LinkVisit, Relay
from bulletins.outside.states import Seen
from bulletins.services import visiting_links
from bulletins.services.noting_links import note_links
from bulletins.services.relay_checking import examine_relay
from bulletins.services.visiting_links import look_at_links
from config.database import db
from tests.bulletins.browsing import Browsers
from tests.bulletins.papers import published, receipt_of
from tests.bulletins.queries import counted
from tests.bulletins.relays import begun, laid, relay_input, to_cities
from tests.bulletins.sites import allow, at, named, serve
from tests.bulletins.test_api import Caller
from tests.receivers import Receiver, receiving
from tests.worlds import World


@pytest.fixture
def site(app: APIFlask, monkeypatch: pytest.MonkeyPatch) -> Iterator[Receiver]:
    """Sites of names that end with example.com, at which the worker may look."""
    allow(app)
    named(monkeypatch)
    with receiving() as one:
        serve(one, {"/alive": 200, "/busy": 503})
        yield one


def told(relay: Relay) -> Mapping[str, list[str]]:
    """What both checks of links say, each as one line."""
    return {
        one.check.name: [f"{found.place}：{found.words}" for found in one.findings]
        for one in examine_relay(relay).outcomes
        if one.findings and "links" in one.check.name
    }


def test_links_of_a_relay_are_looked_at_while_it_is_written(
    world: World, site: Receiver, browser_of: Browsers, client: FlaskClient
) -> None:
    paper = to_cities(world)
    note = f"见[首页]({at(site, '/alive')})。"
    added = (
        f"一、[甲]({at(site, '/gone')})。\n\n二、[乙]({at(site, '/busy', 'busy.example.com')})。"
    )
    relay = begun(world, paper, note=note, additions=added)
    [waiting] = told(relay)["outside_links"]
    assert "3 个外部链接还在核对" in waiting
    assert look_at_links() == 3
    assert look_at_links() == 0
    [gone] = told(relay)["links"]
    assert gone.startswith("链接“甲”：打不开，网站上没有这一页（404）")
    [busy] = told(relay)["outside_links"]
    assert busy.startswith("链接“乙”：没有核对成，对方回答 503")
    page = browser_of(world.people["city-clerk"]).get(f"/relays/{relay.id}").text
    assert "没有这一页（404）" in page
    said = Caller(world, client, "city-clerk")("GET", f"/relays/{relay.id}/checks").json
    assert {one["name"] for one in said["items"] if one["findings"]} == {"links", "outside_links"}
    clerk, receipt = world.actor("city-clerk"), receipt_of(world, "city", paper)
    mended = relay_input(note=note, additions=f"[丙]({at(site, '/alive?1')})")
    services.save_relay(clerk, receipt.id, mended, relay.revision)
    assert look_at_links() == 1
    services.submit_relay(clerk, relay.id)
    services.sign_relay(world.actor("city-approver"), relay.id)
    with counted() as seen:
        assert note_links() == 0
    assert len(seen) == 2
    kinds = db.session.scalars(select(LinkReading.owner_kind)).all()
    assert kinds == ["relay"]


def test_a_relay_that_links_to_what_its_readers_lack_says_so(world: World) -> None:
    city = [world.agencies["city"]]
    to_city = published(world, title="只给市局", to_all=False, to_agencies=city)
    elsewhere = published(world, "other_city", title="别处")
    everywhere = published(world, title="都有")
    links = (
        f"[a](/bulletins/{to_city.id}) [b](/bulletins/{elsewhere.id})"
        f" [c](/bulletins/{everywhere.id}) [d](/inbox/1) [e](http://10.0.0.1/)"
    )
    relay = laid(world, to_cities(world), additions=links)
    places = [line.partition("：")[0] for line in told(relay)["links"]]
    assert places == ["链接“a”", "链接“b”", "链接“d”", "链接“e”"]
    few = laid(world, to_cities(world, title="乙"), additions="[a](/bulletins/1)")
    with counted() as of_many:
        examine_relay(relay)
    with counted() as of_few:
        examine_relay(few)
    assert len(of_many) == len(of_few)


def test_a_page_that_never_answers_holds_up_no_pdf_and_no_table(
    app: APIFlask, world: World, site: Receiver, monkeypatch: pytest.MonkeyPatch
) -> None:
    lines = {queue: line.name for line in app.extensions["lines"] for queue in line.queues}
    jobs = {job.name: lines[job.queue] for job in app.extensions["jobs"] if job.queue}
    slow = {jobs["outside_links"], jobs["read_files"]}
    assert slow.isdisjoint({jobs["print_ahead"], jobs["exports"], lines["heavy"]})
    monkeypatch.setattr(visiting_links, "SECONDS", 0.2)
    with socket.create_server(("127.0.0.1", 0)) as silent:
        host = f"http://silent.example.com:{silent.getsockname()[1]}"
        begun(world, to_cities(world), note=f"[甲]({host}/1) [乙]({at(site, '/alive')})")
        assert look_at_links() == 2
    seen = {one.host: one.seen for one in db.session.scalars(select(LinkVisit))}
    assert seen == {"silent.example.com": Seen.UNCLEAR, "www.example.com": Seen.ALIVE}
