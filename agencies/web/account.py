"""One's own account: seats, addresses, absences, language, password."""

from typing import Any

from flask import current_app, flash, redirect, render_template, session, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from agencies import directory
from agencies.actors import acting
from agencies.inputs import ChangePasswordInput, LanguageInput
from agencies.permissions import permission
from agencies.queries import absences_of
from agencies.services import passwords, people
from agencies.states import Channel
from agencies.web.blueprint import bp
from config import clock
from config.errors import Invalid, TooMany
from config.forms import Form


def drawn(status: int = 200, **forms: Form[Any]) -> ResponseReturnValue:
    """The account's page, with a form that was refused where there is one."""
    actor = acting()
    tenures = directory.tenures_of([actor.person_id])[actor.person_id]
    by_channel = {one.channel: one for one in directory.contacts_of(actor.person_id)}
    html = render_template(
        "agencies/account.html",
        contacts=[(channel, by_channel.get(channel)) for channel in Channel],
        tenures=tenures,
        deputies=directory.deputies_of(tenures),
        absences=absences_of(actor.person_id),
        today=clock.today(current_app.extensions["settings"].zone),
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
