"""The box of checks on the draft's page and the approver's, and in the API."""

import re

from flask.testing import FlaskClient
from sqlalchemy import select

from bulletins.models import Bulletin
from config.database import db
from tests.bulletins.browsing import Browsers, form, post
from tests.bulletins.papers import drafted, submitted
from tests.bulletins.reviews import agreed, under_review
from tests.bulletins.test_api import Caller
from tests.worlds import World

BODY = "请联系 13812345678。"


def _tick(page: str) -> str:
    match = re.search(r'name="looked_at" value="([^"]*)"', page)
    assert match, "the page asks for no tick"
    return match[1]


def test_a_clerk_looks_ticks_and_goes_on(world: World, browser_of: Browsers) -> None:
    clerk = browser_of(world.people["province-clerk"])
    new = "/bulletins/drafts/new"
    stopped = post(clerk, new, new, **form(action="submit", body=BODY))
    assert stopped.status_code == 422
    bulletin = db.session.scalars(select(Bulletin)).one()
    assert (bulletin.state, bulletin.body) == ("draft", BODY)  # what was typed is kept
    assert "发布前检查" in stopped.text
    assert "138****5678" in stopped.text
    here = f"/bulletins/drafts/{bulletin.id}"
    sent = form(action="submit", body=BODY, revision=1, looked_at=_tick(stopped.text))
    assert post(clerk, here, here, **sent).status_code == 302
    db.session.expire_all()
    assert bulletin.state == "submitted"


def test_an_approver_sees_what_was_found_before_signing(world: World, browser_of: Browsers) -> None:
    bulletin = submitted(world, body=BODY)
    approver = browser_of(world.people["province-approver"])
    page = f"/bulletins/{bulletin.id}"
    seen = approver.get(page).text
    assert "138****5678" in seen
    assert "没有发现问题" in seen
    assert post(approver, f"{page}/sign", page, revision=1).status_code == 422
    answer = post(approver, f"{page}/sign", page, revision=1, looked_at=_tick(seen))
    assert answer.status_code == 302
    after = approver.get(page).text
    assert "看过提示后继续：个人信息" in after
    assert "发布前检查" not in after


def test_the_approver_is_led_to_where_numbers_begin(world: World, browser_of: Browsers) -> None:
    page = f"/bulletins/{submitted(world).id}"
    seen = browser_of(world.people["province-approver"]).get(page).text
    assert "没有启用机关代字" in seen
    assert 'href="/bulletins/numbers">现在启用' in seen
    assert "looked_at" not in seen
    clerk, new = browser_of(world.people["province-clerk"]), "/bulletins/drafts/new"
    stopped = post(clerk, new, new, **form(action="submit", body=BODY)).text
    assert "没有启用机关代字" in stopped
    assert "现在启用" not in stopped  # that is the approver's


def test_a_reader_is_shown_no_checks(world: World, browser_of: Browsers) -> None:
    bulletin = submitted(world, body=BODY)
    clerk = browser_of(world.people["province-clerk"])
    assert "发布前检查" not in clerk.get(f"/bulletins/{bulletin.id}").text


def test_a_reviewer_sees_them_while_asked(
    world: World, browser_of: Browsers, client: FlaskClient
) -> None:
    paper = under_review(world, ["liaison"], body=BODY)
    page, program = f"/bulletins/{paper.id}", Caller(world, client, "province-liaison")
    assert "发布前检查" in browser_of(world.people["province-liaison"]).get(page).text
    assert "发布前检查" not in browser_of(world.people["province-duty"]).get(page).text
    assert program("GET", f"{page}/checks").status_code == 200
    agreed(world, paper, "liaison")
    assert "发布前检查" not in browser_of(world.people["province-liaison"]).get(page).text
    assert program("GET", f"{page}/checks").status_code == 403


def test_programs_ask_look_and_go_on(world: World, client: FlaskClient) -> None:
    bulletin = drafted(world, body=BODY)
    clerk = Caller(world, client, "province-clerk")
    here = f"/bulletins/{bulletin.id}"
    said = clerk("GET", f"{here}/checks").json
    assert (said["revision"], said["refused"], said["looked_at"]) == (1, False, ["personal"])
    noted, one = (item for item in said["items"] if item["findings"])
    assert (noted["name"], noted["level"]) == ("number", "note")
    assert (one["name"], one["level"]) == ("personal", "warn")
    assert one["findings"][0]["place"] == "正文第 1 段"
    stopped = clerk("POST", f"{here}/submit")
    assert (stopped.status_code, stopped.json["code"]) == (422, "unchecked")
    assert "138****5678" in stopped.json["errors"]["personal"]
    assert clerk("POST", f"{here}/submit?looked_at=personal").status_code == 200
    approver = Caller(world, client, "province-approver")
    assert approver("POST", f"{here}/sign", {"revision": 1}).status_code == 422
    done = approver("POST", f"{here}/sign", {"revision": 1, "looked_at": said["looked_at"]})
    assert done.json["state"] == "published"
    assert clerk("GET", f"{here}/checks").status_code == 409
