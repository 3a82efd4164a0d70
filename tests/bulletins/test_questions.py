"""Questions on a paper: who sees them, one answer for several, what digests tell, how they end."""

from collections.abc import Sequence

import pytest
from sqlalchemy import select

from agencies.states import SeatKind
from bulletins import services
from bulletins.decisions import VoidInput
from bulletins.holdings import HOLDINGS
from bulletins.models import Answer, Bulletin, Question
from bulletins.queries import questions as queries
from bulletins.queries.similar import similar
from bulletins.questions.inputs import QuestionInput
from bulletins.questions.section import SECTIONS
from bulletins.questions.states import ACTORS, QuestionAction, QuestionState, after
from bulletins.services import questions
from config import journal
from config.database import db
from config.errors import Conflict, Forbidden, Invalid, NotFound
from config.journal import Entry
from config.sections import Item, Span
from config.settling import settle
from tests.bulletins.asking import QUESTION, answered, asked
from tests.bulletins.papers import published
from tests.bulletins.queries import counted
from tests.bulletins.relays import relayed, to_cities
from tests.worlds import World

MOVES = {
    ("asked", "answer"): "answered",
    ("asked", "note"): "noted",
    ("asked", "withdraw"): "withdrawn",
}
WAITING, ANSWERED, NOTED = SECTIONS


@pytest.mark.parametrize("state", QuestionState)
@pytest.mark.parametrize("action", QuestionAction)
def test_each_pair_of_state_and_action(state: QuestionState, action: QuestionAction) -> None:
    assert after(state, action) == MOVES.get((state, action))


def test_readers_neither_answer_nor_withdraw() -> None:
    for seats in ACTORS.values():
        assert SeatKind.READER not in seats
    assert ACTORS[QuestionAction.ANSWER] == {SeatKind.CLERK, SeatKind.APPROVER}


def seen(world: World, agency: str, paper: Bulletin) -> set[int]:
    """The questions that an agency sees of a paper."""
    query = queries.on_paper(world.agencies[agency], paper.id)
    return {row.id for row in db.session.execute(query)}


def answers_seen(world: World, agency: str, paper: Bulletin) -> set[int]:
    """The answers that an agency sees of a paper."""
    query = queries.answers_on_paper(world.agencies[agency], paper.id)
    return set(db.session.scalars(query.with_only_columns(Answer.id)))


def told(world: World, agency: str, span: Span | None = None) -> Sequence[Item]:
    """What the agency's digest says of answers."""
    settle()
    agency_id = world.agencies[agency]
    part = ANSWERED.compose([agency_id], span or Span(0, journal.head())).get(agency_id)
    return part.items if part else ()


def waiting(world: World, agency: str) -> list[str]:
    """What the agency's digest says of questions that wait."""
    agency_id = world.agencies[agency]
    part = WAITING.compose([agency_id], Span(0, 0)).get(agency_id)
    return [item.remark for item in part.items] if part else []


def test_a_private_question_is_for_asker_and_issuer_alone(world: World) -> None:
    paper = published(world)
    private, public = asked(world, paper), asked(world, paper, "sibling", for_all=True)
    assert seen(world, "county", paper) == {private.id, public.id}
    assert seen(world, "province", paper) == {private.id, public.id}
    assert seen(world, "sibling", paper) == {public.id}
    assert seen(world, "city", paper) == {public.id}  # not even the level between


def test_an_answer_to_a_private_question_is_seen_by_its_asker(world: World) -> None:
    paper = published(world)
    made = answered(world, "province", [asked(world, paper)])
    assert answers_seen(world, "county", paper) == {made.id}
    assert answers_seen(world, "province", paper) == {made.id}
    assert answers_seen(world, "sibling", paper) == set()


def test_one_answer_settles_several_and_all_askers_are_told(world: World) -> None:
    paper = published(world)
    both = [asked(world, paper), asked(world, paper, "sibling", for_all=True)]
    assert waiting(world, "province") == ["2 条待答复"]
    made = answered(world, "province", both, seat="approver", is_official=True)
    assert waiting(world, "province") == []
    assert made.for_all
    assert {one.answer_id for one in both} == {made.id}
    for agency in ("county", "sibling"):
        [item] = told(world, agency)
        assert item.text == paper.title
        assert item.remark == f"“{QUESTION}”有了正式答复"
        assert item.path == f"/bulletins/{paper.id}/questions?show=answered#answer-{made.id}"
    assert told(world, "city") == ()
    assert seen(world, "other_city", paper) == {both[1].id}
    assert answers_seen(world, "other_city", paper) == {made.id}


def test_what_is_made_official_later_is_told_at_that_place_of_the_journal(world: World) -> None:
    paper = published(world)
    made = answered(world, "province", [asked(world, paper)])
    assert [item.remark for item in told(world, "county")] == [f"“{QUESTION}”已答复"]
    head = journal.head()
    with pytest.raises(Forbidden):
        questions.make_official(world.actor("province-clerk"), made.id)
    for _again in range(2):
        questions.make_official(world.actor("province-approver"), made.id)
    settle()
    [item] = told(world, "county", Span(head, journal.head()))
    assert "正式答复" in item.remark
    assert len(told(world, "county")) == 1  # in a span that holds both, once
    kinds = select(Entry.kind).where(Entry.kind.in_(["question.answered", "answer.made_official"]))
    assert len(db.session.scalars(kinds).all()) == 2


def test_the_clerk_alone_makes_nothing_official(world: World) -> None:
    question = asked(world, published(world))
    with pytest.raises(Forbidden):
        answered(world, "province", [question], is_official=True)


def test_an_answer_for_all_says_what_was_asked(world: World) -> None:
    paper = published(world)
    question = asked(world, paper)
    with pytest.raises(Invalid) as refused:
        answered(world, "province", [question], for_all=True)
    assert set(refused.value.errors) == {"topic"}
    made = answered(world, "province", [question], for_all=True, topic="报送期限")
    assert answers_seen(world, "sibling", paper) == {made.id}
    assert queries.questions_of(world.agencies["sibling"], [made.id]) == {}
    assert seen(world, "sibling", paper) == set()


def test_foreign_and_settled_questions_are_not_answered(world: World) -> None:
    paper, other = published(world), published(world, "city", title="市局的通知")
    first, second = asked(world, paper), asked(world, other)
    with pytest.raises(NotFound):
        answered(world, "province", [first, second])
    with pytest.raises(NotFound):
        answered(world, "city", [first])
    answered(world, "province", [first])
    with pytest.raises(Conflict):
        answered(world, "province", [first])
    with pytest.raises(Conflict):
        questions.withdraw_question(world.actor("county-clerk"), first.id)
    assert second.state == QuestionState.ASKED


def test_who_has_not_the_paper_asks_nothing(world: World) -> None:
    paper = to_cities(world)
    for agency in ("county", "unrelated"):
        with pytest.raises(NotFound):
            asked(world, paper, agency)
    with pytest.raises(Conflict):
        asked(world, paper, "province")
    relayed(world, paper, "city")
    assert asked(world, paper, "county").issuer_id == world.agencies["province"]


def test_the_same_words_are_asked_once_while_they_wait(world: World) -> None:
    paper = published(world)
    question = asked(world, paper)
    assert asked(world, paper).id == question.id
    assert asked(world, paper, "sibling").id != question.id
    questions.withdraw_question(world.actor("county-liaison"), question.id)
    assert seen(world, "province", paper) == {question.id + 1}
    assert asked(world, paper).id != question.id


def test_a_void_paper_keeps_its_questions_and_takes_no_new_ones(world: World) -> None:
    paper = published(world)
    question = asked(world, paper)
    services.void(world.actor("province-approver"), paper.id, VoidInput(reason="数字有误。"))
    with pytest.raises(Conflict, match="撤销"):
        asked(world, paper, "sibling")
    assert seen(world, "county", paper) == {question.id}
    answered(world, "province", [question])
    [item] = told(world, "county")
    assert item.remark.startswith("已撤销，")


@pytest.mark.parametrize("text", ["", " \n ", "问" * 1001, "（秘密★一年）这个怎么办？"])
def test_empty_long_and_classified_questions_are_refused(text: str) -> None:
    with pytest.raises(ValueError):
        QuestionInput.model_validate({"text": text})


def test_similar_questions_of_the_paper_and_of_others_are_offered(world: World) -> None:
    paper, other = published(world), published(world, title="去年的通知")
    elsewhere = asked(world, other, "city", text="自查报告由谁报送，报送期限？", for_all=True)
    answered(world, "province", [elsewhere], text="月底前。")
    asked(world, other, text="自查报告报送期限能延长吗？")  # another's, and to the issuer alone
    asked(world, paper, "sibling", text="自查报告报送期限有多长？", for_all=True)
    asked(world, paper, "sibling", text="检查经费由谁承担？", for_all=True)
    found = offered(world, "other_county", paper, "请问自查报告报送期限有多久")
    assert found == [("自查报告报送期限有多长？", ""), ("自查报告由谁报送，报送期限？", "月底前。")]
    assert offered(world, "county", paper, "。") == []
    assert offered(world, "county", paper, "请问如何可以") == []


def test_a_private_question_is_offered_by_its_topic_only(world: World) -> None:
    paper = published(world)
    question = asked(world, paper, text="我县某厂自查报告报送期限？")
    topic = "企业自查报告的报送期限"
    answered(world, "province", [question], for_all=True, topic=topic, text="月底。")
    assert offered(world, "sibling", paper, "自查报告报送期限") == [(topic, "月底。")]


def test_private_answers_are_offered_to_nobody_else(world: World) -> None:
    paper = published(world)
    answered(world, "province", [asked(world, paper)])
    assert offered(world, "sibling", paper, QUESTION) == []
    assert offered(world, "county", paper, QUESTION) == [(QUESTION, "以通知所附日期为准。")]


def offered(world: World, agency: str, paper: Bulletin, text: str) -> list[tuple[str, str]]:
    """Earlier questions and answers that are offered, in two queries."""
    discussed = queries.discussed(world.agencies[agency], paper.id)
    discussed.bulletin.id  # noqa: B018 - loaded before counting
    with counted() as seen_statements:
        found = similar(world.agencies[agency], discussed, text)
    assert len(seen_statements) <= 2
    return [(one.text, one.answer) for one in found]


def test_open_questions_move_with_either_agency() -> None:
    columns = {one.column.key for one in HOLDINGS if one.model is Question}
    assert columns == {"issuer_id", "agency_id"}


def test_the_journal_keeps_no_words(world: World) -> None:
    answered(world, "province", [asked(world, published(world))])
    bodies = db.session.scalars(select(Entry.body).where(Entry.kind.like("question.%"))).all()
    assert len(bodies) == 2
    assert not any("自查" in str(body) or "为准" in str(body) for body in bodies)
