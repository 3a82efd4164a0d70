"""Papers of several organs on pages: all are named, what is to be signed waits in a list."""

from bulletins.models import Bulletin
from config.database import db
from tests.bulletins.browsing import Browsers, form, post
from tests.bulletins.papers import drafted, receipt_of
from tests.bulletins.together import NAMES, signed, together
from tests.worlds import World


def test_all_are_named_wherever_it_is_read(world: World, browser_of: Browsers) -> None:
    paper = signed(world)
    reader = browser_of(world.people["county-reader"])
    receipt = receipt_of(world, "county", paper)
    for url in ("/inbox", f"/inbox/{receipt.id}"):
        assert NAMES in reader.get(url).text
    host = browser_of(world.people["city-reader"])
    assert NAMES in host.get(f"/bulletins/{paper.id}").text
    other = browser_of(world.people["other_city-reader"])
    assert NAMES in other.get(f"/joint/{paper.id}").text
    assert NAMES in other.get("/joint").text


def test_it_waits_on_the_list_of_what_is_to_be_signed(world: World, browser_of: Browsers) -> None:
    paper = together(world)
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
