"""Remarks wait like questions until they are answered, or noted because they want no answer."""

import pytest
from sqlalchemy import select

from bulletins.questions.section import SECTIONS
from bulletins.services import questions
from config import journal
from config.database import db
from config.errors import Conflict, Forbidden, NotFound
from config.journal import Entry
from config.sections import Span
from config.settling import settle
from tests.bulletins.asking import answered, asked
from tests.bulletins.browsing import Browsers, post
from tests.bulletins.papers import published
from tests.worlds import World

WAITING, _ANSWERED, NOTED = SECTIONS
REMARK = "建议把报送表改为一年一次。"


def waits(world: World) -> list[str]:
    """What the province's digest says of what waits for it."""
    province = world.agencies["province"]
    part = WAITING.compose([province], Span(0, 0)).get(province)
    return [item.remark for item in part.items] if part else []


def test_a_remark_waits_until_its_issuer_notes_it_and_who_made_it_is_told(world: World) -> None:
    remark = asked(world, published(world), kind="remark", text=REMARK)
    assert waits(world) == ["1 条待答复"]
    noted = questions.note(world.actor("province-clerk"), remark.id)
    assert noted.state == "noted"
    assert waits(world) == []
    settle()
    county = world.agencies["county"]
    [item] = NOTED.compose([county], Span(0, journal.head()))[county].items
    assert item.remark == "发文机关已阅知 1 条意见"
    assert item.path == f"/bulletins/{remark.bulletin_id}/questions?show=noted"
    assert NOTED.compose([county], Span(journal.head(), journal.head() + 9)) == {}
    told = db.session.scalars(select(Entry).where(Entry.kind == "question.noted")).one()
    assert told.subject_id == remark.id


def test_a_question_wants_an_answer(world: World) -> None:
    question = asked(world, published(world))
    with pytest.raises(Conflict):
        questions.note(world.actor("province-clerk"), question.id)


def test_what_has_ended_is_not_noted(world: World) -> None:
    remark = asked(world, published(world), kind="remark", text=REMARK)
    answered(world, "province", [remark])
    with pytest.raises(Conflict):
        questions.note(world.actor("province-clerk"), remark.id)


@pytest.mark.parametrize(
    ("who", "error"),
    [
        ("province-reader", Forbidden),
        ("province-liaison", Forbidden),
        ("county-clerk", NotFound),
        ("sibling-clerk", NotFound),
    ],
)
def test_the_issuers_office_alone_notes(world: World, who: str, error: type[Exception]) -> None:
    remark = asked(world, published(world), kind="remark", text=REMARK, for_all=True)
    with pytest.raises(error):
        questions.note(world.actor(who), remark.id)


def test_it_is_noted_on_the_page_and_listed_there(world: World, browser_of: Browsers) -> None:
    paper = published(world)
    remark = asked(world, paper, kind="remark", text=REMARK)
    province, page = browser_of(world.people["province-clerk"]), f"/bulletins/{paper.id}/questions"
    assert f'form="note-{remark.id}"' in province.get(page).text
    assert post(province, f"/questions/{remark.id}/note", page).status_code == 303
    county = browser_of(world.people["county-clerk"])
    assert REMARK in county.get(f"{page}?show=noted").text
    assert "已阅知" in county.get("/questions?show=asked").text
    assert REMARK not in county.get(f"{page}?show=open").text
    sibling = browser_of(world.people["sibling-clerk"])
    assert REMARK not in sibling.get(f"{page}?show=noted").text
