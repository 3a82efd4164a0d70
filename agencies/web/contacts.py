"""One's own addresses: setting them, and proving them by a code."""

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from agencies.actors import acting
from agencies.inputs import ContactInput, VerifyInput
from agencies.permissions import permission
from agencies.services import contacts
from agencies.web.account import drawn
from agencies.web.blueprint import bp
from config.errors import Invalid, TooMany
from config.forms import Form


@bp.post("/account/contacts")
@permission("account.own")
def save_contact() -> ResponseReturnValue:
    """Set an address; a code proves it."""
    form = Form.posted(ContactInput)
    if form.data is None:
        return drawn(422, contact=form)
    try:
        saved = contacts.save(acting(), form.data)
        if saved.verified_at is not None:
            flash(_("这个联系方式已经验证过了。"), "ok")
            return redirect(url_for("agencies.account"), 303)
        contacts.send_code(acting(), saved.id)
        flash(_("验证码已发出，10 分钟内有效。"), "ok")
    except Invalid as error:
        form.refuse(error)
        return drawn(422, contact=form)
    except TooMany as error:
        flash(str(error), "warn")
    return redirect(url_for("agencies.contact", contact_id=saved.id), 303)


@bp.get("/account/contacts/<int:contact_id>")
@permission("account.own")
def contact(contact_id: int) -> ResponseReturnValue:
    """Where the code is typed in."""
    shown = contacts.own(acting(), contact_id)
    return render_template("agencies/contact.html", contact=shown, form=Form.blank())


@bp.post("/account/contacts/<int:contact_id>/code")
@permission("account.own")
def send_code(contact_id: int) -> ResponseReturnValue:
    """Send a new code."""
    try:
        contacts.send_code(acting(), contact_id)
        flash(_("验证码已发出，10 分钟内有效。"), "ok")
    except TooMany as error:
        flash(str(error), "warn")
    return redirect(url_for("agencies.contact", contact_id=contact_id), 303)


@bp.post("/account/contacts/<int:contact_id>/verify")
@permission("account.own")
def verify_contact(contact_id: int) -> ResponseReturnValue:
    """Prove the address by its code."""
    form = Form.posted(VerifyInput)
    if form.data is not None:
        try:
            contacts.verify(acting(), contact_id, form.data.code)
        except Invalid as error:
            form.refuse(error)
        else:
            flash(_("验证成功，今后的提醒会发到这里。"), "ok")
            return redirect(url_for("agencies.account"), 303)
    shown = contacts.own(acting(), contact_id)
    return render_template("agencies/contact.html", contact=shown, form=form), 422


@bp.post("/account/contacts/<int:contact_id>/remove")
@permission("account.own")
def remove_contact(contact_id: int) -> ResponseReturnValue:
    """Take an address away."""
    contacts.remove(acting(), contact_id)
    flash(_("已删除。"), "ok")
    return redirect(url_for("agencies.account"), 303)
