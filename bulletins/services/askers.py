"""Asking too what another agency has asked, and asking it no more."""

from flask_babel import gettext as _

from agencies.actors import Actor
from agencies.permissions import require
from bulletins.models import Question, QuestionAsker
from bulletins.queries.askers import joinable
from bulletins.questions.permissions import Joinable, has_to_answer, is_asker
from bulletins.questions.states import QuestionKind, QuestionState
from bulletins.states import State
from config import clock, journal
from config.database import db, writing
from config.errors import Conflict


def join_question(actor: Actor, question_id: int) -> Question:
    """Let one's agency ask a question too: it is told of the answer. As often as one likes.

    Raises NotFound for a question that the agency may not see, Forbidden, Conflict for one that it
    asked itself or has to answer, for a remark, on a void paper, and for one that has an answer.
    """
    with writing():
        # Whoever answers or withdraws it holds it too.
        thing = joinable(actor.agency_id, question_id, lock=True)
        require(actor, "question.join", thing)
        question = thing.question
        if _row(actor, question) is None:
            _check_joinable(actor, thing)
            row = QuestionAsker(
                question_id=question_id,
                agency_id=actor.agency_id,
                joined_at=clock.now(),
                joined_by=actor.person_id,
            )
            db.session.add(row)
            _record("question.joined", question, actor)
    return question


def leave_question(actor: Actor, question_id: int) -> Question:
    """Let one's agency ask a question no more that another has asked. As often as one likes.

    Raises NotFound, Forbidden, Conflict for a question that has an answer.
    """
    with writing():
        thing = joinable(actor.agency_id, question_id, lock=True)
        require(actor, "question.join", thing)
        row = _row(actor, thing.question)
        if row is not None:
            _check_waits(thing.question)
            db.session.delete(row)
            _record("question.left", thing.question, actor)
    return thing.question


def _row(actor: Actor, question: Question) -> QuestionAsker | None:
    return db.session.get(QuestionAsker, (question.id, actor.agency_id))


def _check_joinable(actor: Actor, thing: Joinable) -> None:
    question = thing.question
    if is_asker(actor, question):
        raise Conflict(_("这是本机构自己的提问。"), hint=_("答复后会列入本机构的摘要。"))
    if has_to_answer(actor, question):
        raise Conflict(_("这条提问要由本机关答复。"))
    if question.kind != QuestionKind.QUESTION:
        raise Conflict(_("这是一条意见，不是提问。"), hint=_("有同样的意见，请另行提出。"))
    _check_waits(question)
    if thing.paper.bulletin.ended_kind == State.VOID:
        raise Conflict(
            _("此件已撤销，不再接受新的提问。"), hint=_("如有疑问，请直接联系发文机关。")
        )


def _check_waits(question: Question) -> None:
    if question.state != QuestionState.ASKED:
        raise Conflict(_("这条提问已有结果。"), hint=_("请在“已答复”里查看。"))


def _record(kind: str, question: Question, actor: Actor) -> None:
    journal.record(
        kind,
        subject=("question", question.id),
        agency_id=actor.agency_id,
        by=actor,
        bulletin=question.bulletin_id,
    )
