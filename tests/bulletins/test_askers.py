"""Asking too what another agency has asked: who may, who is told, who sees who asks."""

import re

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select

from bulletins import services
from bulletins.decisions import VoidInput
from bulletins.models import Bulletin, Question, QuestionAsker
from bulletins.questions.section import SECTIONS
from bulletins.services import askers, questions
from config import journal
from config.database import db
from config.errors import Conflict, Forbidden, NotFound
from config.journal import Entry
from config.sections import Span
from config.settling import settle
from tests.bulletins.asking import QUESTION, answered, asked
from tests.bulletins.browsing import Browsers, post
from tests.bulletins.papers import published
from tests.bulletins.queries import counted
from tests.bulletins.relays import to_cities
from tests.bulletins.test_api import Caller
from tests.worlds import World

_WAITING, ANSWERED, _NOTED = SECTIONS


def _joined(world: World, question: Question, *agencies: str) -> None:
    for agency in agencies:
        askers.join_question(world.actor(f"{agency}-clerk"), question.id)


def _asking(question: Question) -> set[int]:
    query = select(QuestionAsker.agency_id).where(QuestionAsker.question_id == question.id)
    return set(db.session.scalars(query))


def _told(world: World, agency: str) -> list[str]:
    settle()
    agency_id = world.agencies[agency]
    part = ANSWERED.compose([agency_id], Span(0, journal.head())).get(agency_id)
    return [item.remark for item in part.items] if part else []


def test_whoever_asks_too_is_told_once_of_the_answer_and_who_left_is_not(world: World) -> None:
    paper = published(world)
    question = asked(world, paper, for_all=True)
    other = asked(world, paper, "sibling", for_all=True, text="期限能否延长？")
    _joined(world, question, "sibling", "city", "sibling", "other_city")
    for _again in range(2):
        askers.leave_question(world.actor("other_city-clerk"), question.id)
    answered(world, "province", [question, other])
    for agency in ("county", "city"):
        assert _told(world, agency) == [f"“{QUESTION}”已答复"]
    assert len(_told(world, "sibling")) == 1  # its own question and the one it joined: one answer
    assert _told(world, "other_city") == []
    kinds = select(Entry.kind).where(Entry.subject_id == question.id).order_by(Entry.id)
    assert [kind for kind in db.session.scalars(kinds) if kind.startswith("question.")] == [
        "question.asked",
        *["question.joined"] * 3,
        "question.left",
        "question.answered",
    ]


def test_only_what_one_may_see_and_waits_and_is_anothers_is_joined(world: World) -> None:
    paper = published(world)
    private = asked(world, paper)
    public = asked(world, paper, text="期限能否延长？", for_all=True)
    remark = asked(world, paper, kind="remark", for_all=True, text="建议少报表。")
    elsewhere = asked(world, to_cities(world, title="只发到市"), "city", for_all=True)
    for question in (private, elsewhere):
        with pytest.raises(NotFound):
            _joined(world, question, "sibling")
    for agency in ("county", "province"):
        with pytest.raises(Conflict):
            _joined(world, public, agency)
    with pytest.raises(Conflict, match="意见"):
        _joined(world, remark, "sibling")
    with pytest.raises(Forbidden):
        askers.join_question(world.actor("sibling-reader"), public.id)
    _joined(world, public, "city")
    answered(world, "province", [public])
    with pytest.raises(Conflict, match="已有结果"):
        _joined(world, public, "sibling")
    with pytest.raises(Conflict, match="已有结果"):
        askers.leave_question(world.actor("city-clerk"), public.id)
    assert _asking(public) == {world.agencies["city"]}


def test_withdrawn_it_is_nobodys_and_a_void_paper_takes_no_askers(world: World) -> None:
    paper = published(world)
    question, kept = (asked(world, paper, for_all=True, text=text) for text in ("甲？", "乙？"))
    _joined(world, question, "sibling")
    questions.withdraw_question(world.actor("county-clerk"), question.id)
    for act in (askers.join_question, askers.leave_question):
        with pytest.raises(NotFound):
            act(world.actor("sibling-clerk"), question.id)
    services.void(world.actor("province-approver"), paper.id, VoidInput(reason="数字有误。"))
    with pytest.raises(Conflict, match="撤销"):
        _joined(world, kept, "sibling")


def test_pages_offer_it_without_javascript_and_tell_the_issuer_who_asks(
    world: World, browser_of: Browsers
) -> None:
    paper = published(world)
    question, private = asked(world, paper, for_all=True), asked(world, paper, "city")
    page = f"/bulletins/{paper.id}/questions"
    sibling = browser_of(world.people["sibling-clerk"])
    shown = post(sibling, page, page, text=f"{QUESTION}一", action="similar").text
    assert re.findall(r'formaction="/questions/(\d+)/join"', shown) == [str(question.id)]
    assert f"question-{private.id}" not in shown
    # Pressed there, it comes with the form of the question that need not be asked any more.
    came = post(sibling, f"/questions/{question.id}/join", page, text="一", kind="question")
    assert came.location.endswith(f"{page}?show=open#question-{question.id}")
    assert f"/questions/{question.id}/leave" in sibling.get(f"{page}?show=open").text
    joined = sibling.get("/questions?show=joined").text
    assert QUESTION in joined
    assert "另有" not in joined + sibling.get(f"{page}?show=open").text  # itself is no other
    assert "本机构也在问" in post(sibling, f"{page}/similar", page, body=QUESTION).text
    province = browser_of(world.people["province-clerk"])
    assert "桥西区市场监督管理局" in province.get(f"{page}?show=open").text
    assert "另有 1 家机构也在问" in province.get("/questions").text
    assert "桥西区市场监督管理局" in province.get(f"/questions/{question.id}/askers").text
    other = browser_of(world.people["other_city-clerk"])
    assert "另有 1 家机构也在问" in other.get(f"{page}?show=open").text
    assert "桥西区" not in other.get(f"{page}?show=open").text
    assert other.get(f"/questions/{question.id}/askers").status_code == 404
    gone = post(sibling, f"/questions/{question.id}/leave", f"{page}?show=open")
    assert gone.status_code == 303
    assert _asking(question) == set()


def test_nobody_joins_in_another_agencys_name_by_mistake(
    world: World, browser_of: Browsers
) -> None:
    question = asked(world, published(world), for_all=True)
    page = f"/bulletins/{question.bulletin_id}/questions"
    sibling = browser_of(world.people["sibling-clerk"])
    seat = str((world.actor("sibling-clerk").seat_id or 0) + 1)
    refused = post(sibling, f"/questions/{question.id}/join", page, seat=seat)
    assert refused.status_code == 409
    assert "已切换岗位" in refused.text
    assert _asking(question) == set()


def test_programs_join_and_leave_too(world: World, client: FlaskClient) -> None:
    paper = published(world)
    question = asked(world, paper, for_all=True)
    sibling = Caller(world, client, "sibling-clerk")
    path = f"/questions/{question.id}"
    similar = f"/bulletins/{paper.id}/questions/similar"
    [found] = sibling("POST", similar, {"text": QUESTION}).json["items"]
    assert (found["may_join"], found["is_joined"], found["others_asking"]) == (True, False, 0)
    for _again in range(2):
        said = sibling("POST", f"{path}/join")
        assert said.status_code == 200
        assert (said.json["is_joined"], said.json["others_asking"]) == (True, 1)
    assert [one["id"] for one in sibling("GET", "/questions?show=joined").json["items"]] == [
        question.id
    ]
    province = Caller(world, client, "province-clerk")
    [asker] = province("GET", f"{path}/askers").json["items"]
    assert asker["agency_id"] == world.agencies["sibling"]
    assert sibling("GET", f"{path}/askers").status_code == 404
    assert sibling("POST", f"{path}/leave").json["is_joined"] is False


def test_a_page_costs_the_same_however_many_ask(world: World, browser_of: Browsers) -> None:
    paper = published(world)
    _ask_all(world, paper)
    page = f"/bulletins/{paper.id}/questions?show=open"
    clients = [browser_of(world.people[f"{who}-clerk"]) for who in ("province", "other_county")]
    costs = []
    for _round in range(2):
        for client in clients:
            with counted() as seen:
                assert client.get(page).status_code == 200
            costs.append(len(seen))
        for question in db.session.scalars(select(Question)).all():
            _joined(world, question, "city", "other_city", "sibling")
        _ask_all(world, paper)
    assert costs[:2] == costs[2:]


def _ask_all(world: World, paper: Bulletin) -> None:
    number = len(db.session.scalars(select(Question)).all())
    asked(world, paper, text=f"第{number}问？", for_all=True)
