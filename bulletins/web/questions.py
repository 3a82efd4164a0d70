"""Questions on a paper: asked, offered what is alike, answered once for all; lists over papers."""

from collections.abc import Sequence

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from agencies.actors import acting
from agencies.permissions import can, permission, require
from bulletins.queries import questions as queries
from bulletins.queries.similar import Earlier, similar
from bulletins.questions.inputs import AnswerInput, QuestionInput, SimilarInput
from bulletins.questions.permissions import Discussed
from bulletins.questions.states import QuestionKind
from bulletins.services import questions as service
from bulletins.states import State
from bulletins.web.blueprint import bp
from config.errors import Invalid
from config.forms import Form, validated
from config.pages import keyset

LINES = 50


@bp.get("/questions")
@permission("question.list")
def questions() -> ResponseReturnValue:
    """What waits for the agency's answer, and what it has asked."""
    agency_id = acting().agency_id or 0
    chosen = "asked" if request.args.get("show") == "asked" else "to_answer"
    query = queries.asked_by(agency_id) if chosen == "asked" else queries.to_answer(agency_id)
    page = keyset(query, queries.KEY, queries.mark_of)
    return render_template("bulletins/questions.html", page=page, chosen=chosen)


@bp.get("/bulletins/<int:bulletin_id>/questions")
@permission("question.list")
def paper_questions(bulletin_id: int) -> ResponseReturnValue:
    """What was asked and answered about a paper, and the forms to ask or answer."""
    return _page(_discussed(bulletin_id, "question.list"))


def _discussed(bulletin_id: int, action: str) -> Discussed:
    actor = acting()
    paper = queries.discussed(actor.agency_id, bulletin_id)
    require(actor, action, paper)
    return paper


def _page(
    paper: Discussed,
    asking: Form[QuestionInput] | None = None,
    answering: Form[AnswerInput] | None = None,
    offered: Sequence[Earlier] | None = None,
) -> str:
    agency_id = acting().agency_id or 0
    waiting = queries.waiting_count(agency_id, paper.bulletin.id)
    chosen = request.args.get("show", "open" if paper.answers and waiting else "answered")
    if answering:
        chosen = "open"
    is_open = chosen == "open"
    if is_open:
        query = queries.waiting_on_paper(agency_id, paper.bulletin.id)
        page = keyset(query, queries.KEY, queries.mark_of, size=LINES, descending=False)
    else:
        query = queries.answers_on_paper(agency_id, paper.bulletin.id)
        page = keyset(query, queries.ANSWER_KEY, queries.answer_mark)
    return render_template(
        "bulletins/paper_questions.html",
        paper=paper,
        page=page,
        is_open=is_open,
        waiting=waiting,
        asked={} if is_open else queries.questions_of(agency_id, [one.id for one in page.items]),
        may_ask=_may_ask(paper),
        asking=asking or Form.blank(kind=QuestionKind.QUESTION),
        answering=answering or Form.blank(),
        offered=offered,
    )


def _may_ask(paper: Discussed) -> bool:
    actor, bulletin = acting(), paper.bulletin
    is_askable = bulletin.issuer_id != actor.agency_id and bulletin.ended_kind != State.VOID
    return is_askable and can(actor, "question.ask", paper)


@bp.post("/bulletins/<int:bulletin_id>/questions")
@permission("question.ask")
def ask(bulletin_id: int) -> ResponseReturnValue:
    """Ask, or show first what was asked before."""
    paper = _discussed(bulletin_id, "question.ask")
    form = Form[QuestionInput].posted(QuestionInput)
    if request.form.get("action") == "similar":
        typed = str(form.values.get("text") or "")
        form.errors.clear()
        return _page(paper, asking=form, offered=similar(acting().agency_id or 0, paper, typed))
    if form.data is None:
        return _page(paper, asking=form), Invalid.status
    service.ask(acting(), bulletin_id, form.data)
    flash(_("已提交，答复后会列入本机构的摘要。"), "success")
    return redirect(_address(bulletin_id, "open"), 303)


@bp.post("/bulletins/<int:bulletin_id>/questions/similar")
@permission("question.ask")
def similar_questions(bulletin_id: int) -> ResponseReturnValue:
    """What was asked before and is like what is being typed, as a part of the page."""
    paper = _discussed(bulletin_id, "question.ask")
    typed = validated(SimilarInput, request.form.to_dict())
    offered = similar(acting().agency_id or 0, paper, typed.body)
    return render_template("bulletins/_similar.html", offered=offered, paper=paper)


@bp.post("/bulletins/<int:bulletin_id>/answers")
@permission("question.answer")
def answer(bulletin_id: int) -> ResponseReturnValue:
    """Answer what was ticked, all at once."""
    paper = _discussed(bulletin_id, "question.answer")
    form = Form[AnswerInput].posted(AnswerInput)
    if form.data is not None:
        try:
            made = service.answer(acting(), bulletin_id, form.data)
        except Invalid as error:
            form.refuse(error)
        else:
            flash(_("已答复，提问机构会在摘要中看到。"), "success")
            return redirect(f"{_address(bulletin_id, 'answered')}#answer-{made.id}", 303)
    return _page(paper, answering=form), Invalid.status


@bp.post("/answers/<int:answer_id>/official")
@permission("answer.make_official")
def make_official(answer_id: int) -> ResponseReturnValue:
    """Say that an answer is the issuer's official word."""
    made = service.make_official(acting(), answer_id)
    flash(_("已标为正式答复。"), "success")
    return redirect(f"{_address(made.bulletin_id, 'answered')}#answer-{made.id}", 303)


@bp.post("/questions/<int:question_id>/withdraw")
@permission("question.withdraw")
def withdraw_question(question_id: int) -> ResponseReturnValue:
    """Take a question back."""
    question = service.withdraw_question(acting(), question_id)
    flash(_("提问已撤回。"), "success")
    return redirect(_address(question.bulletin_id, "open"), 303)


def _address(bulletin_id: int, show: str) -> str:
    return url_for("bulletins.paper_questions", bulletin_id=bulletin_id, show=show)
