"""The buttons of a paper: submit, withdraw, discard, return, sign."""

from flask import flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from agencies.actors import acting
from agencies.permissions import permission, require
from bulletins import services
from bulletins.forms import revision
from bulletins.inputs import RemarkInput
from bulletins.queries import papers
from bulletins.web.blueprint import bp
from bulletins.web.desk import page_of
from config.errors import Invalid
from config.forms import Form


def _back_to(bulletin_id: int) -> ResponseReturnValue:
    return redirect(url_for("bulletins.show", bulletin_id=bulletin_id))


@bp.post("/bulletins/<int:bulletin_id>/submit")
@permission("bulletin.submit")
def submit(bulletin_id: int) -> ResponseReturnValue:
    """Lay a draft before the approver."""
    services.submit(acting(), bulletin_id)
    flash(_("已送签，等待签发。"), "success")
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
    services.discard(acting(), bulletin_id)
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
    bulletin = papers.bulletin(bulletin_id)
    require(acting(), "bulletin.return", bulletin)
    return page_of(bulletin, form), Invalid.status


@bp.post("/bulletins/<int:bulletin_id>/sign")
@permission("bulletin.sign")
def sign(bulletin_id: int) -> ResponseReturnValue:
    """Publish a submitted paper as the approver has read it."""
    read = revision() if "revision" in request.form else None
    services.sign(acting(), bulletin_id, read)
    flash(_("已签发，收文机构现在可以看到。"), "success")
    return _back_to(bulletin_id)
