"""Papers of several organs: all sign in their own seats, any may return, all are named."""

from typing import Any

import pytest
from sqlalchemy import select

from bulletins import services
from bulletins.models import Bulletin, JointIssuer, Receipt, Remark
from bulletins.queries import joint
from bulletins.queries.search import hits
from bulletins.search.criteria import Criteria
from config.database import db, writing
from config.errors import Conflict, Forbidden, Invalid, NotFound
from config.journal import Entry
from tests.bulletins.browsing import Browsers, form, post
from tests.bulletins.finding import indexed
from tests.bulletins.papers import draft_input, drafted, receipt_of, receivers, submitted
from tests.worlds import World

NAMES = "石家庄市市场监督管理局、唐山市市场监督管理局"


def _together(world: World, **given: Any) -> Bulletin:
    """A paper of the two cities, the first its host, that waits for signatures."""
    return submitted(world, "city", joint_agencies=[world.agencies["other_city"]], **given)


def _signed(world: World, **given: Any) -> Bulletin:
    paper = _together(world, **given)
    services.cosign(world.actor("other_city-approver"), paper.id)
    return services.sign(world.actor("city-approver"), paper.id)


def test_it_is_published_when_all_have_signed(world: World) -> None:
    paper = _together(world)
    with pytest.raises(Conflict) as caught:
        services.sign(world.actor("city-approver"), paper.id)
    assert "唐山市市场监督管理局" in str(caught.value)
    services.cosign(world.actor("other_city-approver"), paper.id, paper.revision)
    services.sign(world.actor("city-approver"), paper.id)
    assert (paper.state, paper.version, paper.issuer_names) == ("published", 1, NAMES)
    kinds = select(Entry.kind).where(Entry.subject_kind == "bulletin").order_by(Entry.id)
    assert db.session.scalars(kinds).all()[-2:] == ["bulletin.cosigned", "bulletin.published"]


def test_it_reaches_whoever_stands_below_any_of_them_and_none_of_themselves(world: World) -> None:
    paper = _signed(world, cc_agencies=[world.agencies["province"]])
    assert receivers(world, paper) == {
        "county": "to",
        "sibling": "to",
        "other_county": "to",
        "province": "cc",
    }


def test_levels_hold_below_each_and_exceptions_too(world: World) -> None:
    given = {
        "to_all": False,
        "to_levels": ["county"],
        "except_agencies": [world.agencies["county"]],
    }
    assert set(receivers(world, _signed(world, **given))) == {"sibling", "other_county"}


def test_a_signature_is_for_the_text_that_was_read(world: World) -> None:
    paper = _together(world)
    approver = world.actor("other_city-approver")
    with pytest.raises(Conflict):
        services.cosign(approver, paper.id, paper.revision + 1)
    services.cosign(approver, paper.id)
    first = joint.own(paper.id, world.agencies["other_city"]).signed_at
    assert services.cosign(approver, paper.id).signed_at == first
    services.withdraw(world.actor("city-clerk"), paper.id)
    services.submit(world.actor("city-clerk"), paper.id)
    with pytest.raises(Conflict):
        services.sign(world.actor("city-approver"), paper.id)


def test_any_of_them_returns_it_with_a_remark(world: World) -> None:
    paper = _together(world)
    services.return_joint(world.actor("other_city-approver"), paper.id, "第二条请删去")
    assert paper.state == "returned"
    assert db.session.scalar(select(Remark.text)) == "第二条请删去"
    with pytest.raises(Conflict):
        services.cosign(world.actor("other_city-approver"), paper.id)


def test_only_the_approver_of_an_issuer_signs(world: World) -> None:
    paper = _together(world)
    for name, error in (
        ("other_city-clerk", Forbidden),
        ("other_city-reader", Forbidden),
        ("county-approver", NotFound),
        ("city-approver", NotFound),
        ("province-approver", NotFound),
    ):
        with pytest.raises(error):
            services.cosign(world.actor(name), paper.id)
        with pytest.raises(error):
            services.return_joint(world.actor(name), paper.id, "x")


def test_they_must_be_bureaus_of_the_same_level(world: World) -> None:
    for issuer, name in (
        ("city", "county"),
        ("city", "province"),
        ("city", "city"),
        ("county", "enterprise"),
        ("enterprise", "county"),
    ):
        with pytest.raises(Invalid) as caught:
            drafted(world, issuer, to_all=False, joint_agencies=[world.agencies[name]])
        assert set(caught.value.errors) == {"joint_agencies"}


def test_the_order_is_the_one_in_which_they_were_named(world: World) -> None:
    ids = [world.agencies["other_county"], world.agencies["sibling"]]
    draft = drafted(world, "county", to_all=False, joint_agencies=[*ids, ids[0]])
    assert [one.agency_id for one in joint.beside(draft.id)] == ids
    clerk = world.actor("county-clerk")
    data = draft_input(to_all=False, joint_agencies=ids)
    assert services.save_draft(clerk, draft.id, 1, data).revision == 1
    data = draft_input(to_all=False, joint_agencies=ids[::-1])
    assert services.save_draft(clerk, draft.id, 1, data).revision == 2
    assert [one.agency_id for one in joint.beside(draft.id)] == ids[::-1]
    assert db.session.query(JointIssuer).count() == 2


def test_a_relay_never_brings_it_back_to_one_of_its_issuers(world: World) -> None:
    paper = _signed(world, cc_agencies=[world.agencies["province"]])
    got = select(Receipt.agency_id).where(Receipt.bulletin_id == paper.id)
    assert world.agencies["other_city"] not in db.session.scalars(got).all()
    rows = joint.papers(world.agencies["other_city"])
    assert [row.issuer for row in db.session.execute(rows)] == [NAMES]


def test_all_are_named_wherever_it_is_read(world: World, browser_of: Browsers) -> None:
    paper = _signed(world)
    reader = browser_of(world.people["county-reader"])
    receipt = receipt_of(world, "county", paper)
    for url in ("/inbox", f"/inbox/{receipt.id}"):
        assert NAMES in reader.get(url).text
    host = browser_of(world.people["city-reader"])
    assert NAMES in host.get(f"/bulletins/{paper.id}").text
    other = browser_of(world.people["other_city-reader"])
    assert NAMES in other.get(f"/joint/{paper.id}").text
    assert NAMES in other.get("/joint").text


def test_an_issuer_beside_the_host_finds_it_by_searching(world: World) -> None:
    paper = _signed(world)
    indexed()
    found = hits(world.agencies["other_city"], Criteria(q="唐山市"))
    assert len(found.rows) == 1
    assert not hits(world.agencies["unrelated"], Criteria(q="唐山市")).rows
    assert paper.version == 1


def test_it_waits_on_the_list_of_what_is_to_be_signed(world: World, browser_of: Browsers) -> None:
    paper = _together(world)
    approver = browser_of(world.people["other_city-approver"])
    link = f'href="/joint/{paper.id}"'
    assert link in approver.get("/bulletins/to-sign").text
    page = f"/joint/{paper.id}"
    assert post(approver, f"{page}/sign", page, revision=paper.revision).status_code == 302
    assert link not in approver.get("/bulletins/to-sign").text
    assert "已会签" in browser_of(world.people["city-clerk"]).get(f"/bulletins/{paper.id}").text
    assert post(approver, f"{page}/return", page, remark=" ").status_code == 422
    assert post(approver, f"{page}/return", page, remark="请改").status_code == 302
    assert "主办机关正在修改此稿" in approver.get(page).text


def test_nothing_is_shown_before_it_is_submitted(world: World, browser_of: Browsers) -> None:
    draft = drafted(world, "city", joint_agencies=[world.agencies["other_city"]])
    approver = browser_of(world.people["other_city-approver"])
    assert approver.get(f"/joint/{draft.id}").status_code == 404
    assert "没有联合行文" in approver.get("/joint").text


def test_the_form_names_them_and_counts_whom_all_reach(world: World, browser_of: Browsers) -> None:
    clerk = browser_of(world.people["city-clerk"])
    new, other = "/bulletins/drafts/new", str(world.agencies["other_city"])
    assert "唐山市市场监督管理局" in clerk.get(new).text
    assert post(clerk, new, new, **form(joint_agencies=other)).status_code == 302
    draft = db.session.query(Bulletin).one()
    page = clerk.get(f"/bulletins/drafts/{draft.id}").text
    assert "将发给 3 个机构" in page
    answer = post(clerk, "/bulletins/reach", new, to_all="1", joint_agencies=other)
    assert answer.json is not None
    assert answer.json["count"] == 3


def test_a_correction_is_signed_by_all_again(world: World) -> None:
    paper = _signed(world)
    services.correct(world.actor("city-clerk"), paper.id)
    with writing():
        paper.note, paper.body = "更正数字", "更正后的正文"
    services.submit(world.actor("city-clerk"), paper.id)
    with pytest.raises(Conflict):
        services.sign(world.actor("city-approver"), paper.id)
    services.cosign(world.actor("other_city-approver"), paper.id)
    assert services.sign(world.actor("city-approver"), paper.id).version == 2
