"""One's own account: seats, addresses, absences, language, password."""

from typing import Any

from flask import flash, redirect, render_template, session, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from agencies import directory
from agencies.actors import acting
from agencies.inputs import AbsenceInput, ChangePasswordInput, LanguageInput
from agencies.permissions import permission
from agencies.queries import absences_of
from agencies.services import absences, passwords, people
from agencies.states import Channel
from agencies.web.blueprint import bp
from config.errors import Invalid, TooMany
from config.forms import Form


def drawn(status: int = 200, **forms: Form[Any]) -> ResponseReturnValue:
    """The account's page, with a form that was refused where there is one."""
    actor = acting()
    by_channel = {one.channel: one for one in directory.contacts_of(actor.person_id)}
    html = render_template(
        "agencies/account.html",
        contacts=[(channel, by_channel.get(channel)) for channel in Channel],
        tenures=directory.tenures_of([actor.person_id])[actor.person_id],
        absences=absences_of(actor.person_id),
        language=Form.blank(language=actor.person.language),
        **{"contact": Form.blank(), "absence": Form.blank(), **forms},
    )
    return html, status


def _home() -> ResponseReturnValue:
    return redirect(url_for("agencies.account"), 303)


@bp.get("/account")
@permission("account.own")
def account() -> ResponseReturnValue:
    """One's seats, addresses and absences."""
    return drawn()


@bp.post("/account/absences")
@permission("account.own")
def enter_absence() -> ResponseReturnValue:
    """Note that one is away."""
    form = Form.posted(AbsenceInput)
    if form.data is not None:
        days = form.data
        try:
            absences.enter(acting(), acting().person_id, days.from_day, days.until_day)
        except Invalid as error:
            form.refuse(error)
        else:
            flash(_("已登记，期间由副岗代办。"), "ok")
            return _home()
    return drawn(422, absence=form)


@bp.post("/absences/<int:absence_id>/withdraw")
@permission("absence.set")
def withdraw_absence(absence_id: int) -> ResponseReturnValue:
    """Take an absence back, one's own or (system) anybody's."""
    whose = absences.withdraw(acting(), absence_id)
    flash(_("已取消。"), "ok")
    if whose == acting().person_id:
        return _home()
    return redirect(url_for("agencies.person", person_id=whose), 303)


@bp.get("/account/password")
@permission("account.own")
def password() -> ResponseReturnValue:
    """The form for another password."""
    return render_template("agencies/password.html", form=Form.blank())


@bp.post("/account/password")
@permission("account.own")
def change_password() -> ResponseReturnValue:
    """Change the password; other browsers are signed out."""
    form = Form.posted(ChangePasswordInput)
    status = 422
    if form.data is not None:
        try:
            passwords.change(acting(), form.data)
        except Invalid as error:
            form.refuse(error)
        except TooMany as error:
            form.errors[""], status = f"{error}{error.hint}", 429
        else:
            flash(_("密码已修改，其他设备已退出登录。"), "ok")
            return _home()
    return render_template("agencies/password.html", form=form), status


@bp.post("/account/language")
@permission("account.own")
def choose_language() -> ResponseReturnValue:
    """Keep the language of one's pages, mails and messages."""
    form = Form.posted(LanguageInput)
    if form.data is None:
        raise Invalid(errors=form.errors)
    people.speak(acting(), form.data.language)
    session.pop("language", None)
    return _home()
