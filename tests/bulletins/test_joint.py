"""Papers of several organs: all sign in their own seats, any may return, all are named."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from bulletins import services
from bulletins.models import JointIssuer, Receipt, Remark
from bulletins.queries import joint
from bulletins.queries.chain import nodes
from bulletins.queries.search import hits
from bulletins.search.criteria import Criteria
from bulletins.services.checks import today
from bulletins.services.publishing import publish_due
from bulletins.states import Waiting
from config import clock
from config.database import db, writing
from config.errors import Conflict, Forbidden, Invalid, NotFound
from config.journal import Entry
from tests.bulletins.browsing import Browsers, post
from tests.bulletins.finding import indexed
from tests.bulletins.papers import draft_input, drafted, receipt_of, receivers
from tests.bulletins.together import NAMES, signed, together
from tests.worlds import World


def test_it_is_published_when_all_have_signed(world: World) -> None:
    paper = together(world)
    services.cosign(world.actor("other_city-approver"), paper.id, paper.revision)
    services.sign(world.actor("city-approver"), paper.id)
    assert (paper.state, paper.version, paper.issuer_names) == ("published", 1, NAMES)
    kinds = select(Entry.kind).where(Entry.subject_kind == "bulletin").order_by(Entry.id)
    assert db.session.scalars(kinds).all()[-2:] == ["bulletin.cosigned", "bulletin.published"]


def test_the_last_signature_publishes_whoever_gives_it(world: World) -> None:
    paper = together(world)
    services.sign(world.actor("city-approver"), paper.id)
    assert (paper.state, paper.version, paper.signed_at) == ("submitted", 0, None)
    assert db.session.scalars(select(Receipt)).all() == []
    services.cosign(world.actor("other_city-approver"), paper.id, paper.revision)
    assert (paper.state, paper.version) == ("published", 1)
    assert paper.signed_by == world.people["city-approver"]
    kinds = select(Entry.kind).where(Entry.subject_kind == "bulletin").order_by(Entry.id)
    told = ["bulletin.host_signed", "bulletin.cosigned", "bulletin.published"]
    assert db.session.scalars(kinds).all()[-3:] == told


def test_the_hosts_time_holds_when_another_signs_last(world: World, browser_of: Browsers) -> None:
    paper, at = together(world), clock.now() + timedelta(days=2)
    services.sign(world.actor("city-approver"), paper.id, publish_at=at)
    assert publish_due() == 0
    services.cosign(world.actor("other_city-approver"), paper.id)
    assert (paper.state, paper.publish_at) == ("signed", at)
    other = browser_of(world.people["other_city-clerk"])
    assert "已签发，将于" in other.get(f"/joint/{paper.id}").text


def test_a_time_that_came_while_a_signature_was_missing_is_now(world: World) -> None:
    paper = together(world)
    at = clock.now() + timedelta(hours=1)
    services.sign(world.actor("city-approver"), paper.id, publish_at=at)
    with clock.shifted(timedelta(hours=2)):
        services.cosign(world.actor("other_city-approver"), paper.id)
    assert (paper.state, paper.publish_at) == ("published", None)


def test_what_can_not_be_published_any_more_is_not_signed(world: World) -> None:
    paper = together(world, acknowledge_by=today())
    services.sign(world.actor("city-approver"), paper.id)
    with clock.shifted(timedelta(days=3)), pytest.raises(Conflict) as caught:
        services.cosign(world.actor("other_city-approver"), paper.id)
    assert "签收期限已过" in str(caught.value)
    db.session.rollback()
    assert joint.own(paper.id, world.agencies["other_city"]).signed_at is None


def test_the_hosts_signature_is_for_the_text_that_was_read(world: World) -> None:
    paper = together(world)
    services.sign(world.actor("city-approver"), paper.id)
    services.withdraw(world.actor("city-clerk"), paper.id)
    services.submit(world.actor("city-clerk"), paper.id)
    services.cosign(world.actor("other_city-approver"), paper.id)
    assert paper.state == "submitted"
    services.sign(world.actor("city-approver"), paper.id)
    assert paper.state == "published"


def test_it_waits_for_the_host_only_until_it_signed(world: World, browser_of: Browsers) -> None:
    paper = together(world)
    approver, page = browser_of(world.people["city-approver"]), f"/bulletins/{paper.id}"
    link = f'href="{page}"'
    assert link in approver.get("/bulletins/to-sign").text
    answer = post(approver, f"{page}/sign", page, revision=paper.revision)
    assert answer.status_code == 302
    assert link not in approver.get("/bulletins/to-sign").text
    assert "本机关已签发，等待会签" in approver.get(page).text
    other = browser_of(world.people["other_city-approver"])
    assert "已签发。最后一家会签后自动发布" in other.get(f"/joint/{paper.id}").text
    shown = f"/joint/{paper.id}"
    assert post(other, f"{shown}/sign", shown, revision=paper.revision).status_code == 302
    assert "各机关都已签发" in other.get(shown).text


def test_each_issuer_sees_how_far_it_has_come(world: World, browser_of: Browsers) -> None:
    paper = signed(world)
    services.open_receipt(world.actor("county-clerk"), receipt_of(world, "county", paper).id)
    page = f"/bulletins/{paper.id}/receipts"
    for name in ("city-reader", "other_city-reader"):
        read = browser_of(world.people[name]).get(page).text
        for agency in ("长安区", "桥西区", "路南区"):
            assert f"{agency}市场监督管理局" in read
    partner = browser_of(world.people["other_city-clerk"])
    assert page in partner.get(f"/joint/{paper.id}").text
    for part in ("", "/unopened", "/print", ".csv"):
        assert partner.get(f"{page}{part}").status_code == 200
    for part in ("", "/table", "/print", ".csv", ".xlsx"):
        assert partner.get(f"/bulletins/{paper.id}/chain{part}").status_code == 200
    remind = f"/bulletins/{paper.id}/remind"
    assert remind in browser_of(world.people["city-clerk"]).get(f"{page}/unopened").text
    assert remind not in partner.get(f"{page}/unopened").text
    county = services.progress(world.actor("other_city-clerk"), paper.id, world.agencies["county"])
    assert county.node.id == world.agencies["county"]
    assert len(nodes(services.progress(world.actor("city-clerk"), paper.id))[0]) == 3


def test_a_partner_reminds_nobody(world: World) -> None:
    paper = signed(world)
    with pytest.raises(NotFound):
        services.remind(world.actor("other_city-clerk"), paper.id, Waiting.UNOPENED)


def test_who_has_no_part_sees_no_receipts(world: World) -> None:
    paper = signed(world)
    for name in ("province-clerk", "unrelated-clerk"):
        with pytest.raises(NotFound):
            services.progress(world.actor(name), paper.id)
    with pytest.raises(NotFound):
        services.progress(world.actor("other_city-clerk"), paper.id, world.agencies["province"])


def test_it_reaches_whoever_stands_below_any_of_them_and_none_of_themselves(world: World) -> None:
    paper = signed(world, cc_agencies=[world.agencies["province"]])
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
    assert set(receivers(world, signed(world, **given))) == {"sibling", "other_county"}


def test_a_signature_is_for_the_text_that_was_read(world: World) -> None:
    paper = together(world)
    approver = world.actor("other_city-approver")
    with pytest.raises(Conflict):
        services.cosign(approver, paper.id, paper.revision + 1)
    services.cosign(approver, paper.id)
    first = joint.own(paper.id, world.agencies["other_city"]).signed_at
    assert services.cosign(approver, paper.id).signed_at == first
    services.withdraw(world.actor("city-clerk"), paper.id)
    services.submit(world.actor("city-clerk"), paper.id)
    services.sign(world.actor("city-approver"), paper.id)
    assert paper.version == 0


def test_any_of_them_returns_it_with_a_remark(world: World) -> None:
    paper = together(world)
    services.return_joint(world.actor("other_city-approver"), paper.id, "第二条请删去")
    assert paper.state == "returned"
    assert db.session.scalar(select(Remark.text)) == "第二条请删去"
    with pytest.raises(Conflict):
        services.cosign(world.actor("other_city-approver"), paper.id)


def test_only_the_approver_of_an_issuer_signs(world: World) -> None:
    paper = together(world)
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
    paper = signed(world, cc_agencies=[world.agencies["province"]])
    got = select(Receipt.agency_id).where(Receipt.bulletin_id == paper.id)
    assert world.agencies["other_city"] not in db.session.scalars(got).all()
    rows = joint.papers(world.agencies["other_city"])
    assert [row.issuer for row in db.session.execute(rows)] == [NAMES]


def test_an_issuer_beside_the_host_finds_it_by_searching(world: World) -> None:
    paper = signed(world)
    indexed()
    found = hits(world.agencies["other_city"], Criteria(q="唐山市"))
    assert len(found.rows) == 1
    assert not hits(world.agencies["unrelated"], Criteria(q="唐山市")).rows
    assert paper.version == 1


def test_a_correction_is_signed_by_all_again(world: World) -> None:
    paper = signed(world)
    services.correct(world.actor("city-clerk"), paper.id)
    with writing():
        paper.note, paper.body = "更正数字", "更正后的正文"
    services.submit(world.actor("city-clerk"), paper.id)
    assert services.sign(world.actor("city-approver"), paper.id).version == 1
    services.cosign(world.actor("other_city-approver"), paper.id)
    assert paper.version == 2
