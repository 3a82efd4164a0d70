"""Asking for an agency's digests by its link, and the links that were given away."""

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from agencies.actors import acting
from agencies.permissions import permission, public
from config import clock
from config.errors import Invalid, TooMany
from config.forms import Form
from config.http import csrf, locale
from notifications.inputs import JoinInput, LinkInput
from notifications.links import join_url
from notifications.queries import join_links as listed
from notifications.services import joining as service
from notifications.web.blueprint import bp
from notifications.web.late import WORDS, came_late


@bp.get("/recipients/links")
@permission("recipient.edit")
def join_links() -> ResponseReturnValue:
    """The links by which people from outside ask for an agency's digests themselves."""
    return _drawn(Form.blank())


@bp.post("/recipients/links")
@permission("recipient.edit")
def make_join_link() -> ResponseReturnValue:
    """Make one for an agency."""
    form = Form.posted(LinkInput)
    if form.data is not None:
        try:
            service.make(acting(), form.data.agency)
        except Invalid as error:
            form.refuse(error)
        else:
            flash(_("已生成。请把下面第一行的链接发给对方。"), "ok")
            return redirect(url_for("notifications.join_links"), 303)
    return _drawn(form), 422


def _drawn(form: Form[LinkInput]) -> str:
    page = listed()
    return render_template(
        "notifications/join_links.html", form=form, page=page, url_of=join_url, now=clock.now()
    )


@bp.post("/recipients/links/<int:link_id>/withdraw")
@permission("recipient.edit")
def withdraw_join_link(link_id: int) -> ResponseReturnValue:
    """Let one lead nowhere from now on."""
    service.withdraw(acting(), link_id)
    flash(_("已收回。再打开这个链接的人会看到它已被收回；已经登记的人不受影响。"), "ok")
    return redirect(url_for("notifications.join_links"), 303)


@bp.get("/join/<word>")
@public
def joining(word: str) -> ResponseReturnValue:
    """The form for whoever was given the link."""
    agency = service.offered(word).agency
    return render_template("notifications/join.html", form=Form.blank(), word=word, agency=agency)


@bp.post("/join/<word>")
@public
def join(word: str) -> ResponseReturnValue:
    """Ask by mail whether the digests are wanted; the answer is the same for known addresses."""
    agency, form, status = service.offered(word).agency, Form.posted(JoinInput), 422
    if came_late():
        form.errors, status = {"": str(WORDS)}, 400
    elif form.data is not None:
        try:
            service.join(word, form.data, locale(), request.remote_addr or "")
        except Invalid as error:
            form.refuse(error)
        except TooMany:
            form.errors[""], status = _("登记的人太多，请过一小时再试。"), 429
        else:
            return render_template("notifications/joined.html", mail=form.data.mail, agency=agency)
    page = "notifications/join.html"
    return render_template(page, form=form, word=word, agency=agency), status


csrf.exempt(join)
