"""Questions on a paper: asked, offered what is alike, answered once for all; lists over papers."""

from collections.abc import Mapping, Sequence
from typing import IO, Any

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from agencies.actors import acting, opened_elsewhere
from agencies.permissions import can, permission, require
from bulletins import file_labels
from bulletins.models import Answer, Attachment
from bulletins.queries import questions as queries
from bulletins.queries.askers import others_of
from bulletins.queries.owned import files_of
from bulletins.queries.similar import Earlier, similar
from bulletins.questions.inputs import AnswerInput, QuestionInput
from bulletins.questions.permissions import Discussed
from bulletins.questions.states import QuestionKind
from bulletins.services import keeping, reply_files
from bulletins.services import questions as service
from bulletins.states import OwnerKind, State
from bulletins.web.attachments import largest_form
from bulletins.web.blueprint import bp
from config.bodies import large_body
from config.errors import Invalid, StorageFull, Unavailable
from config.forms import Form
from config.pages import Page, keyset

LINES = 50
OPEN, NOTED = "open", "noted"
_LISTS = {
    "to_answer": queries.to_answer,
    "asked": queries.asked_by,
    "joined": queries.asked_too,
}


@bp.get("/questions")
@permission("question.list")
def questions() -> ResponseReturnValue:
    """What waits for the agency's answer, what it has asked, and what it asks too."""
    agency_id = acting().agency_id or 0
    given = request.args.get("show", "")
    chosen = given if given in _LISTS else "to_answer"
    page = keyset(_LISTS[chosen](agency_id), queries.KEY, queries.mark_of)
    askers = others_of(agency_id, [row.id for row in page.items])
    return render_template("bulletins/questions.html", page=page, chosen=chosen, askers=askers)


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
    page = _lines(chosen, agency_id, paper.bulletin.id)
    asked: Mapping[int, Sequence[Any]] = {}
    if chosen not in (OPEN, NOTED):
        asked = queries.questions_of(agency_id, [one.id for one in page.items])
    return render_template(
        "bulletins/paper_questions.html",
        paper=paper,
        page=page,
        shown=chosen if chosen in (OPEN, NOTED) else "answered",
        waiting=waiting,
        asked=asked,
        files=_files(page.items, asked),
        askers=others_of(agency_id, _question_ids(page.items, asked)),
        limits=keeping.settings(),
        accepted=file_labels.ACCEPTED,
        may_ask=_may_ask(paper),
        asking=asking or Form.blank(kind=QuestionKind.QUESTION),
        answering=answering or Form.blank(),
        offered=offered,
    )


def _lines(chosen: str, agency_id: int, bulletin_id: int) -> Page[Any]:
    """What waits, or was noted, the oldest first; else what was answered, the newest first."""
    if chosen == OPEN:
        query = queries.waiting_on_paper(agency_id, bulletin_id)
        return keyset(query, queries.KEY, queries.mark_of, size=LINES, descending=False)
    if chosen == NOTED:
        query = queries.noted_on_paper(agency_id, bulletin_id)
        return keyset(query, queries.KEY, queries.mark_of, size=LINES)
    answers = queries.answers_on_paper(agency_id, bulletin_id)
    return keyset(answers, queries.ANSWER_KEY, queries.answer_mark)


def _files(
    items: Sequence[Any], asked: Mapping[int, Sequence[Any]]
) -> dict[str, Mapping[int, Sequence[Attachment]]]:
    """What came with the questions and the answers of a page."""
    answer_ids = [one.id for one in items if isinstance(one, Answer)]
    return {
        "questions": files_of(OwnerKind.QUESTION, _question_ids(items, asked)),
        "answers": files_of(OwnerKind.ANSWER, answer_ids),
    }


def _question_ids(items: Sequence[Any], asked: Mapping[int, Sequence[Any]]) -> list[int]:
    """The questions that stand on a page, alone or with their answer."""
    question_ids = [row.id for rows in asked.values() for row in rows]
    return question_ids + [one.id for one in items if not isinstance(one, Answer)]


def _given() -> list[tuple[str, IO[bytes]]]:
    """The files that came with the form."""
    files = request.files.getlist("files")
    return [(file.filename, file.stream) for file in files if file.filename]


def _may_ask(paper: Discussed) -> bool:
    actor, bulletin = acting(), paper.bulletin
    is_askable = bulletin.issuer_id != actor.agency_id and bulletin.ended_kind != State.VOID
    return is_askable and can(actor, "question.ask", paper)


@bp.post("/bulletins/<int:bulletin_id>/questions")
@permission("question.ask")
@large_body(largest_form)
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
    try:
        _check_seat()
        service.ask(acting(), bulletin_id, form.data, _given())
    except (Invalid, StorageFull, Unavailable) as error:
        _refuse(form, error)
        return _page(paper, asking=form), error.status
    flash(_("已提交，答复后会列入本机构的摘要。"), "success")
    return redirect(_address(bulletin_id, "open"), 303)


def _refuse(form: Form[Any], error: Invalid | StorageFull | Unavailable) -> None:
    """What was typed comes back also where its files could not be kept."""
    if not isinstance(error, Invalid):
        error = Invalid(errors={"files": f"{error.message}{error.hint}"})
    form.refuse(error)


def _check_seat() -> None:
    actor = acting()
    if opened_elsewhere(actor):
        agency = actor.agency.name if actor.agency else ""
        words = _(
            "您已切换岗位。这一条现在会以“%(agency)s”的名义提出，请核对后再提交。", agency=agency
        )
        raise Invalid(errors={"text": words})


@bp.post("/bulletins/<int:bulletin_id>/questions/similar")
@permission("question.ask")
def similar_questions(bulletin_id: int) -> ResponseReturnValue:
    """What was asked before and is like what is being typed, as a part of the page."""
    paper = _discussed(bulletin_id, "question.ask")
    typed = request.form.get("body", "")
    offered = similar(acting().agency_id or 0, paper, typed)
    return render_template("bulletins/_similar.html", offered=offered, paper=paper)


@bp.post("/bulletins/<int:bulletin_id>/answers")
@permission("question.answer")
@large_body(largest_form)
def answer(bulletin_id: int) -> ResponseReturnValue:
    """Answer what was ticked, all at once."""
    paper = _discussed(bulletin_id, "question.answer")
    form = Form[AnswerInput].posted(AnswerInput)
    if form.data is not None:
        try:
            made = service.answer(acting(), bulletin_id, form.data, _given())
        except (Invalid, StorageFull, Unavailable) as error:
            _refuse(form, error)
            return _page(paper, answering=form), error.status
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


@bp.post("/questions/<int:question_id>/note")
@permission("question.note")
def note_question(question_id: int) -> ResponseReturnValue:
    """Say that a remark was read and needs no answer."""
    question = service.note(acting(), question_id)
    flash(_("已标为阅知，提出意见的机构会在摘要中看到。"), "success")
    return redirect(_address(question.bulletin_id, "open"), 303)


@bp.post("/questions/<int:question_id>/withdraw")
@permission("question.withdraw")
def withdraw_question(question_id: int) -> ResponseReturnValue:
    """Take a question back."""
    question = service.withdraw_question(acting(), question_id)
    flash(_("提问已撤回。"), "success")
    return redirect(_address(question.bulletin_id, "open"), 303)


@bp.post("/questions/attachments/<int:attachment_id>/remove")
@permission("question.attach")
def remove_from_question(attachment_id: int) -> ResponseReturnValue:
    """Take a file off a question that waits for its answer."""
    question = reply_files.remove_from_question(acting(), attachment_id)
    flash(_("附件已删去。"), "success")
    return redirect(f"{_address(question.bulletin_id, 'open')}#question-{question.id}", 303)


def _address(bulletin_id: int, show: str) -> str:
    return url_for("bulletins.paper_questions", bulletin_id=bulletin_id, show=show)
