"""Ending a paper: the form that asks how, from when and why, and what replaces it."""

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from agencies.actors import acting
from agencies.permissions import permission, require
from bulletins import services
from bulletins.decisions import RepealInput, VoidInput
from bulletins.models import Bulletin
from bulletins.queries import endings, papers
from bulletins.services.checks import today
from bulletins.states import Action, after
from bulletins.web.blueprint import bp
from config.errors import Invalid
from config.forms import Form


@bp.get("/bulletins/<int:bulletin_id>/end")
@permission("bulletin.void")
def end(bulletin_id: int) -> ResponseReturnValue:
    """The form; a paper that can't be ended shows its page instead."""
    bulletin = _mine(bulletin_id)
    if after(bulletin.state, Action.VOID, bulletin.version) is None:
        return redirect(url_for("bulletins.show", bulletin_id=bulletin_id))
    return _page(bulletin, Form.blank(ended_on=today()))


def _mine(bulletin_id: int) -> Bulletin:
    bulletin = papers.bulletin(bulletin_id)
    require(acting(), "bulletin.void", bulletin)
    return bulletin


def _page(bulletin: Bulletin, form: Form[VoidInput] | Form[RepealInput]) -> str:
    return render_template(
        "bulletins/end.html",
        bulletin=bulletin,
        version=papers.versions(bulletin.id)[0],
        may_repeal=after(bulletin.state, Action.REPEAL, bulletin.version) is not None,
        replacing=[
            (row.id, f"{row.number} {row.title}" if row.number else row.title)
            for row in endings.replacing(bulletin.issuer_id, bulletin.id)
        ],
        form=form,
        today=today(),
    )


@bp.post("/bulletins/<int:bulletin_id>/void")
@permission("bulletin.void")
def void(bulletin_id: int) -> ResponseReturnValue:
    """Say that a paper never had force."""
    form = Form[VoidInput].posted(VoidInput)
    if form.data is not None:
        try:
            services.void(acting(), bulletin_id, form.data)
        except Invalid as error:
            form.refuse(error)
        else:
            flash(_("已撤销，所有收文机构看到的此件都已注明。"), "success")
            return redirect(url_for("bulletins.show", bulletin_id=bulletin_id))
    return _refused(bulletin_id, form)


@bp.post("/bulletins/<int:bulletin_id>/repeal")
@permission("bulletin.repeal")
def repeal(bulletin_id: int) -> ResponseReturnValue:
    """Say from which day on a paper has no force."""
    form = Form[RepealInput].posted(RepealInput)
    if form.data is not None:
        try:
            services.repeal(acting(), bulletin_id, form.data)
        except Invalid as error:
            form.refuse(error)
        else:
            flash(_("已废止，所有收文机构看到的此件都已注明。"), "success")
            return redirect(url_for("bulletins.show", bulletin_id=bulletin_id))
    return _refused(bulletin_id, form)


def _refused(bulletin_id: int, form: Form[VoidInput] | Form[RepealInput]) -> ResponseReturnValue:
    bulletin = _mine(bulletin_id)
    if not bulletin.version:
        return redirect(url_for("bulletins.show", bulletin_id=bulletin_id))
    return _page(bulletin, form), Invalid.status
