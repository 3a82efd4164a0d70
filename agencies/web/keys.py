"""One's own keys for the API: shown once when made."""

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from agencies import directory, labels, once
from agencies.actors import acting
from agencies.inputs import TokenInput
from agencies.permissions import permission
from agencies.services import tokens
from agencies.web.blueprint import bp
from config.errors import Invalid
from config.forms import Form


@bp.get("/account/keys")
@permission("account.own")
def keys() -> ResponseReturnValue:
    """One's keys for the API."""
    return _keys(Form.blank(days="365"), 200)


def _keys(form: Form[TokenInput], status: int) -> ResponseReturnValue:
    secret = once.taken(url_for("agencies.keys"))
    actor = acting()
    html = render_template(
        "agencies/keys.html",
        form=form,
        secret=secret,
        tokens=tokens.live(actor.person_id),
        choices=[
            (tenure.seat_id, f"{tenure.seat.agency.name} · {labels.seat(tenure.seat)}")
            for tenure in directory.tenures_of([actor.person_id])[actor.person_id]
        ],
    )
    return html, status


@bp.post("/account/keys")
@permission("account.own")
def issue_key() -> ResponseReturnValue:
    """Make a key, which is shown once, on the page that follows."""
    form = Form.posted(TokenInput)
    if form.data is None:
        return _keys(form, 422)
    try:
        secret = tokens.issue(acting(), form.data)
    except Invalid as error:
        form.refuse(error)
        return _keys(form, 422)
    once.keep(url_for("agencies.keys"), secret)
    return redirect(url_for("agencies.keys"), 303)


@bp.post("/keys/<int:token_id>/revoke")
@permission("token.own")
def revoke_key(token_id: int) -> ResponseReturnValue:
    """End a key, one's own or (security) anybody's."""
    whose = tokens.revoke(acting(), token_id)
    flash(_("密钥已停用。"), "ok")
    if whose == acting().person_id:
        return redirect(url_for("agencies.keys"), 303)
    return redirect(url_for("agencies.person", person_id=whose), 303)
