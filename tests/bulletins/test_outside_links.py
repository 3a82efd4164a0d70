"""Outside links of papers at work: looked at by the worker, told of by the checks."""

from collections.abc import Iterator, Mapping
from datetime import timedelta
from unittest.mock import patch

import pytest
from apiflask import APIFlask
from flask.testing import FlaskClient
from sqlalchemy import select

from bulletins import services
from bulletins.links import MOST
from bulletins.models import Bulletin, LinkReading, LinkVisit
from bulletins.outside.states import WANTED, Seen
from bulletins.queries.visits import PER_HOST
from bulletins.services import visiting_links
from bulletins.services.checking import Unchecked, examine
from bulletins.services.noting_links import forget_links, note_links
from bulletins.services.visiting_links import look_at_links
from config import clock
from config.database import db, writing
from tests.bulletins.browsing import Browsers
from tests.bulletins.papers import draft_input, drafted, every_check, published, submitted
from tests.bulletins.queries import counted
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


def linking(*urls: str) -> str:
    return "\n\n".join(f"[第{n}处]({url})" for n, url in enumerate(urls, start=1))


def told(bulletin: Bulletin) -> Mapping[str, list[str]]:
    """What both checks of links say, each as one line."""
    return {
        one.check.name: [f"{found.place}：{found.words}" for found in one.findings]
        for one in examine(bulletin).outcomes
        if one.findings and "links" in one.check.name
    }


def visits() -> dict[str, LinkVisit]:
    db.session.rollback()
    return {one.url: one for one in db.session.scalars(select(LinkVisit))}


def test_what_is_dead_warns_and_what_is_unclear_is_noted(world: World, site: Receiver) -> None:
    bulletin = drafted(
        world,
        body=linking(
            at(site, "/alive"),
            at(site, "/gone"),
            at(site, "/busy", "busy.example.com"),
            "https://there-is-none.example.org/",
        ),
    )
    [waiting] = told(bulletin)["outside_links"]
    assert "4 个外部链接还在核对" in waiting
    assert "links" not in told(bulletin)
    assert look_at_links() == 4
    assert [line[:8] for line in told(bulletin)["links"]] == ["链接“第2处”：", "链接“第4处”："]
    gone, no_host = told(bulletin)["links"]
    assert "没有这一页（404）" in gone
    assert "没有这个网站" in no_host
    [unclear] = told(bulletin)["outside_links"]
    assert unclear.startswith("链接“第3处”：没有核对成，对方回答 503")


def test_a_dead_link_holds_up_until_somebody_has_looked(world: World, site: Receiver) -> None:
    bulletin = drafted(world, body=linking(at(site, "/gone")))
    clerk = world.actor("province-clerk")
    look_at_links()
    with pytest.raises(Unchecked):
        services.submit(clerk, bulletin.id)
    assert services.submit(clerk, bulletin.id, ["links"]).state == "submitted"


def test_waiting_and_unclear_hold_nobody_up(world: World, site: Receiver) -> None:
    bulletin = drafted(world, body=linking(at(site, "/busy"), at(site, "/alive")))
    services.submit(world.actor("province-clerk"), bulletin.id, ["number"])
    look_at_links()
    assert services.sign(world.actor("province-approver"), bulletin.id).state == "published"


def test_a_page_is_looked_at_once_a_day_however_many_papers(world: World, site: Receiver) -> None:
    for title in ("甲", "乙"):
        submitted(world, title=title, body=linking(at(site, "/alive")))
    assert look_at_links() == 1
    assert look_at_links() == 0
    with clock.shifted(timedelta(hours=2)):
        assert look_at_links() == 0
    with clock.shifted(timedelta(hours=25)):
        assert look_at_links() == 1
    assert len(site.heard) == 2


def test_one_that_was_mended_is_seen_within_hours(world: World, site: Receiver) -> None:
    bulletin = drafted(world, body=linking(at(site, "/gone")))
    look_at_links()
    serve(site, {"/gone": 200})
    with clock.shifted(timedelta(hours=4)):
        assert look_at_links() == 1
        assert told(bulletin) == {}


def test_a_changed_draft_is_read_anew_and_a_published_one_no_more(
    world: World, site: Receiver
) -> None:
    published(world, body=linking(at(site, "/alive?1")))
    bulletin = drafted(world, body="还没有链接。")
    assert look_at_links() == 0
    data = draft_input(body=linking(at(site, "/alive")))
    services.save_draft(world.actor("province-clerk"), bulletin.id, 1, data)
    assert look_at_links() == 1
    assert list(visits()) == [at(site, "/alive")]


def test_a_draft_that_rests_is_left_alone_until_it_is_submitted(
    world: World, site: Receiver
) -> None:
    bulletin = drafted(world, body=linking(at(site, "/alive")))
    with writing():
        bulletin.updated_at = clock.now() - WANTED - timedelta(days=1)
    assert look_at_links() == 0
    assert "送签后再核对" in told(bulletin)["outside_links"][0]
    services.submit(world.actor("province-clerk"), bulletin.id, every_check())
    assert look_at_links() == 1


def test_switched_off_nothing_is_asked_and_nothing_said(
    app: APIFlask, world: World, site: Receiver
) -> None:
    allow(app, check_links="off")
    bulletin = drafted(world, body=linking(at(site, "/gone")))
    assert look_at_links() == 0
    assert site.heard == []
    assert told(bulletin) == {}


def test_of_ten_thousand_links_a_few_are_looked_at(world: World, site: Receiver) -> None:
    bulletin = drafted(world)
    some = "".join(f'<p><a href="{at(site, f"/{n}")}">x</a></p>' for n in range(10_000))
    with writing():
        bulletin.html = some
    assert look_at_links() == PER_HOST
    assert len(visits()) == MOST
    while look_at_links():
        pass
    assert len({one.path for one in site.heard}) == MOST
    assert len(told(bulletin)["links"]) == MOST + 1


def test_a_name_that_is_none_is_asked_for_once(
    app: APIFlask, world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    allow(app)
    asked = named(monkeypatch)
    drafted(world, body=linking(*(f"https://none.example.org/{n}" for n in range(5))))
    look_at_links()
    assert asked == ["none.example.org"]
    assert {one.seen for one in visits().values()} == {Seen.NO_HOST}


def test_a_host_that_is_busy_rests(world: World, site: Receiver) -> None:
    serve(site, {"/0": 429, "/1": 429})
    drafted(world, body=linking(at(site, "/0"), at(site, "/1")))
    assert look_at_links() == 1
    assert look_at_links() == 0
    with clock.shifted(timedelta(minutes=11)):
        assert look_at_links() == 1


def test_who_is_killed_while_looking_leaves_the_link_to_the_next(
    world: World, site: Receiver
) -> None:
    drafted(world, body=linking(at(site, "/alive")))
    with (
        patch.object(visiting_links, "_looked_at", side_effect=KeyboardInterrupt),
        pytest.raises(KeyboardInterrupt),
    ):
        look_at_links()
    assert look_at_links() == 0  # it may be looking still
    with clock.shifted(timedelta(minutes=6)):
        assert look_at_links() == 1
    assert visits()[at(site, "/alive")].seen == Seen.ALIVE


def test_two_workers_never_share_a_host(world: World, site: Receiver) -> None:
    drafted(world, body=linking(*(at(site, f"/{n}") for n in range(2 * PER_HOST))))
    note_links()
    assert len(visiting_links._claimed(clock.now())) == PER_HOST
    assert visiting_links._claimed(clock.now()) == []


def test_what_nobody_links_to_is_forgotten(world: World, site: Receiver) -> None:
    published(world, body=linking(at(site, "/alive?1")))
    bulletin = submitted(world, title="乙", body=linking(at(site, "/alive")))
    look_at_links()
    services.sign(world.actor("province-approver"), bulletin.id, looked_at=every_check())
    forget_links()
    assert len(visits()) == 1
    with clock.shifted(WANTED + timedelta(days=1)):
        forget_links()
        assert visits() == {}
        assert db.session.scalars(select(LinkReading)).all() == []


def test_links_cost_the_same_few_queries_however_many(world: World, site: Receiver) -> None:
    few = drafted(world, body=linking(at(site, "/0")))
    many = drafted(world, title="乙", body=linking(*(at(site, f"/{n}") for n in range(25))))
    with counted() as of_few:
        examine(few)
    with counted() as of_many:
        examine(many)
    assert len(of_few) == len(of_many)


def test_page_and_api_show_what_was_seen(
    world: World, site: Receiver, browser_of: Browsers, client: FlaskClient
) -> None:
    bulletin = submitted(world, body=linking(at(site, "/gone"), at(site, "/busy")))
    page = browser_of(world.people["province-approver"])
    assert "2 个外部链接还在核对" in page.get(f"/bulletins/{bulletin.id}").text
    look_at_links()
    seen = page.get(f"/bulletins/{bulletin.id}").text
    assert "没有这一页（404）" in seen
    assert "对方回答 503" in seen
    program = Caller(world, client, "province-clerk")
    said = program("GET", f"/bulletins/{bulletin.id}/checks").json
    levels = {one["name"]: one["level"] for one in said["items"] if one["findings"]}
    assert (levels["links"], levels["outside_links"]) == ("warn", "note")
    assert "outside_links" not in said["looked_at"]
