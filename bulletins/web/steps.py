"""The buttons of a paper: submit, withdraw, discard, return, sign."""

from typing import Any

from flask import flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from agencies.actors import acting
from agencies.permissions import permission, require
from bulletins import services
from bulletins.decisions import ReasonInput, SignInput, SubmitInput
from bulletins.forms import revision, stopped
from bulletins.inputs import RemarkInput
from bulletins.models import Bulletin
from bulletins.queries import papers
from bulletins.services.checking import Unchecked
from bulletins.states import State
from bulletins.web.blueprint import bp
from bulletins.web.desk import page_of
from bulletins.wording import laid_before
from config.errors import Invalid
from config.forms import Form
from config.http import zone


def _back_to(bulletin_id: int) -> ResponseReturnValue:
    return redirect(url_for("bulletins.show", bulletin_id=bulletin_id))


@bp.post("/bulletins/<int:bulletin_id>/submit")
@permission("bulletin.submit")
def submit(bulletin_id: int) -> ResponseReturnValue:
    """Lay a draft before the approver."""
    form = Form[SubmitInput].posted(SubmitInput)
    try:
        looked_at = form.data.looked_at if form.data else ()
        bulletin = services.submit(acting(), bulletin_id, looked_at)
    except Unchecked as error:
        return _redrawn(bulletin_id, "bulletin.submit", signing=stopped(form, error))
    flash(laid_before(bulletin.state), "success")
    return _back_to(bulletin_id)


@bp.post("/bulletins/<int:bulletin_id>/withdraw")
@permission("bulletin.withdraw")
def withdraw(bulletin_id: int) -> ResponseReturnValue:
    """Take a submitted paper back."""
    services.withdraw(acting(), bulletin_id)
    flash(_("已撤回，可以继续修改。"), "success")
    return redirect(url_for("bulletins.draft", bulletin_id=bulletin_id))


@bp.post("/bulletins/<int:bulletin_id>/discard")
@permission("bulletin.discard")
def discard(bulletin_id: int) -> ResponseReturnValue:
    """Throw a draft away."""
    form = Form[ReasonInput].posted(ReasonInput)
    try:
        services.discard(acting(), bulletin_id, form.data.reason if form.data else "")
    except Invalid as error:
        form.refuse(error)
        return _redrawn(bulletin_id, "bulletin.discard", reasons=form)
    flash(_("文稿已作废。"), "success")
    return redirect(url_for("bulletins.drafts"))


@bp.post("/bulletins/<int:bulletin_id>/return")
@permission("bulletin.return")
def return_draft(bulletin_id: int) -> ResponseReturnValue:
    """Give a submitted paper back to the clerk with a remark."""
    form = Form[RemarkInput].posted(RemarkInput)
    if form.data is not None:
        services.return_draft(acting(), bulletin_id, form.data.remark)
        flash(_("已退回修改。"), "success")
        return _back_to(bulletin_id)
    return _redrawn(bulletin_id, "bulletin.return", remark=form)


def _signed(bulletin: Bulletin) -> str:
    if bulletin.state == State.SUBMITTED:
        return _("已签发，其他机关都会签后自动发布。")
    if bulletin.state == State.SIGNED:
        return _("已签发，到时自动发布。")
    return _("已签发，收文机构现在可以看到。")


@bp.post("/bulletins/<int:bulletin_id>/sign")
@permission("bulletin.sign")
def sign(bulletin_id: int) -> ResponseReturnValue:
    """Sign a submitted paper as the approver has read it, at once or for a later time."""
    form = Form[SignInput].posted(SignInput)
    read = revision() if "revision" in request.form else None
    if form.data is not None:
        moment = form.data.moment(zone())
        try:
            paper = services.sign(
                acting(), bulletin_id, read, moment, form.data.asks_again, form.data.looked_at
            )
        except Unchecked as error:
            stopped(form, error)
        except Invalid as error:
            if not error.errors.keys() & form.values.keys():
                raise
            form.refuse(error)
        else:
            flash(_signed(paper), "success")
            return _back_to(bulletin_id)
    return _redrawn(bulletin_id, "bulletin.sign", signing=form)


def _redrawn(bulletin_id: int, action: str, **forms: Form[Any]) -> ResponseReturnValue:
    bulletin = papers.bulletin(bulletin_id)
    require(acting(), action, bulletin)
    return page_of(bulletin, **forms), Invalid.status


@bp.post("/bulletins/<int:bulletin_id>/publish")
@permission("bulletin.publish")
def publish(bulletin_id: int) -> ResponseReturnValue:
    """Publish a signed paper before its time."""
    services.publish_now(acting(), bulletin_id)
    flash(_("已发布，收文机构现在可以看到。"), "success")
    return _back_to(bulletin_id)


@bp.post("/bulletins/<int:bulletin_id>/cancel")
@permission("bulletin.cancel")
def cancel(bulletin_id: int) -> ResponseReturnValue:
    """Take a signed paper back before its time."""
    form = Form[ReasonInput].posted(ReasonInput)
    if form.data is None:
        return _redrawn(bulletin_id, "bulletin.cancel", reasons=form)
    services.cancel(acting(), bulletin_id, form.data.reason)
    flash(_("已取消发布，退回经办人修改。"), "success")
    return _back_to(bulletin_id)
