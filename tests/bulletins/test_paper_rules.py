"""Papers against the rules of their type, in the small world, when they are submitted."""

from datetime import timedelta
from typing import Any

import pytest
from flask.testing import FlaskClient

from bulletins import services
from bulletins.decisions import VoidInput
from bulletins.models import Bulletin, Particulars
from bulletins.services.checking import Unchecked
from bulletins.services.checks import today
from config import clock
from config.database import db
from config.errors import Invalid
from tests.bulletins.browsing import Browsers, form, post
from tests.bulletins.papers import (
    draft_input,
    drafted,
    every_check,
    published,
    receipt_of,
    receivers,
    submitted,
)
from tests.worlds import World

CONTACT = {"contact_name": "王芳", "contact_phone": "0311-8661"}
UPWARD = {"to_all": False, "needs_acknowledgement": False}


def _to(world: World, *names: str, **given: Any) -> dict[str, Any]:
    return {**UPWARD, "to_agencies": [world.agencies[name] for name in names], **given}


def _request(world: World, *names: str, **given: Any) -> dict[str, Any]:
    values = {"type": "request", "title": "关于增拨检测经费的请示", **CONTACT, **given}
    return _to(world, *names, **values)


def _refused(world: World, issuer: str, **given: Any) -> dict[str, str]:
    draft = drafted(world, issuer, **given)
    with pytest.raises(Invalid) as caught:
        services.submit(world.actor(f"{issuer}-clerk"), draft.id)
    return {name: str(text) for name, text in caught.value.errors.items()}


def test_a_request_goes_up_to_one_agency_and_names_whom_to_ask(world: World) -> None:
    paper = published(world, "county", **_request(world, "city"))
    assert receivers(world, paper) == {"city": "to"}
    kept = db.session.get_one(Particulars, (paper.id, 1))
    assert (kept.contact_name, kept.contact_phone) == ("王芳", "0311-8661")


def test_a_request_without_a_contact_is_refused_at_both_fields(world: World) -> None:
    given = _request(world, "city", contact_name="", contact_phone="")
    assert set(_refused(world, "county", **given)) == {"contact_name", "contact_phone"}


def test_a_request_neither_goes_down_nor_is_copied_down(world: World) -> None:
    assert "to_agencies" in _refused(world, "city", **_request(world, "county"))
    copied = _request(world, "province", cc_agencies=[world.agencies["county"]])
    assert set(_refused(world, "city", **copied)) == {"cc_agencies"}


def test_a_request_has_one_matter(world: World) -> None:
    given = _request(world, "city", title="关于增加编制、经费等事项的请示")
    assert "一文一事" in _refused(world, "county", **given)["title"]


def test_going_over_a_level_copies_the_level_passed_over(world: World) -> None:
    over = _request(world, "province")
    assert "石家庄市市场监督管理局" in _refused(world, "county", **over)["cc_agencies"]
    paper = published(world, "county", **over, cc_agencies=[world.agencies["city"]])
    assert receivers(world, paper) == {"province": "to", "city": "cc"}


def test_a_report_with_a_request_inside_is_refused(world: World) -> None:
    report = _to(world, "city", type="report", title="关于一季度工作的报告")
    message = _refused(world, "county", **report, body="情况如下。\n\n妥否，请批示。")["body"]
    assert "夹带请示" in message
    assert "妥否，请批示" in message
    assert published(world, "county", **report, body="已报请市政府批准。").version == 1
    aside = _refused(world, "county", **report, body="情况如下。\n\n另，恳请省局解决经费。")["body"]
    assert "恳请省局解决" in aside


def test_what_may_be_a_request_is_shown_and_passes_once_looked_at(world: World) -> None:
    report = _to(world, "city", type="report", title="关于一季度工作的报告")
    draft = drafted(world, "county", **report, body="建议省局统一协调跨区域执法。")
    clerk = world.actor("county-clerk")
    with pytest.raises(Unchecked) as stopped:
        services.submit(clerk, draft.id)
    assert "建议省局统一协调" in str(stopped.value.errors["asking"])
    assert services.submit(clerk, draft.id, ["asking"]).state == "submitted"
    twice = _request(world, "city", title="关于增加编制和拨付经费的请示")
    with pytest.raises(Unchecked) as stopped:
        services.submit(clerk, drafted(world, "county", **twice).id)
    assert "一文一事" in str(stopped.value.errors["asking"])


def test_a_notice_goes_down_only(world: World) -> None:
    assert "to_agencies" in _refused(world, "county", **_to(world, "city"))


def test_a_reply_answers_a_request_to_the_agency_that_asked(world: World) -> None:
    asked = published(world, "county", **_request(world, "city"))
    reply = {"type": "reply", "title": "关于增拨检测经费的批复"}
    assert "refers_to" in _refused(world, "city", **reply)
    aside = _to(world, "sibling", refers_to_id=asked.id, **reply)
    assert "长安区" in _refused(world, "city", **aside)["to_agencies"]
    paper = published(world, "city", **_to(world, "county", refers_to_id=asked.id, **reply))
    named = db.session.get_one(Particulars, (paper.id, 1))
    assert (named.refers_to_id, named.refers_to) == (asked.id, "《关于增拨检测经费的请示》")


def test_a_reply_to_what_is_no_request_is_refused(world: World) -> None:
    other = published(world, "county", **_to(world, "city", type="information"))
    for paper in (other, published(world, "city")):
        reply = _to(world, "county", type="reply", title="批复", refers_to_id=paper.id)
        with pytest.raises(Invalid) as caught:
            drafted(world, "city", **reply)
        assert "批复只答复" in str(caught.value.errors["refers_to_id"])


def test_who_got_a_copy_of_a_request_does_not_answer_it(world: World) -> None:
    asked = published(
        world, "county", **_request(world, "province", cc_agencies=[world.agencies["city"]])
    )
    reply = {"type": "reply", "title": "批复", "refers_to_id": asked.id}
    with pytest.raises(Invalid):
        drafted(world, "city", **_to(world, "county", **reply))
    draft = drafted(world, "province", **_to(world, "county", **reply))
    services.void(world.actor("county-approver"), asked.id, VoidInput(reason="有误。"))
    with pytest.raises(Invalid) as caught:
        services.submit(world.actor("province-clerk"), draft.id, every_check())
    assert set(caught.value.errors) == {"refers_to_id"}


def test_a_paper_that_one_can_not_read_is_not_there(world: World) -> None:
    foreign = published(world, "other_city", title="唐山的内部通知")
    for bulletin_id in (foreign.id, 999_999):
        with pytest.raises(Invalid) as caught:
            drafted(world, "city", type="interpretation", refers_to_id=bulletin_id)
        assert set(caught.value.errors) == {"refers_to_id"}
        assert "唐山" not in str(caught.value.errors)


def test_a_letter_goes_to_bureaus_of_the_same_level_and_to_nobody_in_line(world: World) -> None:
    letter = {"type": "letter", "title": "关于协助调查的函"}
    paper = published(world, "county", **_to(world, "sibling", "other_county", **letter))
    assert receivers(world, paper) == {"sibling": "to", "other_county": "to"}
    for issuer, name in (("city", "county"), ("county", "city")):
        assert "不相隶属" in _refused(world, issuer, **_to(world, name, **letter))["to_agencies"]
    enterprise = published(world, "province", **_to(world, "enterprise", **letter))
    assert receivers(world, enterprise) == {"enterprise": "to"}


def test_only_some_types_leave_the_line(world: World) -> None:
    for kind in ("notice", "information"):
        with pytest.raises(Invalid):
            drafted(world, "county", **_to(world, "sibling", type=kind))
    with pytest.raises(Invalid):
        drafted(world, "enterprise", **_to(world, "county", type="letter"))


def test_minutes_name_the_day_and_who_was_there(world: World) -> None:
    minutes: dict[str, Any] = {"type": "minutes", "title": "第三次局务会议纪要"}
    assert set(_refused(world, "province", **minutes)) == {"held_on", "participants"}
    ahead: dict[str, Any] = {
        **minutes,
        "participants": "全体局领导",
        "held_on": today() + timedelta(days=1),
    }
    assert set(_refused(world, "province", **ahead)) == {"held_on"}
    assert published(world, **{**ahead, "held_on": today()}).version == 1


def test_a_training_says_when_where_for_whom_and_enrol_by(world: World) -> None:
    training: dict[str, Any] = {"type": "training", "title": "关于举办培训班的通知"}
    needed = {"held_on", "place", "participants", "enrol_by"}
    assert set(_refused(world, "province", **training)) == needed
    day = today() + timedelta(days=20)
    full: dict[str, Any] = {
        **training,
        "place": "石家庄",
        "participants": "质量负责人",
        "held_on": day,
    }
    late = {**full, "enrol_by": day + timedelta(days=1), "held_until": day - timedelta(days=1)}
    assert set(_refused(world, "province", **late)) == {"enrol_by", "held_until"}
    past = {**full, "enrol_by": today() - timedelta(days=1)}
    assert set(_refused(world, "province", **past)) == {"enrol_by"}
    assert published(world, **{**full, "enrol_by": day}).version == 1


def test_an_interpretation_names_what_it_explains(world: World) -> None:
    explains: dict[str, Any] = {"type": "interpretation", "title": "一图读懂"}
    assert set(_refused(world, "province", **explains)) == {"refers_to"}
    assert published(world, **explains, refers_to="《产品质量法》").version == 1


def test_what_another_type_states_is_dropped(world: World) -> None:
    draft = drafted(world, **CONTACT, place="石家庄")
    kept = db.session.get_one(Particulars, (draft.id, 0))
    assert (kept.contact_name, kept.place) == ("", "")


def test_saving_what_is_stated_already_changes_nothing(world: World) -> None:
    asked = published(world, "county", **_request(world, "city"))
    given = _to(world, "county", type="reply", title="批复", refers_to_id=asked.id)
    draft = drafted(world, "city", **given)
    clerk = world.actor("city-clerk")
    again = services.save_draft(clerk, draft.id, draft.revision, draft_input(**given))
    assert again.revision == 1
    changed = draft_input(**given, refers_to="《另一请示》")
    assert services.save_draft(clerk, draft.id, 1, changed).revision == 2


def test_the_approver_is_held_to_the_same_rules(world: World) -> None:
    training: dict[str, Any] = {
        "type": "training",
        "title": "关于举办培训班的通知",
        "place": "石家庄",
        "participants": "质量负责人",
        "held_on": today() + timedelta(days=20),
        "enrol_by": today(),
    }
    waiting = submitted(world, **training)
    with clock.shifted(timedelta(days=2)), pytest.raises(Invalid):
        services.sign(world.actor("province-approver"), waiting.id)


def test_readers_see_what_the_paper_states(world: World, browser_of: Browsers) -> None:
    paper = published(world, "county", **_request(world, "city"))
    receipt = receipt_of(world, "city", paper)
    page = browser_of(world.people["city-reader"]).get(f"/inbox/{receipt.id}").text
    assert "王芳" in page
    answer = browser_of(world.people["county-reader"]).get(f"/bulletins/{paper.id}")
    assert "0311-8661" in answer.text


def test_the_form_takes_and_shows_what_a_type_states(world: World, browser_of: Browsers) -> None:
    clerk: FlaskClient = browser_of(world.people["county-clerk"])
    given = form(
        type="request",
        title="关于增拨检测经费的请示",
        to_all="",
        to_agencies=str(world.agencies["province"]),
        action="submit",
        **CONTACT,
    )
    refused = post(clerk, "/bulletins/drafts/new", "/bulletins/drafts/new", **given)
    assert refused.status_code == 422
    assert "越级行文应当同时抄送被越过的机关" in refused.text
    assert 'value="王芳"' in refused.text
    draft = db.session.query(Bulletin).one()
    again = {**given, "revision": 1, "cc_agencies": str(world.agencies["city"])}
    page = f"/bulletins/drafts/{draft.id}"
    assert post(clerk, page, page, **again).status_code == 302
    assert db.session.get_one(Bulletin, draft.id).state == "submitted"
