"""The pages and the API of questions, as asker, issuer and others see them."""

import re

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select

from bulletins.models import Answer, Question
from config.database import db
from tests.bulletins.asking import QUESTION, answered, asked
from tests.bulletins.browsing import Browsers, post
from tests.bulletins.papers import published, receipt_of
from tests.bulletins.queries import counted
from tests.bulletins.test_api import Caller
from tests.worlds import World


def test_a_county_asks_and_the_province_answers(world: World, browser_of: Browsers) -> None:
    paper = published(world)
    county = browser_of(world.people["county-clerk"])
    page = f"/bulletins/{paper.id}/questions"
    assert page in county.get(f"/inbox/{receipt_of(world, 'county', paper).id}").text
    assert post(county, page, page, text=QUESTION, kind="question").status_code == 303
    province = browser_of(world.people["province-approver"])
    assert QUESTION in province.get("/questions").text
    assert page in province.get(f"/bulletins/{paper.id}").text
    question = db.session.scalars(select(Question.id)).one()
    fields = {"questions": question, "text": "本月底前。", "is_official": "1"}
    assert post(province, f"/bulletins/{paper.id}/answers", page, **fields).status_code == 303
    read = county.get(page).text
    assert "本月底前。" in read
    assert "正式答复" in read
    assert "正式答复" in county.get(f"/inbox/{receipt_of(world, 'county', paper).id}").text
    other = browser_of(world.people["sibling-clerk"])
    assert "本月底前。" not in other.get(page).text
    assert QUESTION not in other.get(f"{page}?show=open").text


def test_nobody_asks_in_another_agencys_name_by_mistake(world: World, browser_of: Browsers) -> None:
    paper = published(world)
    county, page = browser_of(world.people["county-clerk"]), f"/bulletins/{paper.id}/questions"
    seat = re.search(r'name="seat" value="(\d+)"', county.get(page).text)
    assert seat
    refused = post(county, page, page, text=QUESTION, kind="question", seat=int(seat[1]) + 1)
    assert refused.status_code == 422
    assert "以“长安区市场监督管理局”的名义提出" in refused.text
    assert QUESTION in refused.text
    assert not db.session.scalars(select(Question)).all()
    assert post(county, page, page, text=QUESTION, seat=seat[1]).status_code == 303


def test_similar_ones_are_shown_by_a_button_and_while_typing(
    world: World, browser_of: Browsers
) -> None:
    paper = published(world)
    answered(world, "province", [asked(world, paper, "sibling", for_all=True)], text="<b>月底</b>")
    county, page = browser_of(world.people["county-clerk"]), f"/bulletins/{paper.id}/questions"
    typed = "企业自查报告 报送期限 &lt;"
    answer = post(county, page, page, text=typed, action="similar").text
    assert "&lt;b&gt;月底&lt;/b&gt;" in answer
    assert "企业自查报告 报送期限 &amp;lt;</textarea>" in answer
    assert not db.session.scalars(select(Question).where(Question.text == typed)).all()
    assert "月底" in post(county, f"{page}/similar", page, body=typed).text
    assert "没有类似的提问" in post(county, f"{page}/similar", page, body="经费").text


def test_programs_are_told_of_a_field_that_asks_for_nothing(
    world: World, client: FlaskClient
) -> None:
    paper = published(world)
    answered(world, "province", [asked(world, paper, "sibling", for_all=True)], text="月底")
    county, path = Caller(world, client, "county-clerk"), f"/bulletins/{paper.id}/questions/similar"
    found = county("POST", path, {"text": "企业自查报告 报送期限"})
    assert [one["answer"] for one in found.json["items"]] == ["月底"]
    for wrong, field in (({"body": "报送期限"}, "body"), ({}, "text"), ({"text": " "}, "text")):
        refused = county("POST", path, wrong)
        assert refused.status_code == 422
        assert field in refused.json["errors"]


def test_what_was_typed_comes_back(world: World, browser_of: Browsers) -> None:
    paper = published(world)
    question = asked(world, paper)
    page = f"/bulletins/{paper.id}/questions"
    county = browser_of(world.people["county-clerk"])
    refused = post(county, page, page, text="问" * 1001)
    assert refused.status_code == 422
    assert "问" * 1001 in refused.text
    province = browser_of(world.people["province-clerk"])
    refused = post(
        province,
        f"/bulletins/{paper.id}/answers",
        page,
        questions=question.id,
        text="月底前。",
        for_all="1",
    )
    assert refused.status_code == 422
    assert "月底前。</textarea>" in refused.text
    assert "概括问题" in refused.text
    nothing = post(province, f"/bulletins/{paper.id}/answers", page, text="月底前。")
    assert "请勾选要答复的提问" in nothing.text
    assert not db.session.scalars(select(Answer)).all()


def test_a_reader_sees_no_form(world: World, browser_of: Browsers) -> None:
    paper = published(world)
    page = f"/bulletins/{paper.id}/questions"
    assert "<textarea" in browser_of(world.people["county-clerk"]).get(page).text
    assert "<textarea" not in browser_of(world.people["county-reader"]).get(page).text


def test_a_page_costs_the_same_however_much_was_asked(world: World, browser_of: Browsers) -> None:
    paper = published(world)
    page = f"/bulletins/{paper.id}/questions"
    county = browser_of(world.people["county-clerk"])

    def cost(show: str) -> int:
        with counted() as seen:
            assert county.get(f"{page}?show={show}").status_code == 200
        return len(seen)

    answered(world, "province", [asked(world, paper, text="一？", for_all=True)])
    asked(world, paper, text="二？", for_all=True)
    before = {show: cost(show) for show in ("open", "answered")}
    for number in range(3):
        answered(world, "province", [asked(world, paper, text=f"甲{number}？", for_all=True)])
        asked(world, paper, text=f"乙{number}？", for_all=True)
    assert {show: cost(show) for show in ("open", "answered")} == before


@pytest.mark.parametrize("show", ["open", "answered"])
def test_lists_go_on_by_key(
    world: World, browser_of: Browsers, monkeypatch: pytest.MonkeyPatch, show: str
) -> None:
    monkeypatch.setattr("bulletins.web.questions.LINES", 2)
    paper = published(world)
    texts = [f"第{number}问？" for number in range(3)]
    rows = [asked(world, paper, text=text, for_all=True) for text in texts]
    if show == "answered":
        for row in rows:
            answered(world, "province", [row])
    page = browser_of(world.people["county-clerk"]).get(
        f"/bulletins/{paper.id}/questions?show={show}"
    )
    assert sum(text in page.text for text in texts) == (2 if show == "open" else 3)
    assert ("下一页" in page.text) == (show == "open")
