"""Asking for an agency's digests by its link, and the link to give away."""

from flask import render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from agencies.actors import acting
from agencies.permissions import permission, public
from config.errors import Invalid, TooMany
from config.forms import Form
from config.http import locale
from notifications.inputs import JoinInput
from notifications.services import joining as service
from notifications.web.blueprint import bp

NAME_LENGTH = 100


@bp.get("/recipients/link")
@permission("recipient.edit")
def join_link() -> ResponseReturnValue:
    """The link by which people from outside ask for an agency's digests themselves."""
    named = request.args.get("agency", "")[:NAME_LENGTH].strip()
    offer, error, status = None, "", 200
    if named:
        try:
            offer = service.offer(acting(), named)
        except Invalid as refused:
            error, status = str(refused.errors["agency"]), 422
    page = "notifications/join_link.html"
    return render_template(page, named=named, offer=offer, error=error), status


@bp.get("/join/<word>")
@public
def joining(word: str) -> ResponseReturnValue:
    """The form for whoever was given the link."""
    agency = service.offered(word)
    return render_template("notifications/join.html", form=Form.blank(), word=word, agency=agency)


@bp.post("/join/<word>")
@public
def join(word: str) -> ResponseReturnValue:
    """Ask by mail whether the digests are wanted; the answer is the same for known addresses."""
    agency, form, status = service.offered(word), Form.posted(JoinInput), 422
    if form.data is not None:
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
