"""Asking too what another agency has asked; who asks it."""

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from agencies.actors import acting, opened_elsewhere
from agencies.permissions import permission, require
from bulletins.queries import askers as queries
from bulletins.services import askers as service
from bulletins.web.attachments import largest_form
from bulletins.web.blueprint import bp
from config.bodies import large_body
from config.errors import Conflict
from config.pages import keyset


@bp.post("/questions/<int:question_id>/join")
@permission("question.join")
@large_body(largest_form)  # pressed beside similar questions it comes with the form of one's own
def join_question(question_id: int) -> ResponseReturnValue:
    """Ask it too."""
    actor = acting()
    if opened_elsewhere(actor):
        raise Conflict(
            _("您已切换岗位，没有加入提问。"), hint=_("请打开提问所在的页面，核对机构后再加入。")
        )
    question = service.join_question(actor, question_id)
    flash(_("已加入提问，答复后会列入本机构的摘要。"), "success")
    return redirect(_address(question.bulletin_id, question_id), 303)


@bp.post("/questions/<int:question_id>/leave")
@permission("question.join")
def leave_question(question_id: int) -> ResponseReturnValue:
    """Ask it no more."""
    question = service.leave_question(acting(), question_id)
    flash(_("本机构不再问这一条。"), "success")
    return redirect(_address(question.bulletin_id, question_id), 303)


def _address(bulletin_id: int, question_id: int) -> str:
    page = url_for("bulletins.paper_questions", bulletin_id=bulletin_id, show="open")
    return f"{page}#question-{question_id}"


@bp.get("/questions/<int:question_id>/askers")
@permission("question.askers")
def askers(question_id: int) -> ResponseReturnValue:
    """The agencies that ask a question of one's own agency, in the order in which they came."""
    thing = queries.joinable(acting().agency_id, question_id)
    require(acting(), "question.askers", thing.question)
    page = keyset(queries.askers(question_id), queries.KEY, queries.mark_of, descending=False)
    return render_template("bulletins/askers.html", thing=thing, page=page)
