"""Files with questions and answers: who reads them, what is refused, what stays."""

import io

import pytest
from apiflask import APIFlask
from sqlalchemy import func, select

from bulletins import services
from bulletins.models import Answer, Attachment, Question
from bulletins.queries.attachments import load
from bulletins.queries.papers import history
from bulletins.questions.inputs import AnswerInput, QuestionInput
from bulletins.services import attachments, questions, reply_files
from bulletins.services.sweeping import sweep
from bulletins.states import OwnerKind
from config.database import db
from config.errors import Conflict, DomainError, Forbidden, Invalid, NotFound
from config.journal import Entry
from tests.bulletins.asking import answered, asked
from tests.bulletins.attaching import attached, kept
from tests.bulletins.browsing import Browsers
from tests.bulletins.files import PDF, picture
from tests.bulletins.papers import drafted, published
from tests.bulletins.relays import begun
from tests.worlds import World, csrf_of

Given = list[tuple[str, io.BytesIO]]


def files(*names: str) -> Given:
    """Files of these names, each with a content of its own."""
    return [(name, io.BytesIO(PDF + name.encode())) for name in names]


def asked_with(world: World, *names: str, **given: object) -> Question:
    """A question of the county with files."""
    paper = published(world)
    data = QuestionInput.model_validate({"text": "照片中的标识是否合格？", **given})
    return questions.ask(world.actor("county-clerk"), paper.id, data, files(*names))


def of(kind: OwnerKind, owner_id: int) -> list[Attachment]:
    query = select(Attachment).where(Attachment.owner_kind == kind, Attachment.owner_id == owner_id)
    return list(db.session.scalars(query.order_by(Attachment.place)))


def may_open(world: World, who: str, attachment: Attachment) -> bool:
    try:
        attachments.opened(world.actor(who), attachment.id, "downloaded")
    except NotFound:
        return False
    return True


def test_files_of_a_private_question_are_for_asker_and_issuer(world: World) -> None:
    question = asked_with(world, "照片.pdf", "说明.pdf")
    first, second = of(OwnerKind.QUESTION, question.id)
    assert [first.name, second.name] == ["照片.pdf", "说明.pdf"]
    assert may_open(world, "county-reader", first)
    assert may_open(world, "province-reader", second)
    for who in ("sibling-clerk", "city-clerk", "unrelated-clerk"):
        assert not may_open(world, who, first)


def test_files_of_an_open_question_are_for_whoever_reads_the_paper(world: World) -> None:
    [one] = of(OwnerKind.QUESTION, asked_with(world, "照片.pdf", for_all=True).id)
    assert may_open(world, "sibling-reader", one)
    assert not may_open(world, "unrelated-clerk", one)


def test_files_of_an_answer_are_for_whoever_reads_the_answer(world: World) -> None:
    question = asked_with(world)
    data = AnswerInput(questions=[question.id], text="见附件。")
    clerk = world.actor("province-clerk")
    made = questions.answer(clerk, question.bulletin_id, data, files("样表.pdf"))
    [one] = of(OwnerKind.ANSWER, made.id)
    assert may_open(world, "county-reader", one)
    assert not may_open(world, "sibling-clerk", one)
    told = select(func.count()).where(Entry.kind == "attachment.downloaded")
    assert db.session.scalar(told) == 1


def test_a_withdrawn_question_keeps_its_files_to_its_asker(world: World) -> None:
    question = asked_with(world, "照片.pdf", for_all=True)
    [one] = of(OwnerKind.QUESTION, question.id)
    questions.withdraw_question(world.actor("county-clerk"), question.id)
    assert may_open(world, "county-clerk", one)
    assert not may_open(world, "province-clerk", one)
    assert not may_open(world, "sibling-clerk", one)


def test_one_bad_file_refuses_the_whole_question(world: World) -> None:
    paper = published(world)
    given = [*files("好.pdf"), ("坏.pdf", io.BytesIO(b"MZ" + bytes(500)))]
    with pytest.raises(Invalid) as caught:
        questions.ask(world.actor("county-clerk"), paper.id, QuestionInput(text="？"), given)
    assert "坏.pdf" in str(caught.value.errors["files"])
    assert db.session.scalars(select(Question)).all() == []
    assert db.session.scalars(select(Attachment)).all() == []


def test_too_many_files_are_refused(app: APIFlask, world: World) -> None:
    question = asked_with(world, "一.pdf")
    app.extensions["settings"] = app.extensions["settings"].model_copy(update={"attachments": 2})
    clerk = world.actor("county-clerk")
    [more] = files("二.pdf")
    reply_files.attach_to_question(clerk, question.id, *more)
    [beyond] = files("三.pdf")
    with pytest.raises(Invalid):
        reply_files.attach_to_question(clerk, question.id, *beyond)
    with pytest.raises(Invalid):
        questions.ask(
            clerk,
            question.bulletin_id,
            QuestionInput(text="又？"),
            files("一.pdf", "二.pdf", "三.pdf"),
        )


def test_who_may_not_ask_uploads_nothing(world: World) -> None:
    paper = published(world)
    before = kept()
    for who, error in (("county-reader", Forbidden), ("unrelated-clerk", NotFound)):
        with pytest.raises(error):
            questions.ask(world.actor(who), paper.id, QuestionInput(text="？"), files("一.pdf"))
    assert kept() == before


def test_the_same_form_sent_twice_keeps_its_files_once(world: World) -> None:
    question = asked_with(world, "照片.pdf")
    data = QuestionInput(text=question.text)
    again = questions.ask(
        world.actor("county-clerk"), question.bulletin_id, data, files("照片.pdf")
    )
    assert again.id == question.id
    assert len(of(OwnerKind.QUESTION, question.id)) == 1


def test_what_went_with_a_reply_stays(world: World) -> None:
    question = asked_with(world, "照片.pdf", for_all=True)
    [one] = of(OwnerKind.QUESTION, question.id)
    services.correct(world.actor("province-clerk"), question.bulletin_id)
    for who in ("province-clerk", "county-clerk"):
        with pytest.raises(DomainError):
            services.remove(world.actor(who), one.id)
    sweep()
    assert may_open(world, "county-clerk", one)


def test_who_asked_takes_a_file_off_while_the_question_waits(
    world: World, browser_of: Browsers
) -> None:
    question = asked_with(world, "照片.pdf", "说明.pdf", for_all=True)
    first, second = of(OwnerKind.QUESTION, question.id)
    url = f"/bulletins/{question.bulletin_id}/questions?show=open"
    button = f"/questions/attachments/{first.id}/remove"
    for name in ("province-clerk", "sibling-clerk", "county-reader"):
        browser = browser_of(world.people[name])
        page = browser.get(url).text
        assert "照片.pdf" in page
        assert button not in page
        sent = browser.post(button, data={"csrf_token": csrf_of(page)})
        assert sent.status_code in (403, 404)
    browser = browser_of(world.people["county-liaison"])
    page = browser.get(url).text
    assert button in page
    for _again in range(2):
        sent = browser.post(button, data={"csrf_token": csrf_of(page)}, follow_redirects=True)
        assert sent.status_code == 200
        assert "附件已删去" in sent.text
        assert "照片.pdf" not in sent.text
        assert "说明.pdf" in sent.text
    assert not may_open(world, "county-clerk", first)
    assert not may_open(world, "province-clerk", first)
    assert may_open(world, "province-clerk", second)
    kinds = select(func.count()).where(Entry.kind == "attachment.removed")
    assert db.session.scalar(kinds) == 1


def test_what_went_with_an_answered_question_stays(world: World) -> None:
    question = asked_with(world, "照片.pdf")
    [one] = of(OwnerKind.QUESTION, question.id)
    made = answered(world, "province", [question])
    [more] = files("样表.pdf")
    of_answer = reply_files.attach_to_answer(world.actor("province-clerk"), made.id, *more)
    with pytest.raises(Conflict):
        reply_files.remove_from_question(world.actor("county-clerk"), one.id)
    for who, number in (("county-clerk", of_answer.id), ("sibling-clerk", one.id)):
        with pytest.raises(NotFound):
            reply_files.remove_from_question(world.actor(who), number)
    assert may_open(world, "county-clerk", one)


def test_nothing_is_added_to_what_has_its_answer(world: World) -> None:
    question = asked_with(world)
    answered(world, "province", [question])
    [more] = files("二.pdf")
    with pytest.raises(Conflict):
        reply_files.attach_to_question(world.actor("county-clerk"), question.id, *more)


def test_to_an_official_answer_the_approver_alone_adds(world: World) -> None:
    made = answered(
        world, "province", [asked(world, published(world))], "approver", is_official=True
    )
    with pytest.raises(Forbidden):
        reply_files.attach_to_answer(world.actor("province-clerk"), made.id, *files("一.pdf")[0])
    reply_files.attach_to_answer(world.actor("province-approver"), made.id, *files("一.pdf")[0])
    assert len(of(OwnerKind.ANSWER, made.id)) == 1
    with pytest.raises(NotFound):
        reply_files.attach_to_answer(world.actor("county-clerk"), made.id, *files("二.pdf")[0])


def test_the_papers_own_history_tells_of_its_own_files_alone(world: World) -> None:
    question = asked_with(world, "照片.pdf")
    relay = begun(world, published(world, to_all=False, to_agencies=[world.agencies["city"]]))
    [more] = files("分工.pdf")
    services.attach_to_relay(world.actor("city-clerk"), relay.id, *more)
    for bulletin_id in (question.bulletin_id, relay.bulletin_id):
        kinds = {step.kind for step in history(bulletin_id)}
        assert "bulletin.published" in kinds
        assert "attachment.added" not in kinds
    draft = drafted(world)
    attached(world, draft)
    assert "attachment.added" in {step.kind for step in history(draft.id)}


def test_a_draft_counts_its_own_files_alone(world: World) -> None:
    asked_with(world, "照片.pdf")
    draft = drafted(world)
    assert load(draft.id) == (0, 0)


def test_files_come_with_the_form_and_are_shown(world: World, browser_of: Browsers) -> None:
    paper = published(world)
    county, page = browser_of(world.people["county-clerk"]), f"/bulletins/{paper.id}/questions"
    form = {
        "csrf_token": csrf_of(county.get(page).text),
        "kind": "question",
        "text": "照片中的标识是否合格？",
        "files": [(io.BytesIO(picture()), "照片<b>.png"), (io.BytesIO(PDF), "说明.pdf")],
    }
    assert county.post(page, data=form).status_code == 303
    question = db.session.scalars(select(Question)).one()
    first, _second = of(OwnerKind.QUESTION, question.id)
    province = browser_of(world.people["province-clerk"])
    shown = province.get(page).text
    assert f"/attachments/{first.id}/file" in shown
    assert "<b>.png" not in shown
    assert province.get(f"/attachments/{first.id}/file").data == picture()
    sibling = browser_of(world.people["sibling-clerk"])
    assert sibling.get(f"/attachments/{first.id}/file").status_code == 404
    refused = {**form, "text": "又一问？", "files": [(io.BytesIO(b"MZ" + bytes(99)), "坏.pdf")]}
    answer = county.post(page, data=refused)
    assert answer.status_code == 422
    assert "又一问？</textarea>" in answer.text
    assert "坏.pdf" in answer.text
    assert db.session.scalar(select(func.count()).select_from(Question)) == 1


def test_an_answer_brings_its_files_to_the_page(world: World, browser_of: Browsers) -> None:
    question = asked(world, published(world))
    page = f"/bulletins/{question.bulletin_id}/questions"
    province = browser_of(world.people["province-clerk"])
    form = {
        "csrf_token": csrf_of(province.get(page).text),
        "questions": str(question.id),
        "text": "见样表。",
        "files": [(io.BytesIO(PDF), "样表.pdf")],
    }
    url = f"/bulletins/{question.bulletin_id}/answers"
    assert province.post(url, data=form).status_code == 303
    made = db.session.scalars(select(Answer)).one()
    [one] = of(OwnerKind.ANSWER, made.id)
    county = browser_of(world.people["county-clerk"])
    assert "样表.pdf" in county.get(page).text
    assert county.get(f"/attachments/{one.id}/file").data == PDF
