"""The library: offered, selected or declined, then readable by all; useful once a person."""

from typing import Any

import pytest
from sqlalchemy import func, select

from bulletins import services
from bulletins.decisions import VoidInput
from bulletins.holdings import HOLDINGS
from bulletins.library.inputs import DeclineInput, LibraryFilter, SelectInput
from bulletins.library.section import SECTIONS
from bulletins.library.states import OfferAction, OfferState, after
from bulletins.models import Bulletin, Offer, Selection, UsefulMark
from bulletins.queries import library as queries
from bulletins.services import library
from config import journal
from config.database import db
from config.errors import Conflict, Forbidden, Invalid, NotFound
from config.sections import Span
from config.settling import settle
from tests.bulletins.asking import asked
from tests.bulletins.browsing import Browsers, post
from tests.bulletins.corrections import corrected
from tests.bulletins.finding import indexed, titles
from tests.bulletins.papers import published, receipt_of
from tests.bulletins.queries import counted
from tests.bulletins.shelving import TITLE, case, chosen, offered
from tests.worlds import World

MOVES = {
    ("offered", "select"): "selected",
    ("offered", "decline"): "declined",
    ("offered", "withdraw"): "withdrawn",
}
WAITING, DECIDED = SECTIONS


@pytest.mark.parametrize("state", OfferState)
@pytest.mark.parametrize("action", OfferAction)
def test_each_pair_of_state_and_action(state: OfferState, action: OfferAction) -> None:
    assert after(state, action) == MOVES.get((state, action))


def readable(world: World, agency: str, paper: Bulletin) -> bool:
    """Whether the agency may read a paper."""
    return queries.shelved(world.agencies[agency], paper.id).is_readable


def listed(**narrowed: object) -> list[str]:
    """The titles in the library."""
    query = queries.library(None, LibraryFilter.model_validate(narrowed))
    return [row.title for row in db.session.execute(query)]


def told(world: World, agency: str) -> list[tuple[str, str]]:
    """What the agency's digest says of its offers."""
    settle()
    agency_id = world.agencies[agency]
    part = DECIDED.compose([agency_id], Span(0, journal.head())).get(agency_id)
    return [(item.text, item.remark) for item in part.items] if part else []


def waiting(world: World, agency: str) -> list[str]:
    """What the agency's digest says of offers that wait for it."""
    agency_id = world.agencies[agency]
    part = WAITING.compose([agency_id], Span(0, 0)).get(agency_id)
    return [item.remark for item in part.items] if part else []


def test_an_offer_opens_the_paper_to_whom_it_is_offered(world: World) -> None:
    paper = case(world)
    assert not readable(world, "province", paper)
    made = offered(world, paper.id)
    assert readable(world, "province", paper)
    assert not readable(world, "other_city", paper)
    assert waiting(world, "province") == ["石家庄市市场监督管理局推荐"]
    library.withdraw_offer(world.actor("city-clerk"), made.id)
    assert not readable(world, "province", paper)
    assert waiting(world, "province") == []


def test_what_is_selected_is_read_found_and_asked_about_by_all(world: World) -> None:
    paper = case(world)
    indexed()
    offered(world, paper.id)
    assert titles(world, "unrelated", "阳光厨房") == []
    chosen(world, paper.id)
    assert titles(world, "unrelated", "阳光厨房") == [TITLE]
    assert readable(world, "unrelated", paper)
    assert listed() == [TITLE]
    assert told(world, "city") == [(TITLE, "已入选经验库")]
    assert asked(world, paper, "other_county").issuer_id == world.agencies["city"]
    library.remove_from_library(world.actor("province-approver"), paper.id)
    assert listed() == []
    assert titles(world, "unrelated", "阳光厨房") == []
    assert titles(world, "city", "阳光厨房") == [TITLE]
    offered(world, paper.id)
    chosen(world, paper.id)
    assert listed() == [TITLE]


def test_a_declined_offer_says_why(world: World) -> None:
    paper = case(world)
    made = offered(world, paper.id)
    with pytest.raises(ValueError, match="原因"):
        DeclineInput(remark=" ")
    library.decline(world.actor("province-approver"), made.id, DeclineInput(remark="请补充数据。"))
    assert told(world, "city") == [(TITLE, "河北省市场监督管理局未选入：请补充数据。")]
    with pytest.raises(Conflict):
        library.withdraw_offer(world.actor("city-clerk"), made.id)
    with pytest.raises(Conflict):
        library.decline(world.actor("province-approver"), made.id, DeclineInput(remark="无"))
    assert offered(world, paper.id).id != made.id  # improved, it may be offered again


def test_the_first_selection_settles_all_offers(world: World) -> None:
    paper = case(world, "county", to_all=False, to_agencies=[world.agencies["city"]])
    offers = [offered(world, paper.id, "county", to).id for to in ("city", "province")]
    first = chosen(world, paper.id, "city", note="做法实")
    states = select(Offer.state).where(Offer.id.in_(offers))
    assert set(db.session.scalars(states)) == {"selected"}
    assert len(told(world, "county")) == 2
    assert chosen(world, paper.id, "province", note="别的").note == first.note == "做法实"
    with pytest.raises(NotFound):
        library.remove_from_library(world.actor("province-approver"), paper.id)


def test_only_levels_above_select_what_is_in_their_hands(world: World) -> None:
    paper = case(world)
    for agency in ("county", "province", "city"):  # has it; is above without it; its issuer
        with pytest.raises(NotFound):
            chosen(world, paper.id, agency)
    with pytest.raises(Invalid):
        offered(world, paper.id, to="other_city")
    offered(world, paper.id)
    with pytest.raises(Forbidden):
        library.choose(world.actor("province-clerk"), paper.id, SelectInput())
    received = case(world, "county", to_all=False, to_agencies=[world.agencies["city"]])
    assert chosen(world, received.id, "city").agency_id == world.agencies["city"]


def test_only_cases_in_force_are_offered_and_each_once(world: World) -> None:
    notice = published(world, "city")
    with pytest.raises(Conflict, match="典型案例"):
        offered(world, notice.id)
    paper = case(world)
    offered(world, paper.id)
    with pytest.raises(Conflict, match="已推荐"):
        offered(world, paper.id)
    with pytest.raises(NotFound):
        offered(world, paper.id, "county")
    services.void(world.actor("city-approver"), paper.id, VoidInput(reason="有误。"))
    with pytest.raises(Conflict, match="撤销"):
        chosen(world, paper.id)


def test_a_void_case_leaves_the_library(world: World) -> None:
    paper = case(world)
    offered(world, paper.id)
    chosen(world, paper.id)
    services.void(world.actor("city-approver"), paper.id, VoidInput(reason="有误。"))
    assert listed() == []
    assert queries.issuers() == []


def test_what_is_offered_waits_no_more_once_it_is_void_and_can_be_declined_once_it_is_no_case(
    world: World, browser_of: Browsers
) -> None:
    paper, other = case(world), case(world, title="改为通知的经验")
    offered(world, paper.id)
    later = offered(world, other.id)
    services.void(world.actor("city-approver"), paper.id, VoidInput(reason="有误。"))
    assert len(db.session.scalars(queries.undecided(world.agencies["province"])).all()) == 1
    assert waiting(world, "province") == ["石家庄市市场监督管理局推荐"]
    corrected(world, other, issuer="city", type="notice")
    page = browser_of(world.people["province-approver"]).get(f"/library/{other.id}").text
    assert f"/offers/{later.id}/decline" in page
    assert f"/library/{other.id}/select" not in page


def test_a_person_counts_once(world: World) -> None:
    paper = case(world)
    for name in ("county-clerk", "county-clerk", "county-reader"):
        library.mark_useful(world.actor(name), paper.id, useful=True)
    assert queries.useful_counts([paper.id]) == {paper.id: 2}
    library.mark_useful(world.actor("county-reader"), paper.id, useful=False)
    assert queries.useful_counts([paper.id]) == {paper.id: 1}
    with pytest.raises(NotFound):
        library.mark_useful(world.actor("other_county-clerk"), paper.id, useful=True)
    with pytest.raises(Conflict):
        library.mark_useful(world.actor("city-clerk"), published(world).id, useful=True)


def test_the_library_is_narrowed_by_type_and_issuer(world: World) -> None:
    for city, kind in (("city", "case"), ("other_city", "experience")):
        to = [world.agencies["province"]]
        paper = case(world, city, title=f"{city}的", type=kind, to_all=False, to_agencies=to)
        chosen(world, paper.id)
    assert listed(type="case") == ["city的"]
    assert listed(issuer=world.agencies["other_city"]) == ["other_city的"]
    assert [name[:3] for _id, name in queries.issuers()] == ["唐山市", "石家庄"]


def test_the_library_is_browsed_by_topic_and_sector(world: World, browser_of: Browsers) -> None:
    upward: dict[str, Any] = {"to_all": False, "to_agencies": [world.agencies["province"]]}
    for title, sector in (("厨房", "tourism"), ("养老", "care")):
        paper = case(world, title=title, topics=["food"], sectors=[sector], **upward)
        chosen(world, paper.id)
    assert set(listed(topic="food")) == {"厨房", "养老"}
    assert listed(topic="food", sector="care") == ["养老"]
    assert listed(topic="metrology") == []
    page = browser_of(world.people["county-reader"]).get("/library?sector=tourism").text
    assert "厨房" in page
    assert ">养老</a>" not in page
    assert '<option value="tourism" selected>旅游餐饮</option>' in page


def test_a_city_offers_and_sees_what_became_of_it(world: World, browser_of: Browsers) -> None:
    paper = case(world)
    clerk = browser_of(world.people["city-clerk"])
    form = f"/bulletins/{paper.id}/offer"
    assert form in clerk.get(f"/bulletins/{paper.id}").text
    post(clerk, form, form, to=world.agencies["province"], reason="群众评价好")
    approver = browser_of(world.people["province-approver"])
    assert "群众评价好" in approver.get("/library/offers").text
    page = f"/library/{paper.id}"
    assert "认真" in approver.get(page).text
    offer = db.session.scalars(select(Offer.id)).one()
    refused = post(approver, f"/offers/{offer}/decline", page, remark="")
    assert refused.status_code == 422
    assert "请写明未入选的原因" in refused.text
    assert post(approver, f"{page}/select", page, note="做法扎实").status_code == 303
    assert "已入选" in clerk.get("/library/offers?show=made").text
    everybody = browser_of(world.people["unrelated-reader"])
    assert TITLE in everybody.get("/library").text
    assert "做法扎实" in everybody.get("/library").text
    assert "认真" in everybody.get(page).text
    indexed()
    assert page in everybody.get("/search?q=阳光厨房").text
    post(everybody, f"{page}/useful", page, useful="1")
    assert "1 人认为有用" in everybody.get("/library").text


def test_who_has_a_copy_reads_that(world: World, browser_of: Browsers) -> None:
    """So that reading it is noted."""
    paper = case(world)
    offered(world, paper.id)
    chosen(world, paper.id)
    sibling = browser_of(world.people["county-clerk"])
    copy = f"/inbox/{receipt_of(world, 'county', paper).id}"
    assert copy in sibling.get("/library").text
    page = sibling.get(f"/library/{paper.id}").text
    assert copy in page
    assert "认真" not in page


def test_the_list_costs_the_same_however_long(world: World, browser_of: Browsers) -> None:
    reader = browser_of(world.people["unrelated-reader"])

    def more() -> int:
        paper = case(world)
        offered(world, paper.id)
        chosen(world, paper.id)
        with counted() as seen:
            assert reader.get("/library").status_code == 200
        return len(seen)

    assert more() == more() == more()


def test_offers_and_selections_move_with_agencies(world: World) -> None:
    columns = {(one.model, one.column.key) for one in HOLDINGS}
    assert {(Offer, "to_agency_id"), (Offer, "agency_id"), (Selection, "agency_id")} <= columns
    assert db.session.scalar(select(func.count()).select_from(UsefulMark)) == 0
