"""Asking about a paper, withdrawing what was asked, answering once for all who asked."""

from flask_babel import gettext as _
from sqlalchemy import select

from agencies.actors import Actor
from agencies.permissions import require
from bulletins.models import Answer, Bulletin, Question
from bulletins.queries.questions import discussed
from bulletins.questions import labels
from bulletins.questions.inputs import AnswerInput, QuestionInput
from bulletins.questions.states import QuestionAction, QuestionState, after, ends
from bulletins.services.reply_files import Given, add, taken_in
from bulletins.states import OwnerKind, State
from config import clock, journal
from config.database import db, found, writing
from config.errors import Conflict, Invalid, NotFound


def ask(actor: Actor, bulletin_id: int, data: QuestionInput, files: Given = ()) -> Question:
    """Ask or remark for one's agency; the same words while they wait are asked only once.

    ``files`` come with it. Raises NotFound for what the agency may not read, Forbidden, Conflict
    for a void paper and for one's own, Invalid for a file that may not be attached, StorageFull.
    """
    if files:
        require(actor, "question.ask", discussed(actor.agency_id, bulletin_id))
    examined = taken_in(files)
    with writing():
        # One after the other, so that a form sent twice finds what it asked the first time.
        found(select(Bulletin).where(Bulletin.id == bulletin_id), lock=True)
        paper = discussed(actor.agency_id, bulletin_id)
        require(actor, "question.ask", paper)
        _check_askable(actor, paper.bulletin)
        question = _asked_already(actor, bulletin_id, data)
        if question is None:
            question = Question(
                bulletin_id=bulletin_id,
                agency_id=actor.agency_id,
                issuer_id=paper.bulletin.issuer_id,
                kind=data.kind,
                for_all=data.for_all,
                text=data.text,
                state=QuestionState.ASKED,
                asked_at=clock.now(),
                asked_by=actor.person_id,
            )
            db.session.add(question)
            db.session.flush()
            _record("question.asked", question, actor)
            add(actor, bulletin_id, (OwnerKind.QUESTION, question.id), examined)
    return question


def _check_askable(actor: Actor, bulletin: Bulletin) -> None:
    if bulletin.issuer_id == actor.agency_id:
        raise Conflict(
            _("这是本机关发出的文件，不能向自己提问。"), hint=_("收文机构的提问可在本页答复。")
        )
    if bulletin.ended_kind == State.VOID:
        raise Conflict(
            _("此件已撤销，不再接受新的提问。"), hint=_("如有疑问，请直接联系发文机关。")
        )


def _asked_already(actor: Actor, bulletin_id: int, data: QuestionInput) -> Question | None:
    return db.session.scalars(
        select(Question)
        .where(
            Question.bulletin_id == bulletin_id,
            Question.agency_id == actor.agency_id,
            Question.state == QuestionState.ASKED,
            Question.kind == data.kind,
            Question.for_all == data.for_all,
            Question.text == data.text,
        )
        .limit(1)
    ).one_or_none()


def withdraw_question(actor: Actor, question_id: int) -> Question:
    """Take back what nobody has answered yet. Raises NotFound, Forbidden, Conflict."""
    with writing():
        question = found(select(Question).where(Question.id == question_id), lock=True)
        require(actor, "question.withdraw", question)
        _move(question, QuestionAction.WITHDRAW)
        question.ended_at = clock.now()
        _record("question.withdrawn", question, actor)
    return question


def note(actor: Actor, question_id: int) -> Question:
    """Take note of a remark that wants no answer; who made it is told.

    Raises NotFound, Forbidden, Conflict for a question and for what is answered or withdrawn.
    """
    with writing():
        question = found(select(Question).where(Question.id == question_id), lock=True)
        require(actor, "question.note", question)
        if not ends(question.kind, QuestionAction.NOTE):
            raise Conflict(_("这是一条提问。"), hint=_("提问请用文字答复。"))
        _move(question, QuestionAction.NOTE)
        question.ended_at = clock.now()
        question.noted_entry_id = _record("question.noted", question, actor).id
    return question


def answer(actor: Actor, bulletin_id: int, data: AnswerInput, files: Given = ()) -> Answer:
    """Answer one or more questions on a paper at once; who asked is told.

    What answers a question that all see is for all; ``files`` come with the answer. Raises
    NotFound, Forbidden, Invalid where readers could not know what was asked and for a file that may
    not be attached, Conflict where one is answered or withdrawn already, StorageFull.
    """
    if files:
        require(actor, "question.answer", discussed(actor.agency_id, bulletin_id))
    examined = taken_in(files)
    with writing():
        require(actor, "question.answer", discussed(actor.agency_id, bulletin_id))
        if data.is_official:
            require(actor, "answer.make_official")
        questions = _to_answer(actor, bulletin_id, data.questions)
        is_seen = any(question.for_all for question in questions)
        if data.for_all and not is_seen and not data.topic:
            raise Invalid(
                errors={
                    "topic": _(
                        "所选提问只有提问机构和本机关能看到。要让所有收文机构看到答复，"
                        "请用一句话概括问题，不要写出提问机构。"
                    )
                }
            )
        made = _answered(actor, bulletin_id, data, is_seen=is_seen)
        for question in questions:
            _move(question, QuestionAction.ANSWER)
            question.ended_at = made.answered_at
            question.answer_id = made.id
        add(actor, bulletin_id, (OwnerKind.ANSWER, made.id), examined)
    return made


def _to_answer(actor: Actor, bulletin_id: int, question_ids: list[int]) -> list[Question]:
    query = (
        select(Question)
        .where(
            Question.id.in_(question_ids),
            Question.bulletin_id == bulletin_id,
            Question.issuer_id == actor.agency_id,
        )
        .order_by(Question.id)
        .with_for_update(key_share=True)
        .execution_options(populate_existing=True)
    )
    questions = list(db.session.scalars(query))
    if len(questions) != len(question_ids):
        raise NotFound
    return questions


def _answered(actor: Actor, bulletin_id: int, data: AnswerInput, *, is_seen: bool) -> Answer:
    now = clock.now()
    entry = journal.record(
        "question.answered",
        subject=("question", data.questions[0]),
        agency_id=actor.agency_id,
        by=actor,
        bulletin=bulletin_id,
        questions=data.questions,
        official=data.is_official,
    )
    made = Answer(
        bulletin_id=bulletin_id,
        issuer_id=actor.agency_id,
        topic=data.topic,
        text=data.text,
        for_all=data.for_all or is_seen,
        answered_at=now,
        answered_by=actor.person_id,
        entry_id=entry.id,
    )
    if data.is_official:
        made.official_at, made.official_by = now, actor.person_id
        made.official_entry_id = entry.id
    db.session.add(made)
    db.session.flush()
    return made


def make_official(actor: Actor, answer_id: int) -> Answer:
    """Let an answer count as the issuer's official word; who asked is told. As often as one likes.

    Raises NotFound, Forbidden.
    """
    with writing():
        made = found(select(Answer).where(Answer.id == answer_id), lock=True)
        require(actor, "answer.make_official", made)
        if made.official_at is None:
            made.official_at, made.official_by = clock.now(), actor.person_id
            made.official_entry_id = journal.record(
                "answer.made_official",
                subject=("answer", made.id),
                agency_id=made.issuer_id,
                by=actor,
                bulletin=made.bulletin_id,
            ).id
    return made


def _move(question: Question, action: QuestionAction) -> None:
    state = after(question.state, action)
    if state is None:
        raise Conflict(
            _(
                "这条提问现在是“%(state)s”，不能%(action)s。",
                state=labels.state(question.state),
                action=labels.action(action),
            )
        )
    question.state = state


def _record(kind: str, question: Question, actor: Actor) -> journal.Entry:
    return journal.record(
        kind,
        subject=("question", question.id),
        agency_id=question.agency_id,
        by=actor,
        bulletin=question.bulletin_id,
    )
