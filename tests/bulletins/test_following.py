"""Papers under topics, and how they come to those who follow these."""

from typing import Any

import pytest
from sqlalchemy import select

from agencies.models import Agency
from app import SECTIONS
from bulletins import services
from bulletins.inputs import FilingInput
from bulletins.models import Bulletin, BulletinVersion, FollowedPaper, PaperTag, Receipt
from bulletins.queries import tags
from bulletins.services.checks import today
from config.database import db, writing
from config.errors import Forbidden, Invalid
from config.journal import Entry
from config.sections import Span
from tests.bulletins.browsing import Browsers, post
from tests.bulletins.papers import drafted, published, receivers, submitted
from tests.bulletins.queries import counted
from tests.worlds import World


def _follows(world: World, agency: str, *topics: str, **sectors: Any) -> None:
    data = FilingInput.model_validate({"topics": list(topics), **sectors})
    services.follow(world.actor(f"{agency}-liaison"), data)


def _came(world: World, paper: Bulletin) -> set[str]:
    names = {agency_id: name for name, agency_id in world.agencies.items()}
    query = select(FollowedPaper.agency_id).where(FollowedPaper.bulletin_id == paper.id)
    return {names[one] for one in db.session.scalars(query)}


def _open(world: World, **given: Any) -> Bulletin:
    """A paper of the province to one city only, open to followers."""
    values = {"to_all": False, "to_agencies": [world.agencies["city"]], "for_followers": True}
    return published(world, **{**values, "topics": ["food"], **given})


def test_a_paper_comes_to_followers_of_its_topic_who_were_not_addressed(world: World) -> None:
    for name in ("city", "county", "enterprise", "unrelated", "province"):
        _follows(world, name, "food", "metrology")
    _follows(world, "sibling", "metrology")
    paper = _open(world)
    assert _came(world, paper) == {"county", "enterprise", "unrelated"}
    assert receivers(world, paper) == {"city": "to"}
    assert db.session.get_one(BulletinVersion, (paper.id, 1)).receipt_count == 1


def test_followers_of_its_sector_hear_of_it_too_and_each_once(world: World) -> None:
    _follows(world, "county", "food", sectors=["children"])
    _follows(world, "sibling", sectors=["children"])
    paper = _open(world, topics=["food", "standards"], sectors=["children"])
    assert _came(world, paper) == {"county", "sibling"}


def test_what_its_issuer_does_not_open_comes_to_nobody(world: World) -> None:
    _follows(world, "county", "food")
    assert _came(world, _open(world, for_followers=False)) == set()


def test_whoever_leaves_a_topic_hears_no_more_and_may_come_back(world: World) -> None:
    _follows(world, "county", "food")
    _follows(world, "county", "standards")
    assert [tag.code for tag in tags.followed_by(world.agencies["county"])] == ["standards"]
    assert _came(world, _open(world)) == set()
    _follows(world, "county", "food")
    assert _came(world, _open(world)) == {"county"}
    kinds = db.session.scalars(select(Entry.kind).where(Entry.kind == "follows.changed")).all()
    assert len(kinds) == 3


def test_an_agency_that_has_ended_hears_nothing(world: World) -> None:
    _follows(world, "county", "food")
    with writing():
        db.session.get_one(Agency, world.agencies["county"]).ended_on = today()
    assert _came(world, _open(world)) == set()


def test_following_takes_one_statement_however_many_follow(world: World) -> None:
    waiting = [
        submitted(world, topics=["food"], for_followers=True, to_all=False, to_kinds=["enterprise"])
        for _one in range(2)
    ]
    _follows(world, "county", "food")
    approver = world.actor("province-approver")
    with counted() as to_one:
        services.sign(approver, waiting[0].id)
    for name in ("city", "sibling", "unrelated"):
        _follows(world, name, "food")
    approver = world.actor("province-approver")
    with counted() as to_four:
        services.sign(approver, waiting[1].id)
    assert len(_came(world, waiting[1])) == 4
    assert len(to_one) == len(to_four)


def test_a_reader_may_not_choose_what_is_followed(world: World) -> None:
    with pytest.raises(Forbidden):
        services.follow(world.actor("county-reader"), FilingInput(topics=["food"]))


@pytest.mark.parametrize(
    "given", [{"topics": ["children"]}, {"sectors": ["food"]}, {"topics": ["x"]}]
)
def test_an_unknown_code_is_refused_at_its_field(world: World, given: dict[str, Any]) -> None:
    with pytest.raises(Invalid) as caught:
        services.follow(world.actor("county-clerk"), FilingInput.model_validate(given))
    assert set(caught.value.errors) == set(given)
    with pytest.raises(Invalid) as caught:
        drafted(world, **given)
    assert set(caught.value.errors) == set(given)


@pytest.mark.parametrize("kind", ["case", "experience"])
def test_a_case_is_filed_under_a_topic_at_least(world: World, kind: str) -> None:
    draft = drafted(world, type=kind, title="做法", sectors=["children"])
    with pytest.raises(Invalid) as caught:
        services.submit(world.actor("province-clerk"), draft.id)
    assert set(caught.value.errors) == {"topics"}
    assert published(world, type=kind, title="做法", topics=["food"]).version == 1


def test_a_version_keeps_what_it_was_filed_under(world: World) -> None:
    paper = published(world, topics=["food", "standards"])
    filed = db.session.scalars(select(PaperTag.version).where(PaperTag.bulletin_id == paper.id))
    assert sorted(filed) == [0, 0, 1, 1]


def test_it_is_listed_read_searched_and_told_in_the_digest(
    world: World, browser_of: Browsers
) -> None:
    _follows(world, "county", "food")
    paper = _open(world, title="关于食品抽检的通知")
    reader = browser_of(world.people["county-reader"])
    assert f'href="/followed/{paper.id}"' in reader.get("/followed").text
    page = reader.get(f"/followed/{paper.id}").text
    assert "关于食品抽检的通知" in page
    assert "食品安全" in page
    assert reader.get("/inbox").text.count("关于食品抽检的通知") == 0
    entry = db.session.get_one(BulletinVersion, (paper.id, 1)).entry_id
    with writing():
        db.session.get_one(Entry, entry).position = 7
    section = next(one for one in SECTIONS if one.kind == "followed")
    ids = [world.agencies["county"], world.agencies["city"]]
    parts = section.compose(ids, Span(6, 7))
    assert {key: [one.path for one in part.items] for key, part in parts.items()} == {
        world.agencies["county"]: [f"/followed/{paper.id}"]
    }
    assert not section.compose(ids, Span(7, 9))


def test_nobody_else_reads_it_by_that_address(world: World, browser_of: Browsers) -> None:
    _follows(world, "county", "food")
    paper = _open(world)
    for name in ("sibling-reader", "city-reader", "province-clerk"):
        assert browser_of(world.people[name]).get(f"/followed/{paper.id}").status_code == 404


def test_the_page_keeps_what_is_ticked(world: World, browser_of: Browsers) -> None:
    clerk = browser_of(world.people["county-clerk"])
    fields: dict[str, Any] = {"topics": ["food", "brand"], "sectors": ["care"]}
    assert post(clerk, "/followed", "/followed", **fields).status_code == 302
    page = clerk.get("/followed").text
    assert page.count("checked") == 3
    assert post(clerk, "/followed", "/followed", topics="nonsense").status_code == 422


def test_the_inbox_is_narrowed_by_type_and_topic(world: World, browser_of: Browsers) -> None:
    published(world, title="甲通知", topics=["food"], sectors=["care"])
    published(world, title="乙通报", type="bulletin", topics=["food"])
    published(world, title="丙通知")
    reader = browser_of(world.people["county-reader"])

    def titles(query: str) -> set[str]:
        page = reader.get(f"/inbox?{query}").text
        return {one for one in ("甲通知", "乙通报", "丙通知") if one in page}

    assert titles("type=notice") == {"甲通知", "丙通知"}
    assert titles("tag=food") == {"甲通知", "乙通报"}
    assert titles("type=notice&tag=care") == {"甲通知"}
    assert titles("type=nonsense") == {"甲通知", "乙通报", "丙通知"}
    assert titles("tag=nonsense") == set()


def test_a_correction_reaches_new_followers_and_nobody_twice(world: World) -> None:
    _follows(world, "county", "food")
    paper = _open(world)
    _follows(world, "sibling", "food")
    clerk = world.actor("province-clerk")
    services.correct(clerk, paper.id)
    with writing():
        paper.note, paper.body = "更正数字", "更正后的正文"
    services.submit(world.actor("province-clerk"), paper.id)
    services.sign(world.actor("province-approver"), paper.id)
    assert _came(world, paper) == {"county", "sibling"}
    assert db.session.scalar(select(Receipt.version).where(Receipt.version == 2)) == 2
