"""Being invited: the link, the slip's code, the first password; and a forgotten one."""

from flask import current_app, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from agencies import invitations
from agencies.actors import acting
from agencies.inputs import CodeInput, ContactInput, ForgottenInput, InviteInput, NewPasswordInput
from agencies.permissions import permission, public
from agencies.services import contacts, passwords
from agencies.services import invitations as service
from agencies.services.people import person as person_of
from agencies.states import Way
from agencies.web import people
from agencies.web.blueprint import bp
from config.errors import Invalid, NotFound, TooMany
from config.forms import Form


@bp.get("/invitation")
@public
def invitation_code() -> ResponseReturnValue:
    """Where a printed slip's code is typed in."""
    return render_template("agencies/invitation_code.html", form=Form.blank())


@bp.post("/invitation")
@public
def redeem_code() -> ResponseReturnValue:
    """From the code to the page that sets the password."""
    form = Form.posted(CodeInput)
    status = 422
    if form.data is not None:
        address = request.remote_addr or ""
        try:
            found = service.redeem(form.data.username, form.data.code, address)
        except NotFound:
            form.errors[""] = _("用户名或邀请码不正确，或邀请已过期。过期后请管理员重新邀请。")
        except TooMany:
            form.errors[""], status = _("尝试次数太多，请 15 分钟后再试。"), 429
        else:
            word = invitations.token(found)
            return redirect(url_for("agencies.invitation", word=word), 303)
    return render_template("agencies/invitation_code.html", form=form), status


@bp.get("/invitation/<word>")
@public
def invitation(word: str) -> ResponseReturnValue:
    """The page of an invitation's link. Opening it uses nothing up: mail filters open links too."""
    return _drawn(word, Form.blank(), 200)


def _drawn(word: str, form: Form[NewPasswordInput], status: int) -> ResponseReturnValue:
    found = invitations.by_token(word)
    if found is None:
        return render_template("agencies/invitation_over.html"), 404
    someone = person_of(found.person_id)
    html = render_template("agencies/set_password.html", form=form, word=word, person=someone)
    return html, status


@bp.post("/invitation/<word>")
@public
def set_password(word: str) -> ResponseReturnValue:
    """Set the password; the link is used up by it."""
    form = Form.posted(NewPasswordInput)
    if form.data is not None:
        try:
            passwords.set_by_invitation(word, form.data)
        except Invalid as error:
            form.refuse(error)
        except NotFound:
            return render_template("agencies/invitation_over.html"), 404
        else:
            flash(_("密码已设置。"), "ok")
            return redirect(url_for("home.index"), 303)
    return _drawn(word, form, 422)


@bp.get("/forgotten")
@public
def forgotten() -> ResponseReturnValue:
    """Whose password is forgotten?"""
    return render_template("agencies/forgotten.html", form=Form.blank(), sent=False)


@bp.post("/forgotten")
@public
def ask_again() -> ResponseReturnValue:
    """Send a new invitation where that can be; the answer is the same for everybody."""
    form = Form.posted(ForgottenInput)
    status = 422
    if form.data is not None:
        try:
            passwords.forgotten(form.data.username, request.remote_addr or "")
        except TooMany:
            form.errors[""], status = _("请求次数太多，请一小时后再试。"), 429
        else:
            return render_template("agencies/forgotten.html", form=Form.blank(), sent=True)
    return render_template("agencies/forgotten.html", form=form, sent=False), status


@bp.post("/people/<int:person_id>/invite")
@permission("person.read")
def invite_person(person_id: int) -> ResponseReturnValue:
    """Invite a person, or (security) let them set a new password."""
    form = Form.posted(InviteInput)
    if form.data is None:
        raise Invalid(errors=form.errors)
    made = service.invite(acting(), person_id, form.data.way)
    if made.way == Way.SLIP:
        return redirect(url_for("agencies.slip", invitation_id=made.id), 303)
    flash(_("邀请已发出，七天内有效。"), "ok")
    return redirect(url_for("agencies.person", person_id=person_id), 303)


@bp.post("/people/<int:person_id>/contacts")
@permission("person.invite")
def save_contact_of(person_id: int) -> ResponseReturnValue:
    """Enter or mend the address to which a newcomer is invited."""
    form = Form.posted(ContactInput)
    if form.data is not None:
        try:
            contacts.save_for(acting(), person_id, form.data)
        except Invalid as error:
            form.refuse(error)
        else:
            flash(_("已保存，可以发出邀请。"), "ok")
            return redirect(url_for("agencies.person", person_id=person_id), 303)
    return people.drawn(person_of(person_id), 422, contact=form)


@bp.get("/invitations/<int:invitation_id>/slip")
@permission("person.read")
def slip(invitation_id: int) -> ResponseReturnValue:
    """A slip to print and hand over, for whoever issued it."""
    found = service.slip(acting(), invitation_id)
    return render_template(
        "agencies/slip.html",
        invitation=found,
        person=person_of(found.person_id),
        link=invitations.link(found),
        code=invitations.short_code(found),
        site=current_app.extensions["settings"].base_url.rstrip("/"),
    )
