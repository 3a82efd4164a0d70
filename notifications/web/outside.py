"""Recipients from outside: who has only an address."""

from flask import current_app, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from agencies.actors import acting
from agencies.permissions import permission
from config.errors import Invalid
from config.forms import Form
from notifications.inputs import OutsideInput
from notifications.outsiders import gets
from notifications.queries import outsiders as listed
from notifications.services import outside
from notifications.states import Rhythm
from notifications.web.blueprint import bp
from notifications.web.settings import choices, usual


@bp.get("/recipients")
@permission("recipient.edit")
def outsiders() -> ResponseReturnValue:
    """Everybody from outside who gets digests."""
    page = listed()
    return render_template(
        "notifications/outsiders.html",
        page=page,
        gets=gets([recipient for recipient, _agency in page.items]),
    )


@bp.get("/recipients/new")
@permission("recipient.edit")
def new_outsider() -> ResponseReturnValue:
    """The form for somebody new."""
    return _drawn(usual(Rhythm.WORKDAYS, language="zh", urgent_at_once=True))


@bp.post("/recipients/new")
@permission("recipient.edit")
def add_outsider() -> ResponseReturnValue:
    """Let somebody from outside have an agency's digests."""
    form = Form.posted(OutsideInput)
    if form.data is not None:
        try:
            outside.add(acting(), form.data)
        except Invalid as error:
            form.refuse(error)
        else:
            flash(_("已添加。已请对方确认，确认以后才开始发送。"), "ok")
            return redirect(url_for("notifications.outsiders"), 303)
    return _drawn(form), 422


def _drawn(form: Form[OutsideInput]) -> str:
    zone = current_app.extensions["settings"].timezone
    return render_template("notifications/new_outsider.html", form=form, zone=zone, **choices())


@bp.post("/recipients/<int:recipient_id>/end")
@permission("recipient.edit")
def end_outsider(recipient_id: int) -> ResponseReturnValue:
    """Send nothing more to somebody from outside."""
    outside.end(acting(), recipient_id)
    flash(_("已停止发送。"), "ok")
    return redirect(url_for("notifications.outsiders"), 303)
